import StrictYAML

/// A condition as it is written.
struct ConditionDocument {
    indirect enum Kind {
        case role(String)
        case equal(OperandDocument, OperandDocument)
        case authenticated
        case anyone
        case all([ConditionDocument])
        case any([ConditionDocument])
        case not(ConditionDocument)
    }

    let kind: Kind
    let position: SourcePosition

    /// Nil after a report.
    init?(_ node: YAMLNode, depth: Int = 0, _ sink: DiagnosticSink) {
        guard depth < Self.maximumDepth else {
            sink.report(
                "too_deep", at: node.position,
                "conditions may be nested \(Self.maximumDepth) deep and no deeper")
            return nil
        }
        guard case .mapping(let entries) = node.content, entries.count == 1 else {
            sink.report(
                "bad_condition", at: node.position,
                "a condition is a mapping with exactly one key",
                suggestion: "combine several with `all: […]` or `any: […]`")
            return nil
        }
        let entry = entries[0]
        guard let kind = Self.kind(entry, depth: depth, sink) else { return nil }
        self.kind = kind
        position = entry.value.position
    }

    private static func kind(_ entry: YAMLEntry, depth: Int, _ sink: DiagnosticSink) -> Kind? {
        let value = entry.value
        switch entry.key {
        case "role":
            guard case .scalar = value.content else {
                sink.report(
                    "wrong_type", at: value.position, "`role` names one role",
                    suggestion: "write `any: [{role: …}, {role: …}]` for several")
                return nil
            }
            return value.string("role", sink).map(Kind.role)
        case "equal": return equal(value, sink)
        case "authenticated": return isTrue(entry, sink) ? .authenticated : nil
        case "anyone": return isTrue(entry, sink) ? .anyone : nil
        case "all": return members(entry, depth: depth, sink).map(Kind.all)
        case "any": return members(entry, depth: depth, sink).map(Kind.any)
        case "not": return ConditionDocument(value, depth: depth + 1, sink).map(Kind.not)
        default:
            sink.report(
                "unknown_condition", at: entry.keyPosition, "unknown condition `\(entry.key)`",
                suggestion: didYouMean(entry.key, in: keys))
            return nil
        }
    }

    private static func equal(_ value: YAMLNode, _ sink: DiagnosticSink) -> Kind? {
        guard case .sequence(let elements) = value.content, elements.count == 2 else {
            sink.report(
                "wrong_type", at: value.position, "`equal` compares exactly two things",
                suggestion: "write `equal: [path.x, claims.y]`")
            return nil
        }
        let operands = elements.compactMap { OperandDocument($0, sink) }
        return operands.count == 2 ? .equal(operands[0], operands[1]) : nil
    }

    private static func isTrue(_ entry: YAMLEntry, _ sink: DiagnosticSink) -> Bool {
        guard let flag = entry.value.bool(entry.key, sink) else { return false }
        guard flag else {
            sink.report(
                "wrong_value", at: entry.value.position, "`\(entry.key)` can only be `true`",
                suggestion: "leave out `allow` to let nobody pass")
            return false
        }
        return true
    }

    private static func members(
        _ entry: YAMLEntry, depth: Int, _ sink: DiagnosticSink
    ) -> [ConditionDocument]? {
        guard let elements = entry.value.elements(entry.key, sink) else { return nil }
        guard !elements.isEmpty else {
            sink.report(
                "empty_list", at: entry.value.position, "`\(entry.key)` needs a condition")
            return nil
        }
        let members = elements.compactMap { ConditionDocument($0, depth: depth + 1, sink) }
        return members.count == elements.count ? members : nil
    }

    private static let keys = ["role", "equal", "authenticated", "anyone", "all", "any", "not"]
    private static let maximumDepth = 16
}
