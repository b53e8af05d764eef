import StrictYAML

/// One side of an `equal`.
struct OperandDocument {
    enum Kind {
        /// `path.name`
        case variable(String)
        /// `claims.name`
        case claim(String)
        case literal(YAMLScalar)
    }

    let kind: Kind
    let position: SourcePosition

    /// Nil after a report.
    init?(_ node: YAMLNode, _ sink: DiagnosticSink) {
        guard case .scalar(let scalar) = node.content, !scalar.isAbsent else {
            sink.report(
                "wrong_type", at: node.position,
                "`equal` compares `path.x`, `claims.y` and single values, not \(node.kind)")
            return nil
        }
        position = node.position
        let text = scalar.text
        if text.hasPrefix("path.") {
            kind = .variable(String(text.dropFirst("path.".count)))
        } else if text.hasPrefix("claims.") {
            kind = .claim(String(text.dropFirst("claims.".count)))
        } else {
            guard !scalar.isPlain || !Self.looksLikeReference(text) else {
                let first = text.prefix { $0 != "." }
                let near = nearest(String(first), in: ["path", "claims"])
                sink.report(
                    "unknown_operand", at: node.position, "unknown operand `\(text)`",
                    suggestion: near.map { "did you mean `\($0)\(text.dropFirst(first.count))`?" }
                        ?? "write `path.x` or `claims.y`, or quote a literal that holds a dot")
                return nil
            }
            kind = .literal(scalar)
        }
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
