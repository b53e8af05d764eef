import StrictYAML

/// Resolves the names in the rules of `deny`.
enum DenyCompiler {
    static func compile(
        _ documents: [DenyDocument], _ identity: IdentityModel, _ sink: DiagnosticSink
    ) -> [DenyRule] {
        documents.map { rule in
            reportConstant(rule, sink)
            return DenyRule(
                id: rule.id.value, message: rule.message,
                condition: ConditionCompiler.compile(
                    rule.condition, in: .everyRoute, identity, sink),
                conditionText: rule.condition.description)
        }
    }

    private static func reportConstant(_ rule: DenyDocument, _ sink: DiagnosticSink) {
        switch rule.condition.kind {
        case .anyone, .authenticated:
            sink.report(
                "constant_condition", at: rule.condition.position,
                "deny rule `\(rule.id.value)` holds for everybody: no route would let anybody in",
                suggestion: "name whom it is about")
        default: break
        }
    }
}
