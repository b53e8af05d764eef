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
