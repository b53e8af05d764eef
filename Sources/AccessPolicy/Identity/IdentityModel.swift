import StrictJSON

/// Turns the claims of a verified token into a ``Principal``.
///
/// A class, so that principals hold it by one reference.
final class IdentityModel: Sendable {
    /// The claim `subject` is always the first.
    static let subject = 0

    let claims: [ClaimDeclaration]
    let roles: RoleHierarchy
    let headers: [IdentityHeader]
    let generation: PolicyGeneration
    private let profiles: [IssuerProfile]

    init(
        claims: [ClaimDeclaration], roles: RoleHierarchy, headers: [IdentityHeader],
        profiles: [IssuerProfile], generation: PolicyGeneration
    ) {
        self.claims = claims
        self.roles = roles
        self.headers = headers
        self.profiles = profiles
        self.generation = generation
    }

    /// Done for each new token: nothing is allocated but what the principal keeps.
    func principal(
        issuerName: String, claims json: JSONValue
    ) throws(PrincipalRejection) -> Principal {
        guard let profile = profile(of: issuerName) else {
            throw PrincipalRejection(claim: "iss", fault: .unknownIssuer)
        }
        var values: [ClaimValue] = []
        values.reserveCapacity(profile.claims.count)
        for (number, claim) in profile.claims.enumerated() {
            let value = try claim.value(in: json)
            values.append(number == Self.subject ? try subject(value, of: profile) : value)
        }
        let granted = try profile.roles.granted(in: json)
        return Principal(
            issuerName: profile.name, roles: granted, claims: values,
            identityHeaders: identityHeaders(values, granted), model: self)
    }

    private func profile(of issuerName: String) -> IssuerProfile? {
        for profile in profiles where profile.name.hasSameBytes(as: issuerName) { return profile }
        return nil
    }

    /// Identity is (issuer, subject). Prefixes keep the subjects of different issuers apart; an issuer
    /// without one (the embedded issuer, beside others) must not name what is another's.
    private func subject(
        _ value: ClaimValue, of profile: IssuerProfile
    ) throws(PrincipalRejection) -> ClaimValue {
        let name = claims[Self.subject].name
        guard case .text(let subject) = value, !subject.string.utf8.isEmpty else {
            throw PrincipalRejection(claim: name, fault: .empty)
        }
        guard profile.subjectPrefix.utf8.isEmpty else {
            return .text(ExactText(profile.subjectPrefix + subject.string))
        }
        for other in profiles where !other.subjectPrefix.isEmpty {
            guard !subject.string.utf8.starts(with: other.subjectPrefix.utf8) else {
                throw PrincipalRejection(claim: name, fault: .foreignPrefix)
            }
        }
        return value
    }

    private func identityHeaders(_ values: [ClaimValue], _ granted: RoleSet) -> IdentityHeaders {
        var block: [UInt8] = []
        let headers = headers
        block.reserveCapacity(headers.count * IdentityHeader.usualLength)
        let span = headers.span
        for index in span.indices {
            let isSafe =
                switch span[index].source {
                case .claim(let number): span[index].write(values[number], to: &block)
                case .roles: span[index].write(granted, of: roles, to: &block)
                }
            guard isSafe else { return .unsafe }
        }
        return .bytes(block)
    }
}
