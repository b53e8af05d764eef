import StrictYAML

/// What a condition compares.
struct OperandDocument {
    enum Kind {
        /// `path.name`
        case variable(String)
        /// `claims.name`
        case claim(String)
        /// `query.name`
        case parameter(String)
        /// `client.ip`
        case clientAddress
        case literal(YAMLScalar)
    }

    let kind: Kind
    let position: SourcePosition

    /// Nil after a report. `condition` is the key that the operand stands in.
    init?(_ node: YAMLNode, of condition: String, _ sink: DiagnosticSink) {
        guard case .scalar(let scalar) = node.content, !scalar.isAbsent else {
            sink.report(
                "wrong_type", at: node.position,
                "`\(condition)` compares `path.x`, `claims.y`, `query.z` and single values, not "
                    + node.kind)
            return nil
        }
        position = node.position
        let text = scalar.text
        if let reference = Self.reference(text) {
            kind = reference
            return
        }
        guard !scalar.isPlain || !Self.looksLikeReference(text) else {
            let first = text.prefix { $0 != "." }
            let suggestion =
                first == "client"
                ? "did you mean `client.ip`?"
                : nearest(String(first), in: ["path", "claims", "query", "client"]).map {
                    "did you mean `\($0)\(text.dropFirst(first.count))`?"
                }
            sink.report(
                "unknown_operand", at: node.position, "unknown operand `\(text)`",
                suggestion: suggestion
                    ?? "write `path.x` or `claims.y`, or quote a literal that holds a dot")
            return nil
        }
        kind = .literal(scalar)
    }

    private static func reference(_ text: String) -> Kind? {
        func name(behind prefix: String) -> String? {
            text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
        }
        if let name = name(behind: "path.") { return .variable(name) }
        if let name = name(behind: "claims.") { return .claim(name) }
        if let name = name(behind: "query.") { return .parameter(name) }
        return text == "client.ip" ? .clientAddress : nil
    }

    /// `claim.subject` without quotes is a slip of the pen, not a text to compare with.
    private static func looksLikeReference(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1
            && parts.allSatisfy { part in
                part.utf8.first.map {
                    ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z")
                }
                    ?? false
            }
    }
}
