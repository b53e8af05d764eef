import StrictYAML

/// Resolves the names in a condition and lays it out as a ``Condition``.
struct ConditionCompiler {
    private let variables: [(name: String, segment: Int)]
    private let identity: IdentityModel
    private let sink: DiagnosticSink
    private var steps: [Condition.Step] = []
    private var literals: [ClaimValue] = []

    /// The condition, which must not be used when anything was reported. It may name the variables of
    /// `pattern`, its route's.
    static func compile(
        _ document: ConditionDocument, of pattern: PathPattern, _ identity: IdentityModel,
        _ sink: DiagnosticSink
    ) -> Condition {
        var compiler = ConditionCompiler(pattern, identity, sink)
        compiler.steps.append(.not(0))
        compiler.place(document, at: 0)
        return Condition(steps: compiler.steps, literals: compiler.literals)
    }

    private init(_ pattern: PathPattern, _ identity: IdentityModel, _ sink: DiagnosticSink) {
        variables = pattern.variables
        self.identity = identity
        self.sink = sink
    }

    private mutating func place(_ document: ConditionDocument, at number: Int) {
        switch document.kind {
        case .role(let name):
            if let role = role(name, document) { steps[number] = .role(role) }
        case .equal(let left, let right):
            if let step = equal(left, right, document) { steps[number] = step }
        case .authenticated, .anyone:
            // The same on a route that requires a credential, which every route with a condition does.
            steps[number] = .signedIn
        case .all(let members): steps[number] = .all(place(members))
        case .any(let members): steps[number] = .any(place(members))
        case .not(let member): steps[number] = .not(place([member]).lowerBound)
        }
    }

    private mutating func place(_ members: [ConditionDocument]) -> Range<Int> {
        let range = steps.count..<steps.count + members.count
        steps += range.map { .not($0) }
        for (member, number) in zip(members, range) { place(member, at: number) }
        return range
    }

    private func role(_ name: String, _ document: ConditionDocument) -> Int? {
        if let number = identity.roles.number(of: name) { return number }
        sink.report(
            "unknown_role", at: document.position, "role `\(name)` is not declared",
            suggestion: didYouMean(name, in: identity.roles.names))
        return nil
    }

    private mutating func equal(
        _ left: OperandDocument, _ right: OperandDocument, _ document: ConditionDocument
    ) -> Condition.Step? {
        let leftSide = reference(left)
        let rightSide = reference(right)
        switch (left.kind, right.kind) {
        case (.literal, .literal):
            sink.report(
                "constant_condition", at: document.position, "`equal` compares two literals",
                suggestion: "name a `path.x` or a `claims.y`")
            return nil
        case (.literal(let scalar), _):
            guard let (operand, type) = rightSide,
                let value = literal(scalar, type, against: right, at: left.position)
            else { return nil }
            return .equal(value, operand)
        case (_, .literal(let scalar)):
            guard let (operand, type) = leftSide,
                let value = literal(scalar, type, against: left, at: right.position)
            else { return nil }
            return .equal(operand, value)
        default: break
        }
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
        return .equal(leftSide.operand, rightSide.operand)
    }

    /// What `path.x` or `claims.y` stands for; nil for a literal, and after a report.
    private func reference(
        _ operand: OperandDocument
    ) -> (operand: Condition.Operand, type: ClaimType)? {
        switch operand.kind {
        case .literal: return nil
        case .variable(let name):
            if let variable = variables.first(where: { $0.name == name }) {
                return (.segment(variable.segment), .string)
            }
            sink.report(
                "unknown_variable", at: operand.position,
                "the route's pattern has no variable `\(name)`",
                suggestion: didYouMean(name, in: variables.map(\.name)))
            return nil
        case .claim("roles"):
            sink.report(
                "type_mismatch", at: operand.position, "`claims.roles` cannot be compared",
                suggestion: "write `role: …`")
            return nil
        case .claim(let name):
            guard let number = identity.claims.firstIndex(where: { $0.name == name }) else {
                sink.report(
                    "unknown_claim", at: operand.position, "claim `\(name)` is not declared",
                    suggestion: didYouMean(name, in: identity.claims.map(\.name)))
                return nil
            }
            let type = identity.claims[number].type
            guard type != .stringList else {
                sink.report(
                    "type_mismatch", at: operand.position,
                    "`claims.\(name)` is a list, which `equal` does not compare")
                return nil
            }
            return (.claim(number), type)
        }
    }

    private mutating func literal(
        _ scalar: YAMLScalar, _ type: ClaimType, against other: OperandDocument,
        at position: SourcePosition
    ) -> Condition.Operand? {
        let value: ClaimValue? =
            switch type {
            case .string: .text(ExactText(scalar.text))
            case .integer where scalar.isPlain:
                Quantity.integer(scalar.text).map { .integer(Int64($0)) }
            case .boolean where scalar.isPlain && scalar.text == "true": .boolean(true)
            case .boolean where scalar.isPlain && scalar.text == "false": .boolean(false)
            case .integer, .boolean, .stringList: nil
            }
        guard let value else {
            sink.report(
                "type_mismatch", at: position,
                "`\(other)` is \(type.phrase) and never equals `\(scalar.text)`")
            return nil
        }
        literals.append(value)
        return .literal(literals.count - 1)
    }
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
