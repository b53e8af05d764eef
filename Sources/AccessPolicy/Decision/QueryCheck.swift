/// Finds named parameters in a query, and refuses what two programs could read in two ways.
extension QueryParameter {
    /// Where the value is; nil when the parameter is absent.
    func value(in query: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while start < query.count {
            let pair = Self.pair(query, at: start)
            if case .same = resemblance(of: query.extracting(pair.key)), let value = pair.value {
                return value
            }
            start = pair.end + 1
        }
        return nil
    }

    /// Whether the parameter is absent, or there once with a value of its type.
    func isPlain(in query: Span<UInt8>) -> Bool {
        var isFound = false
        var start = 0
        while start < query.count {
            let pair = Self.pair(query, at: start)
            switch resemblance(of: query.extracting(pair.key)) {
            case .none: break
            case .near: return false
            case .same:
                guard !isFound, let value = pair.value, isValid(query.extracting(value)) else {
                    return false
                }
                isFound = true
            }
            start = pair.end + 1
        }
        return true
    }

    /// Whether no key of the query is the parameter's, or could be taken for it.
    package func isAbsent(from query: Span<UInt8>) -> Bool {
        var start = 0
        while start < query.count {
            let pair = Self.pair(query, at: start)
            guard case .none = resemblance(of: query.extracting(pair.key)) else { return false }
            start = pair.end + 1
        }
        return true
    }

    private enum Resemblance {
        case none
        /// Some programs take such a key for this one: `ID`, `id[]`, `id%00`, `id+`.
        case near
        case same
    }

    private func resemblance(of key: Span<UInt8>) -> Resemblance {
        let name = name.utf8.span
        guard key.count >= name.count else { return .none }
        var index = 0
        var isExact = true
        // Some programs drop white space before a key.
        while index < key.count {
            var next = index
            let byte = QueryText.next(key, &next)
            guard byte <= 0x20 || byte == UInt8(ascii: "+") else { break }
            index = next
            isExact = false
        }
        for position in name.indices {
            guard index < key.count else { return .none }
            let byte = QueryText.next(key, &index)
            guard byte != name[position] else { continue }
            guard byte | 0x20 == name[position] | 0x20, PathByte.isLetter(byte) else {
                return .none
            }
            isExact = false
        }
        if index == key.count { return isExact ? .same : .near }
        let byte = QueryText.next(key, &index)
        return PathByte.isUnreserved(byte) ? .none : .near
    }

    private func isValid(_ value: Span<UInt8>) -> Bool {
        guard Self.isText(value) else { return false }
        switch type {
        case .string: return true
        case .integer: return QueryText.integer(value) != nil
        case .boolean: return QueryText.boolean(value) != nil
        }
    }

    /// Whether all escapes are well-formed and make UTF-8 without controls. A `+` is a space to some
    /// programs and a plus to others.
    private static func isText(_ value: Span<UInt8>) -> Bool {
        var index = 0
        while index < value.count {
            let byte = value[index]
            if byte == UInt8(ascii: "%") {
                guard EscapeReader.isCharacter(value, at: &index) else { return false }
                continue
            }
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "+") else { return false }
            index += 1
        }
        return true
    }

    /// The pair that starts at `start`; `value` is nil where there is no `=`.
    private static func pair(
        _ query: Span<UInt8>, at start: Int
    ) -> (key: Range<Int>, value: Range<Int>?, end: Int) {
        var end = start
        var equals: Int?
        while end < query.count {
            let byte = query[end]
            if byte == UInt8(ascii: "&") || byte == UInt8(ascii: ";") { break }
            if byte == UInt8(ascii: "="), equals == nil { equals = end }
            end += 1
        }
        guard let equals else { return (start..<end, nil, end) }
        return (start..<equals, equals + 1..<end, end)
    }
}

extension PathByte {
    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

extension EscapeReader {
    /// Goes over one escaped character, and tells whether it is one: UTF-8, and no control.
    static func isCharacter(_ input: Span<UInt8>, at index: inout Int) -> Bool {
        guard let first = escaped(input, at: &index) else { return false }
        guard first >= 0x80 else { return !PathByte.isControl(first) }
        guard let (following, next) = UTF8Sequence.behind(first) else { return false }
        var bounds = next
        for _ in 0..<following {
            guard let next = escaped(input, at: &index), bounds.contains(next) else { return false }
            bounds = 0x80...0xBF
        }
        return true
    }

    private static func escaped(_ input: Span<UInt8>, at index: inout Int) -> UInt8? {
        guard input.count - index >= 3, input[index] == UInt8(ascii: "%"),
            let high = PathByte.hexValue(input[index + 1]),
            let low = PathByte.hexValue(input[index + 2])
        else { return nil }
        index += 3
        return high << 4 | low
    }
}
