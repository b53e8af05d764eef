import StrictYAML

/// A condition as it is written.
struct ConditionDocument {
    indirect enum Kind {
        case role(String)
        /// All of the claims, each with one of its values.
        case claim([ClaimTest])
        case equal(OperandDocument, OperandDocument)
        /// A list, and what it holds.
        case contains(OperandDocument, OperandDocument)
        case `in`(OperandDocument, [Located<YAMLScalar>])
        /// All of them.
        case scope([Located<String>])
        case method([Located<String>])
        /// One of them.
        case acr([Located<String>])
        case authAge(Duration)
        case time(TimeDocument)
        case authenticated
        case anyone
        case all([ConditionDocument])
        case any([ConditionDocument])
        case not(ConditionDocument)
    }

    /// One entry of `claim`.
    struct ClaimTest {
        let name: Located<String>
        let values: [Located<YAMLScalar>]
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
                suggestion: Self.advice(node))
            return nil
        }
        let entry = entries[0]
        guard let kind = ConditionReader(entry, sink).kind(depth: depth) else { return nil }
        self.kind = kind
        position = entry.value.position
    }

    /// Visits the conditions that hold no others.
    func forEachLeaf(_ body: (ConditionDocument) -> Void) {
        switch kind {
        case .all(let members), .any(let members):
            for member in members { member.forEachLeaf(body) }
        case .not(let member): member.forEachLeaf(body)
        default: body(self)
        }
    }

    /// What was meant by `allow: viewer` and `allow: [{role: viewer}]`.
    private static func advice(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let scalar) where ["anyone", "authenticated"].contains(scalar.text):
            "write `{\(scalar.text): true}`"
        case .scalar(let scalar) where !scalar.text.isEmpty && scalar.text.utf8.count <= 64:
            "write `{role: \(scalar.text)}` if this is a role"
        default: "combine several with `all: […]` or `any: […]`"
        }
    }

    private static let maximumDepth = 16
}
