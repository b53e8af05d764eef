import StrictJSON

/// Texts are compared where they are, decoded byte by byte: nothing is copied.
extension Condition {
    func isText(
        _ operand: ConditionLeaf.Operand, oneOf texts: Range<Int>,
        _ subject: borrowing ConditionSubject, _ path: borrowing CanonicalPath,
        _ query: Span<UInt8>
    ) -> Bool? {
        let bytes = constants.bytes
        for index in texts {
            let text = bytes.span.extracting(constants.texts[index])
            guard let isEqual = isEqual(operand, to: text, subject, path, query) else { return nil }
            if isEqual { return true }
        }
        return false
    }

    func isSameText(
        _ left: ConditionLeaf.Operand, _ right: ConditionLeaf.Operand,
        _ subject: borrowing ConditionSubject, _ path: borrowing CanonicalPath,
        _ query: Span<UInt8>
    ) -> Bool? {
        switch (left, right) {
        case (.claim(let claim), let other), (let other, .claim(let claim)):
            guard let principal = subject.principal,
                case .text(let text) = principal.claims[claim]
            else { return nil }
            let bytes = principal.claims.bytes
            return isEqual(other, to: bytes.span.extracting(text), subject, path, query)
        case (.segment(let left), .segment(let right)):
            return path.segment(left, in: subject.view, equalsSegment: right)
        case (.query(let number), let other), (let other, .query(let number)):
            guard let value = parameters[number].value(in: query) else {
                guard case .text(let text)? = parameters[number].fallback else { return nil }
                return isEqual(other, to: text.string.utf8.span, subject, path, query)
            }
            return isEqual(other, toParameter: value, subject, path, query)
        }
    }

    func hasMember(
        _ claim: Int, _ operand: ConditionLeaf.Operand, _ subject: borrowing ConditionSubject,
        _ path: borrowing CanonicalPath, _ query: Span<UInt8>
    ) -> Bool? {
        guard let principal = subject.principal,
            case .list(var members) = principal.claims[claim]
        else { return nil }
        let bytes = principal.claims.bytes
        while let member = principal.claims.popMember(&members) {
            let text = bytes.span.extracting(member)
            guard let isEqual = isEqual(operand, to: text, subject, path, query) else { return nil }
            if isEqual { return true }
        }
        // An absent parameter is no text, of which nobody knows whether it is in an empty list.
        if case .query(let number) = operand, parameters[number].fallback == nil,
            parameters[number].value(in: query) == nil
        {
            return nil
        }
        return false
    }

    private func isEqual(
        _ operand: ConditionLeaf.Operand, to text: Span<UInt8>,
        _ subject: borrowing ConditionSubject, _ path: borrowing CanonicalPath,
        _ query: Span<UInt8>
    ) -> Bool? {
        switch operand {
        case .segment(let segment):
            return path.segment(segment, in: subject.view, equals: text)
        case .claim(let claim):
            guard let principal = subject.principal,
                case .text(let own) = principal.claims[claim]
            else { return nil }
            return principal.claims.isText(own, text)
        case .query(let number):
            if let value = parameters[number].value(in: query) {
                return QueryText.isEqual(query.extracting(value), text)
            }
            guard case .text(let fallback)? = parameters[number].fallback else { return nil }
            return fallback.string.utf8.span.hasSameBytes(as: text)
        }
    }

    /// `value` is where the query has the other side, which is escaped.
    private func isEqual(
        _ operand: ConditionLeaf.Operand, toParameter value: Range<Int>,
        _ subject: borrowing ConditionSubject, _ path: borrowing CanonicalPath,
        _ query: Span<UInt8>
    ) -> Bool? {
        switch operand {
        case .claim: return nil
        case .segment(let segment):
            switch subject.view {
            case .asSent:
                let bytes = path.bytes
                return QueryText.isSame(
                    query.extracting(value), bytes.span.extracting(path.segments[segment]),
                    isEscaped: true)
            case .folded:
                let bytes = path.foldedBytes
                return QueryText.isSame(
                    query.extracting(value), bytes.span.extracting(path.foldedSegments[segment]),
                    isEscaped: false)
            }
        case .query(let number):
            guard let other = parameters[number].value(in: query) else {
                guard case .text(let text)? = parameters[number].fallback else { return nil }
                return QueryText.isEqual(query.extracting(value), text.string.utf8.span)
            }
            return QueryText.isSame(
                query.extracting(value), query.extracting(other), isEscaped: true)
        }
    }
}

extension HeldClaims {
    /// Whether a claim is a list that holds the text.
    func hasMember(_ claim: Int, _ text: Span<UInt8>) -> Bool {
        guard case .list(var list) = self[claim] else { return false }
        while let member = popMember(&list) {
            if isText(member, text) { return true }
        }
        return false
    }
}
