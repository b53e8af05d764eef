import StrictYAML

/// One element of `deny`.
struct DenyDocument {
    let id: Located<String>
    let condition: ConditionDocument
    /// What the client is told.
    let message: String?

    /// Reads the value of `deny`.
    static func read(_ node: YAMLNode, _ sink: DiagnosticSink) -> [DenyDocument] {
        let rules = (node.elements("deny", sink) ?? []).compactMap { DenyDocument($0, sink) }
        var seen: [String: Located<String>] = [:]
        for rule in rules {
            if let first = seen[rule.id.value] {
                sink.report(
                    "duplicate", at: rule.id.position,
                    "deny rule id `\(rule.id.value)` is already used at \(first.position)")
            } else {
                seen[rule.id.value] = rule.id
            }
        }
        return rules
    }

    /// Nil after a report.
    private init?(_ node: YAMLNode, _ sink: DiagnosticSink) {
        let keys = ["id", "when", "message"]
        guard let reader = MappingReader(node, path: "deny", keys: keys, sink) else { return nil }
        let id = reader.required("id")?.locatedString("deny.id", sink)
        let condition = reader.required("when").flatMap { ConditionDocument($0, sink) }
        message = reader.node("message").flatMap { Self.message($0, sink) }
        guard let id, NameRule.word.check(id.value, "deny rule", at: id.position, sink),
            let condition
        else { return nil }
        self.id = id
        self.condition = condition
    }

    /// A sentence of a problem document.
    private static func message(_ node: YAMLNode, _ sink: DiagnosticSink) -> String? {
        guard let text = node.string("deny.message", sink) else { return nil }
        guard !text.isEmpty, text.utf8.count <= maximumLength,
            !text.utf8.contains(where: PathByte.isControl)
        else {
            sink.report(
                "wrong_value", at: node.position,
                "`deny.message` must be one line of up to \(maximumLength) bytes",
                suggestion: "write one sentence, or remove it")
            return nil
        }
        return text
    }

    private static let maximumLength = 200
}
