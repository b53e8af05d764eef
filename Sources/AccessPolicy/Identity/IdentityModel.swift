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
        issuerName: String, claims: JSONObject
    ) throws(PrincipalRejection) -> Principal {
        guard let profile = profile(of: issuerName) else {
            throw PrincipalRejection(claim: "iss", fault: .unknownIssuer)
        }
        let held = try heldClaims(of: profile, claims)
        let granted = try profile.roles.granted(in: claims)
        let headers = identityHeaders(held, granted)
        return Principal(
            issuerName: profile.name, roles: granted, claims: held, identityHeaders: headers,
            model: self)
    }

    private func heldClaims(
        of profile: IssuerProfile, _ claims: JSONObject
    ) throws(PrincipalRejection) -> HeldClaims {
        var held = HeldClaims(count: profile.claims.count)
        try holdSubject(of: profile, claims, in: &held)
        for number in profile.claims.indices.dropFirst() {
            try profile.claims[number].read(claims, into: &held)
        }
        return held
    }

    private func profile(of issuerName: String) -> IssuerProfile? {
        for profile in profiles where profile.name.hasSameBytes(as: issuerName) { return profile }
        return nil
    }

    /// Identity is (issuer, subject). Prefixes keep the subjects of different issuers apart; an issuer
    /// without one (the embedded issuer, beside others) must not name what is another's.
    private func holdSubject(
        of profile: IssuerProfile, _ claims: JSONObject, in held: inout HeldClaims
    ) throws(PrincipalRejection) {
        let prefix = held.place(profile.subjectPrefix.utf8.span)
        try profile.claims[Self.subject].read(claims, into: &held)
        guard case .text(let subject) = held.values[Self.subject], !subject.isEmpty else {
            throw rejection(.empty)
        }
        guard prefix.isEmpty else { return held.lengthen(Self.subject, by: prefix) }
        for other in profiles where !other.subjectPrefix.utf8.isEmpty {
            guard !held.bytes[subject].starts(with: other.subjectPrefix.utf8) else {
                throw rejection(.foreignPrefix)
            }
        }
    }

    private func rejection(_ fault: PrincipalRejection.Fault) -> PrincipalRejection {
        PrincipalRejection(claim: claims[Self.subject].name, fault: fault)
    }

    private func identityHeaders(_ claims: HeldClaims, _ granted: RoleSet) -> IdentityHeaders {
        var block: [UInt8] = []
        block.reserveCapacity(headers.count * IdentityHeader.usualLength)
        for header in headers {
            guard header.write(claims, granted, of: roles, to: &block) else { return .unsafe }
        }
        return .bytes(block)
    }
}
