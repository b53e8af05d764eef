import Cryptography
import StrictJSON

/// Mints access tokens of our own issuer in the profile of RFC 9068 (`at+jwt`).
package struct TokenMint: Sendable {
    /// The `iss` claim of every token.
    package let issuer: String
    package let signingKey: SigningKey

    package init(issuer: String, signingKey: SigningKey) {
        self.issuer = issuer
        self.signingKey = signingKey
    }

    /// Signs a token.
    /// - Parameters:
    ///   - request: what the token says.
    ///   - now: Unix seconds, the `iat` claim.
    ///   - randomness: makes the `jti` claim unique; at least 16 bytes from `SecureRandom`.
    /// - Returns: the compact token (RFC 7515 § 7.1).
    /// - Throws: `MintError` for a request that our own verification would refuse.
    package func mint(
        _ request: TokenRequest, now: Int64, randomness: [UInt8]
    ) throws(MintError) -> String {
        let claims = try request.claims(issuer: issuer, now: now, randomness: randomness)
        let payload = JSONWriter.write(.object(claims))
        guard payload.count <= JSONLimits.payload.bytes else { throw .tooLarge }
        let parts = [Base64URL.encode(header.span), Base64URL.encode(payload.span)]
        let message = Array(parts.joined(separator: ".".utf8))
        let signature: [UInt8]
        do throws(KeyError) {
            signature = try signingKey.sign(message.span)
        } catch {
            throw .signing(error)
        }
        let token = message + Array(".".utf8) + Base64URL.encode(signature.span)
        guard token.count <= Self.maximumByteCount else { throw .tooLarge }
        return String(decoding: token, as: UTF8.self)
    }

    /// What `TokenVerifier` accepts at most.
    private static let maximumByteCount = 8 * 1024

    /// Exactly these three members: whatever else a header can hold is a way to be misled.
    private var header: [UInt8] {
        JSONWriter.write(
            .object([
                .text("typ", "at+jwt"), .text("alg", signingKey.algorithm.rawValue),
                .text("kid", signingKey.keyID),
            ]))
    }
}
