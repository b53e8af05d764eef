import StrictYAML

/// Reads the one entry of a condition.
struct ConditionReader {
    private let entry: YAMLEntry
    private let sink: DiagnosticSink

    init(_ entry: YAMLEntry, _ sink: DiagnosticSink) {
        self.entry = entry
        self.sink = sink
    }

    private var value: YAMLNode { entry.value }

    /// Nil after a report.
    func kind(depth: Int) -> ConditionDocument.Kind? {
        switch entry.key {
        case "role": role
        case "claim": claim
        case "equal":
            pair("`equal` compares exactly two things", "write `equal: [path.x, claims.y]`")
                .map { .equal($0, $1) }
        case "contains":
            pair(
                "`contains` takes a list and what it must hold",
                "write `contains: [claims.list, path.x]`"
            ).map { .contains($0, $1) }
        case "in": membership
        case "scope": words("scope").map(ConditionDocument.Kind.scope)
        case "method": words("method").map(ConditionDocument.Kind.method)
        case "acr": words("acr").map(ConditionDocument.Kind.acr)
        case "auth_age": authAge
        case "time": TimeDocument(value, sink).map(ConditionDocument.Kind.time)
        case "authenticated": isTrue ? .authenticated : nil
        case "anyone": isTrue ? .anyone : nil
        case "all": members(depth: depth).map(ConditionDocument.Kind.all)
        case "any": members(depth: depth).map(ConditionDocument.Kind.any)
        case "not":
            ConditionDocument(value, depth: depth + 1, sink).map(ConditionDocument.Kind.not)
        default: unknown
        }
    }

    private var unknown: ConditionDocument.Kind? {
        let advice =
            switch entry.key {
            case "roles": "write `role: …`, or `any: [{role: …}, {role: …}]` for one of several"
            case "claims": "write `claim: {name: value}`"
            case "or": "write `any: […]`"
            case "and": "write `all: […]`"
            case "ip", "client.ip", "client_ip": "write `in: [client.ip, [10.0.0.0/8]]`"
            default: didYouMean(entry.key, in: Self.keys) ?? Self.list
            }
        sink.report(
            "unknown_condition", at: entry.keyPosition, "unknown condition `\(entry.key)`",
            suggestion: advice)
        return nil
    }

    private var role: ConditionDocument.Kind? {
        guard case .scalar = value.content else {
            sink.report(
                "wrong_type", at: value.position, "`role` names one role",
                suggestion: "write `any: [{role: …}, {role: …}]` for several")
            return nil
        }
        return value.string("role", sink).map(ConditionDocument.Kind.role)
    }

    private var claim: ConditionDocument.Kind? {
        guard let entries = value.entries("claim", sink) else { return nil }
        guard !entries.isEmpty else {
            sink.report(
                "empty_map", at: value.position, "`claim` names no claim",
                suggestion: "write `claim: {name: value}`")
            return nil
        }
        let tests = entries.compactMap { entry in
            scalars(entry.value, "claim.\(entry.key)").map {
                ConditionDocument.ClaimTest(
                    name: Located(value: entry.key, position: entry.keyPosition), values: $0)
            }
        }
        return tests.count == entries.count ? .claim(tests) : nil
    }

    private func pair(
        _ problem: String, _ suggestion: String
    ) -> (OperandDocument, OperandDocument)? {
        guard case .sequence(let elements) = value.content, elements.count == 2 else {
            sink.report("wrong_type", at: value.position, problem, suggestion: suggestion)
            return nil
        }
        let operands = elements.compactMap { OperandDocument($0, of: entry.key, sink) }
        return operands.count == 2 ? (operands[0], operands[1]) : nil
    }

    private var membership: ConditionDocument.Kind? {
        guard case .sequence(let elements) = value.content, elements.count == 2,
            case .sequence = elements[1].content
        else {
            sink.report(
                "wrong_type", at: value.position, "`in` takes one thing and the list of its values",
                suggestion: "write `in: [client.ip, [10.0.0.0/8]]`")
            return nil
        }
        guard let operand = OperandDocument(elements[0], of: "in", sink),
            let values = scalars(elements[1], "in")
        else { return nil }
        return .in(operand, values)
    }

    /// One value, or several of which none is said twice.
    private func scalars(_ node: YAMLNode, _ name: String) -> [Located<YAMLScalar>]? {
        let elements: [YAMLNode]
        if case .sequence(let several) = node.content {
            elements = several
        } else {
            elements = [node]
        }
        guard !elements.isEmpty else {
            sink.report(
                "empty_list", at: node.position, "`\(name)` must name a value",
                suggestion: "fill it, or remove the condition")
            return nil
        }
        var values: [Located<YAMLScalar>] = []
        for element in elements {
            guard case .scalar(let scalar) = element.content, !scalar.isAbsent else {
                sink.report(
                    "wrong_type", at: element.position,
                    "`\(name)` is compared with single values, not with \(element.kind)")
                return nil
            }
            if values.contains(where: { $0.value.text == scalar.text }) {
                sink.report(
                    "duplicate", at: element.position, "`\(name)` names `\(scalar.text)` twice")
            }
            values.append(Located(value: scalar, position: element.position))
        }
        return values
    }

    /// One word, or several of which none is said twice.
    private func words(_ name: String) -> [Located<String>]? {
        if case .sequence(let elements) = value.content, elements.isEmpty {
            sink.report(
                "empty_list", at: value.position, "`\(name)` must name a value",
                suggestion: "fill it, or remove the condition")
            return nil
        }
        let words = value.locatedStrings(name, sink)
        for (index, word) in words.enumerated()
        where words[..<index].contains(where: { $0.value == word.value }) {
            sink.report(
                "duplicate", at: word.position, "`\(name)` names `\(word.value)` twice")
        }
        return words.isEmpty ? nil : words
    }

    private var authAge: ConditionDocument.Kind? {
        guard let duration = value.duration("auth_age", sink) else { return nil }
        guard duration >= .seconds(1), duration.components.attoseconds == 0 else {
            sink.report(
                "wrong_value", at: value.position,
                "`auth_age` counts whole seconds, and at least one",
                suggestion: "write for example `auth_age: 10m`")
            return nil
        }
        return .authAge(duration)
    }

    private var isTrue: Bool {
        guard let flag = value.bool(entry.key, sink) else { return false }
        guard flag else {
            sink.report(
                "wrong_value", at: value.position, "`\(entry.key)` can only be `true`",
                suggestion: "leave out `allow` to let nobody pass")
            return false
        }
        return true
    }

    private func members(depth: Int) -> [ConditionDocument]? {
        guard let elements = value.elements(entry.key, sink) else { return nil }
        guard !elements.isEmpty else {
            sink.report(
                "empty_list", at: value.position, "`\(entry.key)` needs a condition")
            return nil
        }
        let members = elements.compactMap { ConditionDocument($0, depth: depth + 1, sink) }
        return members.count == elements.count ? members : nil
    }

    /// All conditions that there are.
    static let keys = [
        "role", "claim", "equal", "contains", "in", "scope", "method", "acr", "auth_age", "time",
        "authenticated", "anyone", "all", "any", "not",
    ]
    private static let list = "known are " + keys.map { "`\($0)`" }.joined(separator: ", ")
}
