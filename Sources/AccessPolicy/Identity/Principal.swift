/// Who asks, as this policy sees it: made once for each verified token, then only read.
package final class Principal: Sendable {
    /// The issuer's name in the policy.
    package let issuerName: String
    /// The subject in UTF-8, with the issuer's prefix: unique over all issuers.
    package let subject: [UInt8]
    /// The roles that the token grants and all that they include, sorted.
    package let roleNames: [String]
    package let identityHeaders: IdentityHeaders

    /// Whether ``identityHeaders`` is unsafe.
    let hasUnsafeHeaders: Bool
    let roles: RoleSet
    /// In the order of the policy's declarations.
    let claims: [ClaimValue]
    // INVARIANT (numbers stay at home): `roles` and `claims` are numbered by one policy, and are read
    // only by the conditions of that policy.
    let generation: PolicyGeneration

    init(
        issuerName: String, subject: [UInt8], roles: RoleSet, roleNames: [String],
        claims: [ClaimValue], identityHeaders: IdentityHeaders, generation: PolicyGeneration
    ) {
        self.issuerName = issuerName
        self.subject = subject
        self.roles = roles
        self.roleNames = roleNames
        self.claims = claims
        self.identityHeaders = identityHeaders
        hasUnsafeHeaders = identityHeaders == .unsafe
        self.generation = generation
    }
}
