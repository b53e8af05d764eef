import StrictJSON

/// How the tokens of an issuer say what a claim of the identity model is.
///
/// A class, so that reading a token copies nothing of it.
final class ClaimReading: Sendable {
    private let name: String
    private let type: ClaimType
    private let fallback: ClaimValue?
    private let whenVerified: ClaimPath?
    /// The first of these that is present counts, whatever it holds.
    private let sources: [ClaimPath]
    /// Nil: the JSON value of the type.
    private let form: ClaimForm?
    private let map: ClaimMap?

    init(
        _ claim: ClaimDeclaration, sources: [ClaimPath]? = nil, form: ClaimForm? = nil,
        map: ClaimMap? = nil
    ) {
        name = claim.name
        type = claim.type
        fallback = claim.fallback
        whenVerified = claim.whenVerified
        self.sources = sources ?? claim.sources
        self.form = form
        self.map = map
    }

    /// - Throws: ``PrincipalRejection`` when the claim is required and absent, or mistyped; a default
    ///   stands for an absent claim, never for a wrong one.
    func value(in claims: JSONValue) throws(PrincipalRejection) -> ClaimValue {
        if let whenVerified, whenVerified.value(in: claims) != .bool(true) {
            return try absent(.missing)
        }
        guard let json = sources.firstValue(in: claims) else { return try absent(.missing) }
        if map != nil || form != nil { return try mapped(json) }
        guard let value = ClaimValue(json), value.type == type else {
            throw PrincipalRejection(claim: name, fault: .mistyped)
        }
        return value
    }

    /// The value of a claim for which the policy gives a form or a map.
    private func mapped(_ json: JSONValue) throws(PrincipalRejection) -> ClaimValue {
        let form = form ?? (type == .stringList ? .list : .string)
        var values: [ClaimValue] = []
        let fits = form.forEachValue(in: json) { foreign in
            guard let map else { return values.append(.text(ExactText(foreign))) }
            // Two names for one value are one value.
            for value in map.own(foreign) where !values.contains(value) { values.append(value) }
        }
        guard fits else { throw PrincipalRejection(claim: name, fault: .form(form)) }
        if type == .stringList {
            return .list(values.compactMap { if case .text(let text) = $0 { text } else { nil } })
        }
        guard let value = values.first else { return try absent(.unmapped) }
        return value
    }

    private func absent(
        _ fault: PrincipalRejection.Fault
    ) throws(PrincipalRejection) -> ClaimValue {
        guard let fallback else { throw PrincipalRejection(claim: name, fault: fault) }
        return fallback
    }
}
