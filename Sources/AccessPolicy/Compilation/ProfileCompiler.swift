import StrictYAML

/// Makes an ``IssuerProfile`` of what a policy says for all issuers and for this one.
struct ProfileCompiler {
    private let claims: ClaimsDocument
    private let roles: RoleHierarchy
    private let sink: DiagnosticSink

    init(_ claims: ClaimsDocument, _ roles: RoleHierarchy, _ sink: DiagnosticSink) {
        self.claims = claims
        self.roles = roles
        self.sink = sink
    }

    func compile(_ document: IssuerDocument) -> IssuerProfile {
        var readings = claims.declarations.map { ClaimReading($0) }
        var roleReading = RoleReading(
            sources: claims.roleSources, form: nil, grants: declaredRoles)
        for mapping in document.claims {
            let claim = mapping.claim.value
            if claim == "roles" {
                roleReading = RoleReading(
                    sources: mapping.sources ?? claims.roleSources, form: mapping.form?.value,
                    grants: mapping.map.map { grants($0, mapping) } ?? declaredRoles)
            } else if let number = claims.declarations.firstIndex(where: { $0.name == claim }) {
                readings[number] = reading(of: claims.declarations[number], mapping)
            } else {
                sink.report(
                    "unknown_claim", at: mapping.claim.position,
                    "claim `\(claim)` is not declared",
                    suggestion: didYouMean(claim, in: claims.declarations.map(\.name) + ["roles"]))
            }
        }
        return IssuerProfile(
            name: document.issuer.value.name, subjectPrefix: document.issuer.value.subjectPrefix,
            claims: readings, roles: roleReading)
    }

    private var declaredRoles: [(name: String, roles: RoleSet)] {
        zip(roles.names, roles.closures).map { ($0, $1) }
    }

    private func reading(
        of claim: ClaimDeclaration, _ mapping: ClaimMappingDocument
    ) -> ClaimReading {
        checkForm(mapping, of: claim)
        return ClaimReading(
            claim, sources: mapping.sources, form: mapping.form?.value,
            map: mapping.map.flatMap { map($0, mapping, of: claim) })
    }

    private func map(
        _ map: ClaimMapDocument, _ mapping: ClaimMappingDocument, of claim: ClaimDeclaration
    ) -> ClaimMap? {
        guard claim.name != "subject" else {
            sink.report(
                "mapped_subject", at: map.position,
                "`\(mapping.path).map` could give two people one subject",
                suggestion: "remove it; `from` may name another claim, and `subject_prefix` tells "
                    + "issuers apart")
            return nil
        }
        let keepsUnmapped = map.unmapped?.value == .keep
        if keepsUnmapped, claim.type == .integer || claim.type == .boolean {
            sink.report(
                "type_mismatch", at: map.unmapped?.position,
                "claim `\(claim.name)` is \(claim.type.phrase): a text that `map` does not name cannot "
                    + "be kept")
        }
        let entries = entries(map, mapping).map { entry in
            (name: entry.name, targets: targets(entry, claim.type))
        }
        return ClaimMap(entries, keepsUnmapped: keepsUnmapped)
    }

    /// A form that has several values is for claims that are lists.
    private func checkForm(_ mapping: ClaimMappingDocument, of claim: ClaimDeclaration) {
        guard let form = mapping.form, claim.type != .stringList else { return }
        if claim.type != .string, mapping.map == nil {
            sink.report(
                "type_mismatch", at: form.position,
                "claim `\(claim.name)` is \(claim.type.phrase) and has no other form",
                suggestion: "remove `form`, or `map` texts to values")
        } else if form.value != .string {
            sink.report(
                "type_mismatch", at: form.position,
                "claim `\(claim.name)` is \(claim.type.phrase), so its form cannot be "
                    + "`\(form.value.rawValue)`",
                suggestion: "write `form: string`, or declare the claim with `type: [string]`")
        }
    }

    private struct Entry {
        let name: String
        let path: String
        let target: YAMLNode
    }

    /// The entries that can be met in a token.
    private func entries(_ map: ClaimMapDocument, _ mapping: ClaimMappingDocument) -> [Entry] {
        map.entries.compactMap { entry in
            let path = "\(mapping.path).map.\(entry.key)"
            if entry.key.isEmpty {
                sink.report(
                    "wrong_value", at: entry.keyPosition,
                    "`\(mapping.path).map` names an empty text")
                return nil
            }
            if mapping.form?.value == .spaceSeparated, entry.key.utf8.contains(0x20) {
                sink.report(
                    "wrong_value", at: entry.keyPosition,
                    "`\(entry.key)` holds a space, at which `space_separated` cuts: it is never met"
                )
                return nil
            }
            return Entry(name: entry.key, path: path, target: entry.value)
        }
    }

    private func targets(_ entry: Entry, _ type: ClaimType) -> [ClaimValue] {
        guard type == .stringList else {
            return ClaimValue.read(entry.target, as: type, entry.path, sink).map { [$0] } ?? []
        }
        return texts(entry).map { .text(ExactText($0.value)) }
    }

    /// By the names that the issuer uses: the roles that each stands for.
    private func grants(
        _ map: ClaimMapDocument, _ mapping: ClaimMappingDocument
    ) -> [(name: String, roles: RoleSet)] {
        let mapped = entries(map, mapping).map { entry in
            (name: entry.name, roles: granted(by: entry))
        }
        guard map.unmapped?.value == .keep else { return mapped }
        return mapped + declaredRoles.filter { role in !mapped.contains { $0.name == role.name } }
    }

    private func granted(by entry: Entry) -> RoleSet {
        var set = RoleSet()
        for role in texts(entry) {
            guard let closure = roles.closure(of: role.value) else {
                sink.report(
                    "unknown_role", at: role.position, "role `\(role.value)` is not declared",
                    suggestion: didYouMean(role.value, in: roles.names))
                continue
            }
            set.formUnion(closure)
        }
        return set
    }

    /// What an entry of a map stands for: one text, or several.
    private func texts(_ entry: Entry) -> [Located<String>] {
        if case .sequence(let elements) = entry.target.content, elements.isEmpty {
            sink.report(
                "empty_list", at: entry.target.position, "`\(entry.path)` must name something",
                suggestion: "fill it, or remove it")
        }
        let texts = entry.target.locatedStrings(entry.path, sink)
        for (index, text) in texts.enumerated()
        where texts[..<index].contains(where: { $0.value == text.value }) {
            sink.report(
                "duplicate", at: text.position, "`\(entry.path)` names `\(text.value)` twice")
        }
        return texts
    }
}
