import Cryptography
import StrictJSON
package import TokenVerification

/// A refresh token: opaque to its bearer, proven by a MAC to be ours, and good for computing its one
/// successor.
///
/// ```
/// token = "ort_" base64url( version:1 | key ID:1 | session:16 | generation:4 | secret:32 | mac:16 )
/// mac   = HMAC-SHA256(K_mac, version | key ID | session | generation | secret)[0..<16]
/// ```
package struct RefreshToken: Sendable, Redacted {
    package let session: SessionID
    /// How many tokens of this session came before.
    package let generation: UInt32
    private let secret: [UInt8]

    /// The first token of a new session.
    static func first(of session: SessionID) -> RefreshToken {
        RefreshToken(session: session, generation: 0, secret: SecureRandom.bytes(secretCount))
    }

    private init(session: SessionID, generation: UInt32, secret: [UInt8]) {
        self.session = session
        self.generation = generation
        self.secret = secret
    }

    /// Reads a token, without asking any store.
    /// - Returns: nil unless these keys made exactly this text.
    package init?(_ text: String, keys: RefreshKeys) {
        let bytes = Array(text.utf8)
        guard bytes.count == Self.textCount, bytes.starts(with: Self.prefix),
            let token = Base64URL.decode(Array(bytes[Self.prefix.count...]).span)
        else { return nil }
        let signed = Array(token[..<Self.signedCount])
        let expected = Self.mac(signed, keys)
        let mac = Array(token[Self.signedCount...])
        guard signed[0] == Self.version, signed[1] == keys.keyID,
            constantTimeEquals(mac.span, expected.span),
            let session = SessionID(bytes: signed[2..<18])
        else { return nil }
        let generation = signed[18..<22].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        self.init(session: session, generation: generation, secret: Array(signed[22...]))
    }

    /// What the bearer is given.
    func text(_ keys: RefreshKeys) -> String {
        let signed =
            [Self.version, keys.keyID] + session.bytes + Self.bytes(generation) + secret
        let token = signed + Self.mac(signed, keys)
        return String(decoding: Self.prefix + Base64URL.encode(token.span), as: UTF8.self)
    }

    /// What the store keeps. The secret has 256 random bits, so nobody finds it from its hash.
    var hash: [UInt8] { SHA256.hash(secret.span) }

    /// The token of the next generation: always the same for the same salt, whoever computes it and
    /// however often. The salt is the 16 random bytes that the session's rotation has recorded.
    func successor(salt: [UInt8], _ keys: RefreshKeys) -> RefreshToken {
        precondition(generation < .max, "the last generation has no successor")
        let next = generation + 1
        let salt = salt + keys.derivation
        let info = Array("rt".utf8) + session.bytes + Self.bytes(next)
        let derived = HKDFSHA256.derive(
            key: secret.span, salt: salt.span, info: info.span, count: Self.secretCount)
        return RefreshToken(session: session, generation: next, secret: derived)
    }

    private static func mac(_ signed: [UInt8], _ keys: RefreshKeys) -> [UInt8] {
        Array(HMACSHA256.authenticate(signed.span, key: keys.authentication.span)[..<macCount])
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }

    private static let prefix = Array("ort_".utf8)
    private static let version: UInt8 = 1
    private static let secretCount = 32
    private static let macCount = 16
    private static let signedCount = 2 + 16 + 4 + secretCount
    private static let textCount = prefix.count + ((signedCount + macCount) * 4 + 2) / 3
}
