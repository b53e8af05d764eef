/// How the tokens of one issuer are read.
final class IssuerProfile: Sendable {
    /// The issuer's name in the policy.
    let name: String
    /// What precedes its subjects everywhere; may be empty.
    let subjectPrefix: String
    /// Every claim of the ``IdentityModel``, in its order, as this issuer writes it; the subject is the first.
    let claims: [ClaimReading]
    let roles: RoleReading

    init(name: String, subjectPrefix: String, claims: [ClaimReading], roles: RoleReading) {
        self.name = name
        self.subjectPrefix = subjectPrefix
        self.claims = claims
        self.roles = roles
    }
}
