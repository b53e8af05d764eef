package import StrictJSON

/// What a token is to say.
package struct TokenRequest: Sendable {
    /// The `sub` claim: 1 to 255 bytes without control characters.
    package var subject: String
    /// The `aud` claim: at least one; a single one is written as a text, several as an array.
    package var audience: [String]
    /// The `client_id` claim (RFC 9068 § 2.2).
    package var clientID: String
    package var roles: [String]
    /// Seconds from `iat` to `exp`.
    package var lifetime: Int64
    /// Further claims; they cannot replace those above.
    package var extraClaims: [JSONMember]

    package init(
        subject: String, audience: [String], clientID: String, roles: [String] = [],
        lifetime: Int64 = 15 * 60, extraClaims: [JSONMember] = []
    ) {
        self.subject = subject
        self.audience = audience
        self.clientID = clientID
        self.roles = roles
        self.lifetime = lifetime
        self.extraClaims = extraClaims
    }
}

extension TokenRequest {
    /// The claims set, in this order.
    func claims(
        issuer: String, now: Int64, randomness: [UInt8]
    ) throws(MintError) -> [JSONMember] {
        precondition(randomness.count >= 16, "a token identifier needs 128 random bits")
        guard (1...255).contains(subject.utf8.count),
            subject.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { throw .badSubject }
        guard !audience.isEmpty, !audience.contains("") else { throw .noAudience }
        guard now >= 0, lifetime > 0, lifetime <= Self.latestTime - now else {
            throw .badLifetime
        }
        let audienceClaim: JSONMember =
            audience.count == 1 ? .text("aud", audience[0]) : .texts("aud", audience)
        var claims: [JSONMember] = [
            .text("iss", issuer), .text("sub", subject),
            audienceClaim, .text("client_id", clientID),
            .number("iat", now), .number("exp", now + lifetime),
            .text("jti", Base64URL.encodeToString(randomness.span)),
            .texts("roles", roles),
        ]
        for extra in extraClaims {
            guard !claims.contains(where: { $0.name.hasSameBytes(as: extra.name) }) else {
                throw .reservedClaim(extra.name)
            }
            claims.append(extra)
        }
        return claims
    }

    /// The last second of the year 9999, the latest time that a claim may hold.
    private static let latestTime: Int64 = 253_402_300_799
}
