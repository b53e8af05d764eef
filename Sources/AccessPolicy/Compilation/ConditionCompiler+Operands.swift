import StrictYAML

/// Conditions that compare: `equal`, `contains`, `in` and `claim`.
extension ConditionCompiler {
    /// What a name stands for, and its type.
    private typealias Reference = (operand: ConditionLeaf.Operand, type: ClaimType)

    mutating func equal(
        _ left: OperandDocument, _ right: OperandDocument, _ document: ConditionDocument
    ) -> ConditionTree.Leaf? {
        switch (left.kind, right.kind) {
        case (.literal, .literal):
            sink.report(
                "constant_condition", at: document.position, "`equal` compares two literals",
                suggestion: "name a `path.x` or a `claims.y`")
            return nil
        case (.clientAddress, _), (_, .clientAddress):
            let address = if case .clientAddress = left.kind { left } else { right }
            sink.report(
                "type_mismatch", at: address.position,
                "`client.ip` is an address, which `equal` does not compare",
                suggestion: "write `in: [client.ip, [10.0.0.0/8]]`")
            return nil
        case (.literal(let scalar), _):
            return compare(right, [Located(value: scalar, position: left.position)], document)
        case (_, .literal(let scalar)):
            return compare(left, [Located(value: scalar, position: right.position)], document)
        default: break
        }
        let (leftSide, rightSide) = (single(left, "equal"), single(right, "equal"))
        guard let leftSide, let rightSide else { return nil }
        guard leftSide.type == rightSide.type else {
            sink.report(
                "type_mismatch", at: document.position,
                "`\(left)` is \(leftSide.type.phrase) and `\(right)` is \(rightSide.type.phrase): "
                    + "they are never equal")
            return nil
        }
        guard leftSide.operand != rightSide.operand else {
            sink.report(
                "constant_condition", at: document.position,
                "`equal` compares `\(left)` with itself")
            return nil
        }
        return document.leaf(.same(leftSide.operand, rightSide.operand, leftSide.type))
    }

    mutating func contains(
        _ list: OperandDocument, _ item: OperandDocument, _ document: ConditionDocument
    ) -> ConditionTree.Leaf? {
        guard case .claim = list.kind else {
            sink.report(
                "type_mismatch", at: list.position, "`\(list)` is no list",
                suggestion: "name a claim that is a list: `contains: [claims.list, path.x]`")
            return nil
        }
        guard let (operand, type) = reference(list) else { return nil }
        guard type == .stringList, case .claim(let claim) = operand else {
            sink.report(
                "type_mismatch", at: list.position,
                "`\(list)` is \(type.phrase), and `contains` looks into lists",
                suggestion: "write `equal: [\(list), …]`")
            return nil
        }
        switch item.kind {
        case .literal(let scalar):
            let text = Located(value: scalar, position: item.position)
            guard isPlainText(text, list) else { return nil }
            return document.leaf(.members(claim: claim, add([scalar.text])))
        case .clientAddress:
            sink.report(
                "type_mismatch", at: item.position, "`client.ip` is an address, not text",
                suggestion: "write `in: [client.ip, [10.0.0.0/8]]`")
            return nil
        case .variable, .claim, .parameter:
            guard let member = single(item, "contains") else { return nil }
            guard member.type == .string else {
                sink.report(
                    "type_mismatch", at: item.position,
                    "`\(item)` is \(member.type.phrase), and `\(list)` holds texts")
                return nil
            }
            return document.leaf(.member(claim: claim, member.operand))
        }
    }

    mutating func membership(
        _ operand: OperandDocument, _ values: [Located<YAMLScalar>], _ document: ConditionDocument
    ) -> ConditionTree.Leaf? {
        switch operand.kind {
        case .literal:
            sink.report(
                "constant_condition", at: operand.position, "`in` looks for a literal",
                suggestion: "name `client.ip`, a `path.x` or a `claims.y`")
            return nil
        case .clientAddress:
            let ranges = values.compactMap { range($0) }
            return ranges.count == values.count ? document.leaf(.address(add(ranges))) : nil
        default: return compare(operand, values, document)
        }
    }

    mutating func claim(_ test: ConditionDocument.ClaimTest) -> ConditionTree.Leaf? {
        let operand = OperandDocument(claim: test.name)
        guard let (side, type) = single(operand, "claim") else { return nil }
        return leaf(side, type, operand, test.values, test.description, test.name.position)
    }

    private mutating func compare(
        _ operand: OperandDocument, _ values: [Located<YAMLScalar>], _ document: ConditionDocument
    ) -> ConditionTree.Leaf? {
        let condition = if case .equal = document.kind { "equal" } else { "in" }
        guard let (side, type) = single(operand, condition) else { return nil }
        return leaf(side, type, operand, values, document.description, document.position)
    }

    /// Whether what the operand stands for is one of the values.
    private mutating func leaf(
        _ side: ConditionLeaf.Operand, _ type: ClaimType, _ operand: OperandDocument,
        _ values: [Located<YAMLScalar>], _ words: String, _ position: SourcePosition
    ) -> ConditionTree.Leaf? {
        let literals = values.compactMap { literal($0, type, operand) }
        guard literals.count == values.count else { return nil }
        let question: ConditionLeaf
        switch literals[0] {
        case .text: question = .text(side, add(literals.compactMap(\.text)))
        case .integer: question = .integer(side, add(literals.compactMap(\.integer)))
        case .boolean(let flag):
            guard literals.count == 1 else {
                sink.report(
                    "constant_condition", at: position,
                    "`\(operand)` is always `true` or `false`", suggestion: "name one of the two")
                return nil
            }
            question = .boolean(side, flag)
        case .list: return nil
        }
        return ConditionTree.Leaf(
            question: question, words: words, position: position,
            choice: .init(
                about: operand.description, values: Set(values.map(\.value.text)),
                universe: type == .boolean ? ["true", "false"] : nil))
    }

