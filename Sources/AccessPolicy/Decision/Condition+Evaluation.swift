import StrictJSON

/// What a condition is asked about, save path and query.
struct ConditionSubject {
    let view: PathView
    let facts: RequestFacts
    /// Nil: a stranger.
    let principal: Principal?
}

extension Condition {
    /// Whether the condition holds. Steps that `remedy` would make hold are taken to hold.
    func holds(
        for subject: borrowing ConditionSubject, on path: borrowing CanonicalPath,
        query: Span<UInt8>, with remedy: Remedy = []
    ) -> Bool {
        var next: Int32 = 0
        while next >= 0 {
            let step = steps[Int(next)]
            let isMet =
                isMet(step, subject, path, query) || !remedy.isDisjoint(with: step.remedy)
            next = isMet ? step.onTrue : step.onFalse
        }
        return next == Step.holds
    }

    /// Whether one step holds, negation included.
    func isMet(
        _ step: Step, _ subject: borrowing ConditionSubject, _ path: borrowing CanonicalPath,
        _ query: Span<UInt8>
    ) -> Bool {
        if let truth = truth(of: step.leaf, subject, path, query) {
            return truth != step.isNegated
        }
        if denies, case .address = step.leaf { return true }
        return false
    }

    /// Nil when the question has no answer.
    private func truth(
        of leaf: ConditionLeaf, _ subject: borrowing ConditionSubject,
        _ path: borrowing CanonicalPath, _ query: Span<UInt8>
    ) -> Bool? {
        switch leaf {
        case .anyone: return true
        case .authenticated: return subject.principal == nil ? nil : true
        case .role(let role): return subject.principal?.roles.contains(role)
        case .text(let operand, let texts):
            return isText(operand, oneOf: texts, subject, path, query)
        case .integer(let operand, let integers):
            guard let value = integer(operand, subject, query) else { return nil }
            for index in integers where constants.integers[index] == value { return true }
            return false
        case .boolean(let operand, let flag):
            return boolean(operand, subject, query).map { $0 == flag }
        case .same(let left, let right, .integer):
            guard let left = integer(left, subject, query),
                let right = integer(right, subject, query)
            else { return nil }
            return left == right
        case .same(let left, let right, .boolean):
            guard let left = boolean(left, subject, query),
                let right = boolean(right, subject, query)
            else { return nil }
            return left == right
        case .same(let left, let right, .string), .same(let left, let right, .stringList):
            return isSameText(left, right, subject, path, query)
        case .member(let claim, let operand):
            return hasMember(claim, operand, subject, path, query)
        case .members(let claim, let texts):
            guard let principal = subject.principal else { return nil }
            let bytes = constants.bytes
            for index in texts {
                let text = bytes.span.extracting(constants.texts[index])
                guard principal.claims.hasMember(claim, text) else { return false }
            }
            return true
        case .address(let ranges):
            guard let address = subject.facts.clientAddress else { return nil }
            for index in ranges where constants.ranges[index].contains(address) { return true }
            return false
        case .method(let methods): return methods.contains(subject.facts.method)
        case .recent(let claim, let seconds):
            guard let principal = subject.principal,
                case .integer(let time) = principal.claims[claim]
            else { return nil }
            let (age, overflow) = subject.facts.now.subtractingReportingOverflow(time)
            return !overflow && age <= seconds && age >= -Self.clockSkew
        case .time(let window): return constants.windows[window].contains(subject.facts.now)
        }
    }

    /// By how many seconds a sign-in may seem to lie ahead: the clocks of issuer and gateway differ.
    private static let clockSkew: Int64 = 60

    private func integer(
        _ operand: ConditionLeaf.Operand, _ subject: borrowing ConditionSubject,
        _ query: Span<UInt8>
    ) -> Int64? {
        switch operand {
        case .segment: return nil
        case .claim(let claim):
            guard let principal = subject.principal,
                case .integer(let value) = principal.claims[claim]
            else { return nil }
            return value
        case .query(let number):
            if let value = parameters[number].value(in: query) {
                return QueryText.integer(query.extracting(value))
            }
            guard case .integer(let value)? = parameters[number].fallback else { return nil }
            return value
        }
    }

    private func boolean(
        _ operand: ConditionLeaf.Operand, _ subject: borrowing ConditionSubject,
        _ query: Span<UInt8>
    ) -> Bool? {
        switch operand {
        case .segment: return nil
        case .claim(let claim):
            guard let principal = subject.principal,
                case .boolean(let value) = principal.claims[claim]
            else { return nil }
            return value
        case .query(let number):
            if let value = parameters[number].value(in: query) {
                return QueryText.boolean(query.extracting(value))
            }
            guard case .boolean(let value)? = parameters[number].fallback else { return nil }
            return value
        }
    }
}
