/// Who asks, as this policy sees it: made once for each verified token, then only read.
package final class Principal: Sendable {
    let roles: RoleSet
    let claims: HeldClaims
    /// Where the header lines are in the bytes of `claims`; nil: they are unsafe.
    private let headers: Range<Int>?
    // INVARIANT (numbers stay at home): `roles` and `claims` are numbered by this model, and are read
    // only by the conditions of the policy that it belongs to.
    private let model: IdentityModel
    private let profile: Int

    init(
        profile: Int, roles: RoleSet, claims: consuming HeldClaims, headers: Range<Int>?,
        model: IdentityModel
    ) {
        self.profile = profile
        self.roles = roles
        self.claims = claims
        self.headers = headers
        self.model = model
    }

    /// The same with more roles.
    func granted(_ more: RoleSet) -> Principal {
        var roles = roles
        roles.formUnion(more)
        return Principal(
            profile: profile, roles: roles, claims: claims, headers: headers, model: model)
    }

    /// The issuer's name in the policy.
    package var issuerName: String { model.issuerName(profile) }

    package var identityHeaders: IdentityHeaders {
        headers.map { .bytes(claims.bytes[$0]) } ?? .unsafe
    }

    /// The rule of the policy by which this was made.
    var assertionRule: AssertionRule? { model.assertion }

    /// Whether ``identityHeaders`` is unsafe.
    var hasUnsafeHeaders: Bool { headers == nil }

    /// The subject in UTF-8, with the issuer's prefix: unique over all issuers.
    package var subject: [UInt8] {
        guard case .text(let subject) = claims[IdentityModel.subject] else { return [] }
        return Array(claims.bytes[subject])
    }

    /// The roles that the token grants and all that they include, sorted.
    package var roleNames: [String] { model.roles.names(in: roles) }

    /// The policy by which this was made.
    var generation: PolicyGeneration { model.generation }
}
