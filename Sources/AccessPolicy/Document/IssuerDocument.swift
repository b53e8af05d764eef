import StrictYAML

/// One entry of `issuers`.
struct IssuerDocument {
    let issuer: Located<PolicyIssuer>
    /// How this issuer writes claims, where it is not as `claims` says for all.
    let claims: [ClaimMappingDocument]
}

/// One entry of `issuers.<name>.claims`; its names are not resolved yet.
struct ClaimMappingDocument {
    let claim: Located<String>
    /// The keys that lead to the entry, for messages.
    let path: String
    /// Nil: where the claim comes from at every issuer.
    let sources: [ClaimPath]?
    let form: Located<ClaimForm>?
    let map: ClaimMapDocument?
}

/// The table of a mapping: the issuer's values, and what each of them stands for.
struct ClaimMapDocument {
    let position: SourcePosition
    let entries: [YAMLEntry]
    let unmapped: Located<Unmapped>?

    /// What becomes of a value that the table does not name.
    enum Unmapped: String, CaseIterable {
        case drop, keep
    }
}
