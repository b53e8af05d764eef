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
    /// Nil: no assertion is asked for.
    let assertion: AssertionRule?
    private let lines: IdentityHeaderLines?
    let generation: PolicyGeneration
    private let profiles: [IssuerProfile]
    private let chain: IssuerProfiles?
    private let claimCount: Int
    private let headerRoom: Int

    init(
        claims: [ClaimDeclaration], roles: RoleHierarchy, headers: [IdentityHeader],
        assertion: AssertionRule? = nil, profiles: [IssuerProfile], generation: PolicyGeneration
    ) {
        self.assertion = assertion
        self.claims = claims
        self.roles = roles
        self.headers = headers
        lines = IdentityHeaderLines(headers)
        self.profiles = profiles
        chain = IssuerProfiles(profiles)
        claimCount = claims.count
        headerRoom = headers.count * IdentityHeader.usualLength
        self.generation = generation
    }

    /// Done for each new token: nothing is allocated but what the principal keeps.
    func principal(
        issuerName: String, claims: JSONObject
    ) throws(PrincipalRejection) -> Principal {
        guard let chain else { throw PrincipalRejection(claim: "iss", fault: .unknownIssuer) }
        return try chain.principal(issuerName: issuerName, claims, of: self)
    }

    /// By its number the principal knows the profile.
    func principal(
        _ profile: IssuerProfile, number: Int, _ claims: JSONObject
    ) throws(PrincipalRejection) -> Principal {
        var held = HeldClaims(
            count: claimCount, extra: headerRoom)
        try holdSubject(of: profile, claims, in: &held)
        try profile.others?.read(claims, into: &held)
        let granted = try profile.roles.granted(in: claims)
        return principal(number, granted: granted, holding: consume held)
    }

    /// Whoever holds these values, one for each declared claim in their order, with the lines that tell
    /// it to the upstream.
    @inline(__always)
    func principal(
        _ profile: Int, granted: RoleSet, holding claims: consuming HeldClaims
    ) -> Principal {
        let start = claims.byteCount
        let isSafe = lines?.write(to: &claims, granted, of: roles) ?? true
        let end = claims.byteCount
        return Principal(
            profile: profile, roles: granted, claims: claims,
            headers: isSafe ? start..<end : nil, model: self)
    }

    /// The name of an issuer, by its profile's number. A policy without issuers has no names.
    func issuerName(_ profile: Int) -> String {
        profiles.indices.contains(profile) ? profiles[profile].name : ""
    }

    /// Identity is (issuer, subject). Prefixes keep the subjects of different issuers apart; an issuer
    /// without one (the embedded issuer, beside others) must not name what is another's.
    private func holdSubject(
        of profile: IssuerProfile, _ claims: JSONObject, in held: inout HeldClaims
    ) throws(PrincipalRejection) {
        let prefix = held.place(profile.subjectPrefix.utf8.span)
        try profile.subject.read(claims, into: &held)
        guard case .text(let subject) = held[Self.subject], !subject.isEmpty else {
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
}
