import StrictYAML

/// Reads `routes.query`: the query parameters that the route's conditions may name.
enum QueryReader {
    static func read(_ node: YAMLNode, _ sink: DiagnosticSink) -> [QueryParameter] {
        guard let entries = node.entries("query", sink) else { return [] }
        if entries.isEmpty {
            sink.report(
                "empty_map", at: node.position, "`query` names no parameter",
                suggestion: "write `query: {name: {type: string}}`, or remove it")
        }
        if entries.count > maximumCount {
            sink.report(
                "too_many_parameters", at: entries[maximumCount].keyPosition,
                "a route can name \(maximumCount) query parameters, not \(entries.count)")
        }
        var parameters: [QueryParameter] = []
        for entry in entries.prefix(maximumCount) {
            guard NameRule.word.check(entry.key, "parameter", at: entry.keyPosition, sink) else {
                continue
            }
            // Keys that differ in case only are one key to some readers.
            let folded = entry.key.lowercased()
            if let other = parameters.first(where: { $0.name.lowercased() == folded }) {
                sink.report(
                    "duplicate", at: entry.keyPosition,
                    "parameters `\(other.name)` and `\(entry.key)` differ in case only")
                continue
            }
            if let parameter = parameter(entry, sink) { parameters.append(parameter) }
        }
        return parameters
    }

    private static func parameter(
        _ entry: YAMLEntry, _ sink: DiagnosticSink
    ) -> QueryParameter? {
        let path = "query.\(entry.key)"
        guard
            let reader = MappingReader(entry.value, path: path, keys: ["type", "default"], sink)
        else { return nil }
        guard reader.required("type") != nil,
            let word = reader.choice(
                "type", of: QueryParameter.ValueType.allCases.map(\.rawValue)),
            let type = QueryParameter.ValueType(rawValue: word)
        else { return nil }
        return QueryParameter(
            name: entry.key, type: type,
            fallback: reader.node("default").flatMap {
                ClaimValue.read($0, as: type.claimType, reader.name("default"), sink)
            })
    }

    /// Each named parameter is looked for in the whole query.
    private static let maximumCount = 16
}

extension QueryParameter.ValueType {
    /// The type of a claim that can be compared with the parameter.
    var claimType: ClaimType {
        switch self {
        case .string: .string
        case .integer: .integer
        case .boolean: .boolean
        }
    }
}
