/// Who asks, as this policy sees it: made once for each verified token, then only read.
package final class Principal: Sendable {
    /// The issuer's name in the policy.
    package let issuerName: String
    package let identityHeaders: IdentityHeaders

    /// Whether ``identityHeaders`` is unsafe.
    let hasUnsafeHeaders: Bool
    let roles: RoleSet
    let claims: HeldClaims
    // INVARIANT (numbers stay at home): `roles` and `claims` are numbered by this model, and are read
    // only by the conditions of the policy that it belongs to.
    private let model: IdentityModel

    init(
        issuerName: String, roles: RoleSet, claims: consuming HeldClaims,
        identityHeaders: consuming IdentityHeaders,
        model: IdentityModel
    ) {
        self.issuerName = issuerName
        self.roles = roles
        self.claims = claims
        self.identityHeaders = identityHeaders
        hasUnsafeHeaders = if case .unsafe = identityHeaders { true } else { false }
        self.model = model
    }

    /// The subject in UTF-8, with the issuer's prefix: unique over all issuers.
    package var subject: [UInt8] {
        guard case .text(let subject) = claims.values[IdentityModel.subject] else { return [] }
        return Array(claims.bytes[subject])
    }

    /// The roles that the token grants and all that they include, sorted.
    package var roleNames: [String] { model.roles.names(in: roles) }

    /// The policy by which this was made.
    var generation: PolicyGeneration { model.generation }
}
