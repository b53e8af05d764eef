import StrictYAML

/// Makes the role hierarchy, and reports unknown names and cycles.
enum RoleCompiler {
    static func compile(_ documents: [RoleDocument], _ sink: DiagnosticSink) -> RoleHierarchy {
        let names = documents.map(\.name.value)
        var includes: [String: [String]] = [:]
        for role in documents {
            for included in role.includes where !names.contains(included.value) {
                sink.report(
                    "unknown_role", at: included.position,
                    "role `\(included.value)` is not declared",
                    suggestion: didYouMean(included.value, in: names))
            }
            includes[role.name.value] = role.includes.map(\.value).filter(names.contains)
        }
        reportCycles(documents, includes, sink)
        return RoleHierarchy(includes: includes)
    }

    /// Reports each cycle once, at the role of it that the file names first.
    private static func reportCycles(
        _ documents: [RoleDocument], _ includes: [String: [String]], _ sink: DiagnosticSink
    ) {
        var reported: Set<String> = []
        for role in documents where !reported.contains(role.name.value) {
            guard let cycle = cycle(from: role.name.value, includes) else { continue }
            reported.formUnion(cycle)
            let path = (cycle + [role.name.value]).map { "`\($0)`" }.joined(separator: " → ")
            sink.report(
                "role_cycle", at: role.name.position,
                "roles include each other in a circle: \(path)",
                suggestion: "remove one of the `includes`")
        }
    }

    /// A shortest way from a role back to itself, without the return; nil where there is none.
    private static func cycle(from start: String, _ includes: [String: [String]]) -> [String]? {
        var cameFrom: [String: String] = [:]
        var queue = [start]
        var next = 0
        while next < queue.count {
            let name = queue[next]
            next += 1
            for included in includes[name] ?? [] {
                if included == start {
                    var path = [name]
                    while let before = cameFrom[path[path.count - 1]] { path.append(before) }
                    return path.reversed()
                }
                if cameFrom[included] == nil {
                    cameFrom[included] = name
                    queue.append(included)
                }
            }
        }
        return nil
    }
}
