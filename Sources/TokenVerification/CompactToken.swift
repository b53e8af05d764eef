import StrictJSON

/// Where the three parts of a compact JWS (RFC 7515 § 7.1) lie in a token's bytes.
struct CompactToken {
    /// Longer tokens are refused before anything else is looked at.
    static let maximumByteCount = 8 * 1024

    let header: Range<Int>
    let payload: Range<Int>
    let signature: Range<Int>

    /// What the signature covers: header, dot and payload as they were sent.
    var signedRange: Range<Int> { 0..<payload.upperBound }

    /// - Throws: `token_too_large`; `token_malformed` unless there are exactly two dots.
    init(_ token: Span<UInt8>) throws(TokenRejection) {
        guard token.count <= Self.maximumByteCount else {
            throw TokenRejection(.tooLarge, "the token is longer than 8192 bytes")
        }
        let dot = UInt8(ascii: ".")
        guard let firstDot = token.firstIndex(of: dot, from: 0),
            let secondDot = token.firstIndex(of: dot, from: firstDot + 1)
        else {
            throw TokenRejection(.malformed, "the token has fewer than three parts")
        }
        guard token.firstIndex(of: dot, from: secondDot + 1) == nil else {
            throw TokenRejection(.malformed, "the token has more than three parts")
        }
        header = 0..<firstDot
        payload = firstDot + 1..<secondDot
        signature = secondDot + 1..<token.count
    }
}
