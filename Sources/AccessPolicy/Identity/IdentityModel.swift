import StrictJSON

/// Turns the claims of a verified token into a ``Principal``.
struct IdentityModel: Sendable {
    /// The claim `subject` is always the first.
    static let subject = 0

    let claims: [ClaimDeclaration]
    let roleSources: [ClaimPath]
    let roles: RoleHierarchy
    let headers: [IdentityHeader]
    /// By the issuer's name in the policy; empty where there is none.
    let subjectPrefixes: [String: String]

    func principal(
        issuerName: String, claims json: JSONValue, generation: PolicyGeneration
    ) throws(PrincipalRejection) -> Principal {
        guard let prefix = subjectPrefixes[issuerName] else {
            throw PrincipalRejection(claim: "iss", fault: .unknownIssuer)
        }
        var values: [ClaimValue] = []
        for claim in claims { values.append(try claim.value(in: json)) }
        let subject = try prefixed(values[Self.subject], with: prefix)
        values[Self.subject] = .text(subject)
        let granted = roles.granted(
            by: roleSources.lazy.compactMap { $0.value(in: json) }.first.flatMap(ClaimValue.init))
        return Principal(
            issuerName: issuerName, subject: subject, roles: granted,
            roleNames: roles.names(in: granted), claims: values,
            identityHeaders: identityHeaders(values, granted), generation: generation)
    }

    /// Identity is (issuer, subject). Prefixes keep the subjects of different issuers apart; an issuer
    /// without one (the embedded issuer, beside others) must not name what is another's.
    private func prefixed(
        _ value: ClaimValue, with prefix: String
    ) throws(PrincipalRejection) -> [UInt8] {
        let name = claims[Self.subject].name
        guard case .text(let subject) = value, !subject.isEmpty else {
            throw PrincipalRejection(claim: name, fault: .empty)
        }
        guard prefix.isEmpty else { return prefix.utf8 + subject }
        for other in subjectPrefixes.values where !other.isEmpty && subject.starts(with: other.utf8)
        {
            throw PrincipalRejection(claim: name, fault: .foreignPrefix)
        }
        return subject
    }

    private func identityHeaders(_ values: [ClaimValue], _ granted: RoleSet) -> IdentityHeaders {
        var block: [UInt8] = []
        for header in headers {
            let value: ClaimValue =
                switch header.source {
                case .claim(let number): values[number]
                case .roles: .list(roles.names(in: granted).map { Array($0.utf8) })
                }
            guard header.write(value, to: &block) else { return .unsafe }
        }
        return .bytes(block)
    }
}