    private func literal(
        _ scalar: Located<YAMLScalar>, _ type: ClaimType, _ operand: OperandDocument
    ) -> ClaimValue? {
        let (text, isPlain) = (scalar.value.text, scalar.value.isPlain)
        if type == .string, !isPlainText(scalar, operand) { return nil }
        let value: ClaimValue? =
            switch type {
            case .string: .text(ExactText(text))
            case .integer where isPlain: Quantity.integer(text).map { .integer(Int64($0)) }
            case .boolean where isPlain && text == "true": .boolean(true)
            case .boolean where isPlain && text == "false": .boolean(false)
            case .integer, .boolean, .stringList: nil
            }
        if value == nil {
            sink.report(
                "type_mismatch", at: scalar.position,
                "`\(operand)` is \(type.phrase) and never equals `\(text)`",
                suggestion: isPlain
                    ? type == .integer ? NumberTrap.advice(text) : nil
                    : "write it without quotes")
        }
        return value
    }

    /// Reports `no` and its like, which some readers of YAML take for no text at all.
    private func isPlainText(_ scalar: Located<YAMLScalar>, _ operand: OperandDocument) -> Bool {
        guard scalar.value.isAmbiguous else { return true }
        let text = scalar.value.text
        sink.report(
            "ambiguous_text", at: scalar.position,
            "`\(operand)` is compared with text, but `\(text)` can be read as a boolean or null",
            suggestion: "quote it: \"\(text)\"")
        return false
    }

    /// `10.0.0.0/8`, or an address alone.
    private func range(_ scalar: Located<YAMLScalar>) -> CIDR? {
        let text = scalar.value.text
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let base = IPAddress(parts[0]),
            let length = parts.count == 1 ? base.bitWidth : Quantity.integer(String(parts[1])),
            (0...base.bitWidth).contains(length)
        else {
            sink.report(
                "wrong_value", at: scalar.position, "`\(text)` is no range of addresses",
                suggestion: "write for example `10.0.0.0/8` or `2001:db8::/32`")
            return nil
        }
        if let range = CIDR(base: base, prefixLength: length) { return range }
        sink.report(
            "wrong_value", at: scalar.position,
            "`\(text)` is an address inside a range, not the range",
            suggestion: "write `\(base.masked(to: length))/\(length)`")
        return nil
    }

    /// What a name stands for that has a single value; nil after a report.
    private func single(_ operand: OperandDocument, _ condition: String) -> Reference? {
        guard let found = reference(operand) else { return nil }
        guard found.type != .stringList else {
            sink.report(
                "type_mismatch", at: operand.position,
                "`\(operand)` is a list, which `\(condition)` does not compare",
                suggestion: "write `contains: [\(operand), …]`")
            return nil
        }
        return found
    }

    /// Nil after a report.
    private func reference(_ operand: OperandDocument) -> Reference? {
        switch operand.kind {
        case .literal, .clientAddress: return nil
        case .variable(let name):
            guard let pattern = scope.pattern else {
                sink.report(
                    "unknown_variable", at: operand.position,
                    "a rule of `deny` is about all routes, which have no variable in common",
                    suggestion: "write the condition in the `allow` of the route")
                return nil
            }
            if let variable = pattern.variables.first(where: { $0.name == name }) {
                return (.segment(variable.segment), .string)
            }
            sink.report(
                "unknown_variable", at: operand.position,
                "the route's pattern has no variable `\(name)`",
                suggestion: didYouMean(name, in: pattern.variables.map(\.name)))
            return nil
        case .parameter(let name): return parameter(name, operand)
        case .claim(let name): return claim(name, operand)
        }
    }

    private func parameter(_ name: String, _ operand: OperandDocument) -> Reference? {
        if let number = scope.parameters.firstIndex(where: { $0.name == name }) {
            return (.query(number), scope.parameters[number].type.claimType)
        }
        sink.report(
            "unknown_parameter", at: operand.position,
            scope.pattern == nil
                ? "a rule of `deny` is about all routes, which have no query parameter in common"
                : "the route names no query parameter `\(name)`",
            suggestion: didYouMean(name, in: scope.parameters.map(\.name))
                ?? (scope.pattern == nil
                    ? nil : "write `query: {\(name): {type: string}}` in the route"))
        return nil
    }

    private func claim(_ name: String, _ operand: OperandDocument) -> Reference? {
        guard name != "roles" else {
            sink.report(
                "type_mismatch", at: operand.position, "`claims.roles` cannot be compared",
                suggestion: "write `role: …`")
            return nil
        }
        guard let number = identity.claims.firstIndex(where: { $0.name == name }) else {
            sink.report(
                "unknown_claim", at: operand.position, "claim `\(name)` is not declared",
                suggestion: didYouMean(name, in: identity.claims.map(\.name)))
            return nil
        }
        return (.claim(number), identity.claims[number].type)
    }
}

extension OperandDocument {
    fileprivate init(claim name: Located<String>) {
        kind = .claim(name.value)
        position = name.position
    }
}

extension ClaimValue {
    fileprivate var text: String? { if case .text(let text) = self { text.string } else { nil } }
    fileprivate var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
}

extension ClaimType {
    /// The type in a message.
    var phrase: String {
        switch self {
        case .string: "text"
        case .stringList: "a list"
        case .integer: "an integer"
        case .boolean: "a boolean"
        }
    }
}
