import StrictYAML

/// Reads where a claim comes from: one path, or a list of which the first that is present counts.
enum ClaimPathReader {
    static func read(
        _ node: YAMLNode, _ name: String, _ sink: DiagnosticSink
    ) -> [ClaimPath] {
        if case .sequence(let elements) = node.content, elements.isEmpty {
            sink.report("empty_list", at: node.position, "`\(name)` must name a claim")
        }
        var paths: [ClaimPath] = []
        for text in node.locatedStrings(name, sink) {
            guard let path = ClaimPath(text.value) else {
                sink.report(
                    "bad_claim_path", at: text.position, "`\(text.value)` is no claim name",
                    suggestion:
                        "write `name`, or `outer.inner` for a claim inside another; in a name, "
                        + "write `\\.` for a dot and `\\\\` for a backslash")
                continue
            }
            if paths.contains(path) {
                sink.report(
                    "duplicate", at: text.position, "`\(name)` names `\(text.value)` twice")
            }
            paths.append(path)
        }
        return paths
    }
}
