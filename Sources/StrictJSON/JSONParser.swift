/// The recursive descent behind `JSONReader`. The bytes are handed to each step rather than stored,
/// so that a span never has to live in a struct.
struct JSONParser {
    private let limits: JSONLimits
    var position = 0

    init(limits: JSONLimits) {
        self.limits = limits
    }

    mutating func readDocument(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        try begin(bytes)
        let value = try readValue(bytes, depth: 0)
        skipWhitespace(bytes)
        guard position == bytes.count else { throw JSONError(.trailingBytes, at: position) }
        return value
    }

    /// The checks that precede the first value.
    mutating func begin(_ bytes: Span<UInt8>) throws(JSONError) {
        guard bytes.count <= limits.bytes else { throw JSONError(.tooManyBytes, at: limits.bytes) }
        // A UTF-8 BOM, or either byte of a UTF-16 one: RFC 8259 § 8.1 forbids to write them.
        if bytes.count >= 1, bytes[0] == 0xEF || bytes[0] == 0xFE || bytes[0] == 0xFF {
            throw JSONError(.byteOrderMark, at: 0)
        }
        skipWhitespace(bytes)
    }

    private mutating func readValue(
        _ bytes: Span<UInt8>, depth: Int
    ) throws(JSONError) -> JSONValue {
        switch try peek(bytes) {
        case UInt8(ascii: "\""): return .string(try readString(bytes))
        case UInt8(ascii: "{"): return .object(try readMembers(bytes, depth: depth + 1))
        case UInt8(ascii: "["): return .array(try readElements(bytes, depth: depth + 1))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .number(try readNumber(bytes))
        case UInt8(ascii: "t"):
            try readLiteral("true", bytes)
            return .bool(true)
        case UInt8(ascii: "f"):
            try readLiteral("false", bytes)
            return .bool(false)
        case UInt8(ascii: "n"):
            try readLiteral("null", bytes)
            return .null
        default:
            throw JSONError(.unexpectedByte, at: position)
        }
    }

    private mutating func readMembers(
        _ bytes: Span<UInt8>, depth: Int
    ) throws(JSONError) -> [JSONMember] {
        try enter(depth)
        var members: [JSONMember] = []
        if closes(with: UInt8(ascii: "}"), bytes) { return members }
        while true {
            guard members.count < limits.members else {
                throw JSONError(.tooManyMembers, at: position)
            }
            let start = position
            let name = try readName(bytes)
            let fingerprint = JSONMember.fingerprint(of: name)
            for member in members
            where member.nameFingerprint == fingerprint && member.name.hasSameBytes(as: name) {
                throw JSONError(.duplicateMember, at: start)
            }
            let value = try readValue(bytes, depth: depth)
            members.append(JSONMember(name: name, fingerprint: fingerprint, value: value))
            guard try continues(before: UInt8(ascii: "}"), bytes) else { return members }
        }
    }

    private mutating func readElements(
        _ bytes: Span<UInt8>, depth: Int
    ) throws(JSONError) -> [JSONValue] {
        try enter(depth)
        var elements: [JSONValue] = []
        if closes(with: UInt8(ascii: "]"), bytes) { return elements }
        while true {
            guard elements.count < limits.elements else {
                throw JSONError(.tooManyElements, at: position)
            }
            elements.append(try readValue(bytes, depth: depth))
            guard try continues(before: UInt8(ascii: "]"), bytes) else { return elements }
        }
    }

    /// A member's name and the colon after it; leaves the position at its value.
    mutating func readName(_ bytes: Span<UInt8>) throws(JSONError) -> String {
        let start = position
        guard try peek(bytes) == UInt8(ascii: "\"") else {
            throw JSONError(.unexpectedByte, at: position)
        }
        let name = try readString(bytes)
        guard name.utf8.count <= limits.nameBytes else { throw JSONError(.nameTooLong, at: start) }
        skipWhitespace(bytes)
        guard try peek(bytes) == UInt8(ascii: ":") else {
            throw JSONError(.unexpectedByte, at: position)
        }
        position += 1
        skipWhitespace(bytes)
        return name
    }

    /// Steps over an opening bracket.
    private mutating func enter(_ depth: Int) throws(JSONError) {
        guard depth <= limits.depth else { throw JSONError(.tooDeep, at: position) }
        position += 1
    }

    /// Steps over white space and, if it is there, the bracket that closes an empty container.
    mutating func closes(with bracket: UInt8, _ bytes: Span<UInt8>) -> Bool {
        skipWhitespace(bytes)
        guard position < bytes.count, bytes[position] == bracket else { return false }
        position += 1
        return true
    }

    /// After a member or element: true at a comma (stepped over), false at the closing bracket.
    mutating func continues(
        before bracket: UInt8, _ bytes: Span<UInt8>
    ) throws(JSONError) -> Bool {
        skipWhitespace(bytes)
        let byte = try peek(bytes)
        guard byte == bracket || byte == UInt8(ascii: ",") else {
            throw JSONError(.unexpectedByte, at: position)
        }
        position += 1
        guard byte != bracket else { return false }
        skipWhitespace(bytes)
        return true
    }

    private mutating func readLiteral(
        _ literal: StaticString, _ bytes: Span<UInt8>
    ) throws(JSONError) {
        for expected in String(describing: literal).utf8 {
            guard try peek(bytes) == expected else {
                throw JSONError(.unexpectedByte, at: position)
            }
            position += 1
        }
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, RFC 8259 § 6.
    private mutating func readNumber(_ bytes: Span<UInt8>) throws(JSONError) -> JSONNumber {
        let start = position
        _ = skip(UInt8(ascii: "-"), bytes)
        if !skip(UInt8(ascii: "0"), bytes) { try skipDigits(bytes) }
        if skip(UInt8(ascii: "."), bytes) { try skipDigits(bytes) }
        if skip(UInt8(ascii: "e"), bytes) || skip(UInt8(ascii: "E"), bytes) {
            _ = skip(UInt8(ascii: "+"), bytes) || skip(UInt8(ascii: "-"), bytes)
            try skipDigits(bytes)
        }
        if position < bytes.count, isDigit(bytes[position]) {
            throw JSONError(.invalidNumber, at: start)  // a leading zero
        }
        return JSONNumber(checked: try text(bytes, start, position))
    }

    private mutating func skip(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipDigits(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        guard position > start else { throw JSONError(.invalidNumber, at: position) }
    }

    mutating func skipWhitespace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    func peek(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw JSONError(.unexpectedEnd, at: position) }
        return bytes[position]
    }
}

private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
}
