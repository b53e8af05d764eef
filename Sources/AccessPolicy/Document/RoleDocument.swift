import StrictYAML

/// One entry of `roles`.
struct RoleDocument {
    let name: Located<String>
    let includes: [Located<String>]

    static func read(_ entries: [YAMLEntry], _ sink: DiagnosticSink) -> [RoleDocument] {
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
            let reader = MappingReader(entry.value, path: path, keys: ["includes"], sink)
            return RoleDocument(
                name: Located(value: entry.key, position: entry.keyPosition),
                includes: reader?.node("includes")?.locatedStrings("\(path).includes", sink) ?? [])
        }
    }
}
