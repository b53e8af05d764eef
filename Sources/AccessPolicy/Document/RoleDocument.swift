import StrictYAML

/// One entry of `roles`.
struct RoleDocument {
    let name: Located<String>
    let includes: [Located<String>]

    static func read(_ node: YAMLNode?, _ sink: DiagnosticSink) -> [RoleDocument] {
        guard let node else { return [] }
        guard case .mapping(let entries) = node.content else {
            sink.report(
                "wrong_type", at: node.position,
                "`roles` must be a mapping of names, not \(node.kind)",
                suggestion: "write `roles: {\(example(node))}`")
            return []
        }
        if entries.count > RoleSet.capacity {
            sink.report(
                "too_many_roles", at: entries[RoleSet.capacity].keyPosition,
                "a policy can declare \(RoleSet.capacity) roles, not \(entries.count)")
        }
        return entries.prefix(RoleSet.capacity).compactMap { entry in
            guard NameRule.role.check(entry.key, "role", at: entry.keyPosition, sink) else {
                return nil
            }
            let path = "roles.\(entry.key)"
            if case .scalar(let scalar) = entry.value.content, scalar.isAbsent {
                sink.report(
                    "missing_value", at: entry.value.position, "`\(path)` has no value",
                    suggestion: "write `\(entry.key): {}` for a role that includes no other")
                return nil
            }
            let reader = MappingReader(entry.value, path: path, keys: ["includes"], sink)
            let includes =
                reader?.node("includes")?.locatedStrings("\(path).includes", sink) ?? []
            for (index, role) in includes.enumerated()
            where includes[..<index].contains(where: { $0.value == role.value }) {
                sink.report(
                    "duplicate", at: role.position, "`\(path).includes` names `\(role.value)` twice"
                )
            }
            return RoleDocument(
                name: Located(value: entry.key, position: entry.keyPosition), includes: includes)
        }
    }

    /// What `roles: viewer` and `roles: [viewer, admin]` were meant to say.
    private static func example(_ node: YAMLNode) -> String {
        var names: [String] = []
        switch node.content {
        case .scalar(let scalar) where !scalar.text.isEmpty: names = [scalar.text]
        case .sequence(let elements):
            for case .scalar(let scalar) in elements.prefix(4).map(\.content) {
                names.append(scalar.text)
            }
        default: break
        }
        if names.isEmpty { names = ["viewer", "admin"] }
        return names.map { "\($0): {}" }.joined(separator: ", ")
    }
}
