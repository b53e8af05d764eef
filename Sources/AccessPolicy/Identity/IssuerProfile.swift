import StrictJSON

/// How the tokens of one issuer are read.
final class IssuerProfile: Sendable {
    /// The issuer's name in the policy.
    let name: String
    /// What precedes its subjects everywhere; may be empty.
    let subjectPrefix: String
    let subject: ClaimReading
    /// Every other claim of the ``IdentityModel``, in its order, as this issuer writes it.
    let others: ClaimReadings?
    let roles: RoleReading

    /// `claims` are every claim of the ``IdentityModel``, in its order; the subject is the first.
    init(name: String, subjectPrefix: String, claims: [ClaimReading], roles: RoleReading) {
        self.name = name
        self.subjectPrefix = subjectPrefix
        subject = claims[IdentityModel.subject]
        others = ClaimReadings(Array(claims.dropFirst()))
        self.roles = roles
    }
}

/// Profiles, one after the other.
///
/// A chain, because going through an array counts a reference for each element.
final class IssuerProfiles: Sendable {
    private let first: IssuerProfile
    private let others: IssuerProfiles?

    /// Nil for none.
    init?(_ profiles: [IssuerProfile]) {
        guard let first = profiles.first else { return nil }
        self.first = first
        others = IssuerProfiles(Array(profiles.dropFirst()))
    }

    /// Who the claims are about, read as the profile of that issuer says.
    func principal(
        issuerName: String, _ claims: JSONObject, of model: IdentityModel, number: Int = 0
    ) throws(PrincipalRejection) -> Principal {
        if first.name.hasSameBytes(as: issuerName) {
            return try model.principal(first, number: number, claims)
        }
        guard let others else { throw PrincipalRejection(claim: "iss", fault: .unknownIssuer) }
        return try others.principal(
            issuerName: issuerName, claims, of: model, number: number + 1)
    }
}
