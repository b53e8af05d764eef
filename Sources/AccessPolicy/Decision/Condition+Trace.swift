extension Condition {
    /// Asks every question, also those that the decision does not depend on.
    func trace(
        _ rule: LeafTrace.Rule, _ subject: borrowing ConditionSubject,
        _ path: borrowing CanonicalPath, _ query: Span<UInt8>
    ) -> [LeafTrace] {
        var leaves: [LeafTrace] = []
        var asked: Int32 = 0
        for number in steps.indices {
            let step = steps[number]
            let holds = isMet(step, subject, path, query)
            let isAsked = asked == Int32(number)
            leaves.append(
                LeafTrace(
                    rule: rule, view: subject.view, words: words[number], holds: holds,
                    isAsked: isAsked, compared: compared(step.leaf, subject, path, query)))
            if isAsked { asked = holds ? step.onTrue : step.onFalse }
        }
        return leaves
    }

    private func compared(
        _ leaf: ConditionLeaf, _ subject: borrowing ConditionSubject,
        _ path: borrowing CanonicalPath, _ query: Span<UInt8>
    ) -> String {
        switch leaf {
        case .anyone: return "anyone"
        case .authenticated: return subject.principal == nil ? Self.stranger : "a valid token"
        case .role:
            guard let principal = subject.principal else { return Self.stranger }
            let names = principal.roleNames
            return names.isEmpty ? "no roles" : names.joined(separator: ", ")
        case .text(let operand, _), .integer(let operand, _), .boolean(let operand, _):
            return value(operand, subject, path, query)
        case .same(let left, let right, _):
            return value(left, subject, path, query) + " and " + value(right, subject, path, query)
        case .member(let claim, let operand):
            return value(.claim(claim), subject, path, query) + " and "
                + value(operand, subject, path, query)
        case .members(let claim, _): return value(.claim(claim), subject, path, query)
        case .address: return subject.facts.clientAddress?.description ?? "address not known"
        case .method: return subject.facts.method.name
        case .recent(let claim, _):
            guard let principal = subject.principal else { return Self.stranger }
            guard case .integer(let time) = principal.claims[claim] else { return "" }
            if time == 0 { return "no time of sign-in" }
            let (age, overflow) = subject.facts.now.subtractingReportingOverflow(time)
            return overflow ? "no time of sign-in" : "signed in \(age)s ago"
        case .time: return Self.utc(subject.facts.now)
        }
    }

    private func value(
        _ operand: ConditionLeaf.Operand, _ subject: borrowing ConditionSubject,
        _ path: borrowing CanonicalPath, _ query: Span<UInt8>
    ) -> String {
        switch operand {
        case .segment(let number):
            return Self.quoted(
                String(decoding: path.text(ofSegment: number, in: subject.view), as: UTF8.self))
        case .claim(let claim):
            guard let principal = subject.principal else { return Self.stranger }
            return principal.claims.text(claim)
        case .query(let number):
            let parameter = parameters[number]
            if let range = parameter.value(in: query) {
                return Self.quoted(QueryText.text(query.extracting(range)))
            }
            switch parameter.fallback {
            case .text(let text)?: return Self.quoted(text.string)
            case .integer(let value)?: return "\(value)"
            case .boolean(let flag)?: return "\(flag)"
            case .list?, nil: return "no \(parameter.name)"
            }
        }
    }

    /// `thu 08:00 UTC`
    private static func utc(_ now: Int64) -> String {
        let day = ((now / 86_400 + 3) % 7 + 7) % 7
        let minute = (now % 86_400 + 86_400) % 86_400 / 60
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(TimeWindow.dayNames[Int(day)]) \(two(minute / 60)):\(two(minute % 60)) UTC"
    }

    fileprivate static func quoted(_ text: String) -> String { "\"\(text)\"" }
    private static let stranger = "no credential"
}

extension HeldClaims {
    /// A claim's value, for people.
    fileprivate func text(_ claim: Int) -> String {
        func quoted(_ range: Range<Int>) -> String {
            Condition.quoted(String(decoding: bytes[range], as: UTF8.self))
        }
        switch self[claim] {
        case .text(let range): return quoted(range)
        case .list(let list):
            var texts: [String] = []
            forEachMember(list) { texts.append(quoted($0)) }
            return "[" + texts.joined(separator: ", ") + "]"
        case .integer(let value): return "\(value)"
        case .boolean(let flag): return "\(flag)"
        }
    }
}
