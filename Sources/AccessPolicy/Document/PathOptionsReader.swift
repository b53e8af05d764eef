import StrictYAML

/// Reads a route's `path`: which escapes a path may hold.
enum PathOptionsReader {
    static func read(_ route: MappingReader, _ sink: DiagnosticSink) -> EscapeSet {
        guard let node = route.node("path") else { return [] }
        if case .scalar(let scalar) = node.content, scalar.text.hasPrefix("/") {
            sink.report(
                "wrong_type", at: node.position,
                "`\(route.name("path"))` is about escapes in paths; the path itself stands in `match`",
                suggestion: "write `match: GET \(scalar.text)`")
            return []
        }
        guard let reader = route.mapping("path", keys: escapes.map(\.key)) else { return [] }
        var kept: EscapeSet = []
        for (key, escape) in escapes where reader.choice(key, of: ["keep", "reject"]) == "keep" {
            kept.insert(escape)
        }
        return kept
    }

    private static let escapes: [(key: String, escape: EscapeSet)] = [
        ("encoded_slash", .slash), ("encoded_backslash", .backslash),
        ("encoded_percent", .percent), ("encoded_semicolon", .semicolon),
        ("encoded_hash", .hash), ("encoded_question", .question),
    ]
}
