import StrictJSON

/// How the tokens of an issuer say which roles somebody has.
final class RoleReading: Sendable {
    /// The first of these that is present counts, whatever it holds.
    private let sources: [ClaimPath]
    /// Nil: a text is one role and a list is several; anything else grants nothing.
    private let form: ClaimForm?
    private let names: NameTable
    private let roles: [RoleSet]

    /// - Parameters:
    ///   - sources: where the names are; the first that is present counts.
    ///   - form: what the claim must look like; nil: see the property.
    ///   - grants: what each name stands for, with all that is included; no two of the same name. A
    ///     name that is not among them grants nothing: nobody may guess what an issuer meant.
    init(sources: [ClaimPath], form: ClaimForm?, grants: [(name: String, roles: RoleSet)]) {
        self.sources = sources
        self.form = form
        names = NameTable(grants.map(\.name))
        roles = grants.map(\.roles)
    }

    /// - Returns: the roles that are granted, with all that they include. A token without the claim
    ///   grants none.
    /// - Throws: ``PrincipalRejection`` when the claim does not have the form that the policy gives.
    func granted(in claims: JSONObject) throws(PrincipalRejection) -> RoleSet {
        guard let location = sources.firstLocation(in: claims) else { return RoleSet() }
        var granted = RoleSet()
        let fits = (form ?? .stringOrList).forEachValue(in: claims, at: location) { name in
            if let number = names.number(of: name) { granted.formUnion(roles[number]) }
        }
        if fits { return granted }
        if let form { throw PrincipalRejection(claim: "roles", fault: .form(form)) }
        return RoleSet()
    }
}
