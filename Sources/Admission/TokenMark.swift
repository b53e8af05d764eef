import Cryptography
import TokenVerification

/// By what a log can tell refused tokens apart without having one in it.
package struct TokenMark: Sendable, Equatable {
    /// The first 16 hexadecimal digits of the token's SHA-256: whoever has the token can compute it,
    /// and nobody can compute the token from it.
    package let hash: String
    /// The `jti` of a token whose signature was good; nil for all others, which may say anything.
    package let tokenID: String?

    /// - Returns: nil for what is too long to be a token, and would only cost time.
    package init?(_ token: Span<UInt8>, tokenID: String?) {
        guard token.count <= Self.longest else { return nil }
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in SHA256.hash(token).prefix(8) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        hash = String(decoding: text, as: UTF8.self)
        self.tokenID = tokenID
    }

    /// The longest token that is looked at.
    private static let longest = 8 * 1024
}
