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
        let claims = try claims(of: request, now: now, randomness: randomness)
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
    /// The last second of the year 9999, the latest time that a claim may hold.
    private static let latestTime: Int64 = 253_402_300_799

    /// Exactly these three members: whatever else a header can hold is a way to be misled.
    private var header: [UInt8] {
        JSONWriter.write(
            .object([
                text("typ", "at+jwt"), text("alg", signingKey.algorithm.rawValue),
                text("kid", signingKey.keyID),
            ]))
    }

    private func claims(
        of request: TokenRequest, now: Int64, randomness: [UInt8]
    ) throws(MintError) -> [JSONMember] {
        precondition(randomness.count >= 16, "a token identifier needs 128 random bits")
        guard (1...255).contains(request.subject.utf8.count),
            request.subject.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { throw .badSubject }
        guard !request.audience.isEmpty, !request.audience.contains("") else { throw .noAudience }
        guard now >= 0, request.lifetime > 0, request.lifetime <= Self.latestTime - now else {
            throw .badLifetime
        }
        let audience: JSONValue =
            request.audience.count == 1
            ? .string(request.audience[0]) : .array(request.audience.map { .string($0) })
        var claims = [
            text("iss", issuer), text("sub", request.subject),
            JSONMember(name: "aud", value: audience), text("client_id", request.clientID),
            number("iat", now), number("exp", now + request.lifetime),
            text("jti", Base64URL.encodeToString(randomness.span)),
            JSONMember(name: "roles", value: .array(request.roles.map { .string($0) })),
        ]
        for extra in request.extraClaims {
            guard !claims.contains(where: { $0.name.hasSameBytes(as: extra.name) }) else {
                throw .reservedClaim(extra.name)
            }
            claims.append(extra)
        }
        return claims
    }

    private func text(_ name: String, _ text: String) -> JSONMember {
        JSONMember(name: name, value: .string(text))
    }

    private func number(_ name: String, _ number: Int64) -> JSONMember {
        JSONMember(name: name, value: .number(JSONNumber(number)))
    }
}
