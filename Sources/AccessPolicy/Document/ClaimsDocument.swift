import StrictYAML

/// The section `claims`: `roles`, and every other claim with a type.
struct ClaimsDocument {
    /// `subject` is the first; names are unique.
    let declarations: [ClaimDeclaration]
    let roleSources: [ClaimPath]

    init(_ entries: [YAMLEntry], _ sink: DiagnosticSink) {
        var subject: ClaimDeclaration?
        var roles: [ClaimPath]?
        var others: [ClaimDeclaration] = []
        for entry in entries {
            guard NameRule.word.check(entry.key, "claim", at: entry.keyPosition, sink) else {
                continue
            }
            let reader = ClaimReader(entry, sink)
            switch entry.key {
            case "subject": subject = reader.subject()
            case "roles": roles = reader.roleSources()
            case "username": others.append(reader.text(["from", "default", "required"]))
            case "email":
                others.append(reader.text(["from", "when_verified", "default", "required"]))
            default: others.append(reader.declared())
            }
        }
        declarations =
            [
                subject
                    ?? ClaimDeclaration(
                        name: "subject", type: .string, sources: Self.path("sub"), fallback: nil)
            ] + others
        roleSources = roles ?? Self.path("roles")
    }

    private init(declarations: [ClaimDeclaration], roleSources: [ClaimPath]) {
        self.declarations = declarations
        self.roleSources = roleSources
    }

    /// The same with more claims, whose names are new.
    func adding(_ claims: [ClaimDeclaration]) -> ClaimsDocument {
        ClaimsDocument(declarations: declarations + claims, roleSources: roleSources)
    }

    private static func path(_ text: String) -> [ClaimPath] { ClaimPath(text).map { [$0] } ?? [] }
}
