import StrictJSON

/// A claim of the identity model: where it comes from, and what it must be.
struct ClaimDeclaration: Sendable {
    /// The name by which conditions and headers know it.
    let name: String
    let type: ClaimType
    /// The first of these that is present counts, also if its type is wrong.
    let sources: [ClaimPath]
    /// The value when none is present; nil: the claim is required.
    let fallback: ClaimValue?
    /// Only while this other claim is `true` is the claim taken for present.
    var whenVerified: ClaimPath?

    /// - Throws: ``PrincipalRejection`` when the claim is required and absent, or mistyped; a default
    ///   stands for an absent claim, never for a wrong one.
    func value(in claims: JSONValue) throws(PrincipalRejection) -> ClaimValue {
        if let whenVerified, whenVerified.value(in: claims) != .bool(true) {
            return try absent()
        }
        guard let json = sources.lazy.compactMap({ $0.value(in: claims) }).first else {
            return try absent()
        }
        // An empty list has no members to tell its type: as a JSON array it is the one list type.
        guard let value = ClaimValue(json), value.type == type else {
            throw PrincipalRejection(claim: name, fault: .mistyped)
        }
        return value
    }

    private func absent() throws(PrincipalRejection) -> ClaimValue {
        guard let fallback else { throw PrincipalRejection(claim: name, fault: .missing) }
        return fallback
    }
}
