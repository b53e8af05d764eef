/// The recursive descent behind `JSONReader`. The bytes are handed to each step rather than stored,
/// so that a span never has to live in a struct.
///
/// It can step over values instead of building them: the same code, and so the same strictness, for
/// documents of which nobody will ask for more than a member or two.
struct JSONParser {
    private let limits: JSONLimits
    var position = 0
    /// The members of the objects that are open, outer ones first; once an outermost object has been
    /// read to its end, its members. Only the first `memberCount` count.
    private(set) var members: [JSONMemberRange] = []
    private(set) var memberCount = 0

    init(limits: JSONLimits, position: Int = 0) {
        self.limits = limits
        self.position = position
    }

    mutating func readDocument(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        try begin(bytes)
        let value = try readValue(bytes, depth: 0, isBuilding: true)
        try end(bytes)
        return value
    }

    /// Reads an object without building any value.
    mutating func readObject(_ bytes: Span<UInt8>) throws(JSONError) {
        try begin(bytes)
        let isObject = try peek(bytes) == UInt8(ascii: "{")
        _ = try readValue(bytes, depth: 0, isBuilding: false)
        try end(bytes)
        guard isObject else { throw JSONError(.notAnObject, at: 0) }
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

    private mutating func end(_ bytes: Span<UInt8>) throws(JSONError) {
        skipWhitespace(bytes)
        guard position == bytes.count else { throw JSONError(.trailingBytes, at: position) }
    }

    /// Reads the value at the position. When it is not built, the result means nothing.
    mutating func readValue(
        _ bytes: Span<UInt8>, depth: Int, isBuilding: Bool
    ) throws(JSONError) -> JSONValue {
        switch try peek(bytes) {
        case UInt8(ascii: "\""):
            let text = try readText(bytes)
            return isBuilding ? .string(try string(text, bytes)) : .null
        case UInt8(ascii: "{"):
            return .object(try readMembers(bytes, depth: depth + 1, isBuilding))
        case UInt8(ascii: "["):
            return .array(try readElements(bytes, depth: depth + 1, isBuilding))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let start = position
            try readNumber(bytes)
            guard isBuilding else { return .null }
            let text = JSONTextRange(start: start, end: position)
            return .number(JSONNumber(checked: try string(text, bytes)))
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

    /// Steps over an opening bracket.
    private mutating func enter(_ depth: Int) throws(JSONError) {
        guard depth <= limits.depth else { throw JSONError(.tooDeep, at: position) }
        position &+= 1
    }

    private mutating func readMembers(
        _ bytes: Span<UInt8>, depth: Int, _ isBuilding: Bool
    ) throws(JSONError) -> [JSONMember] {
        try enter(depth)
        var built: [JSONMember] = []
        let first = memberCount
        // One bit for each sixty-fourth of all names: most are seen to be new without a comparison.
        var seen: UInt64 = 0
        if closes(with: UInt8(ascii: "}"), bytes) { return built }
        defer { if depth > 1 { memberCount = first } }
        // A claims set has about a dozen; growing there step by step would copy them three times.
        if first == 0 { members.reserveCapacity(16) }
        while true {
            guard memberCount &- first < limits.members else {
                throw JSONError(.tooManyMembers, at: position)
            }
            let start = position
            var member = JSONMemberRange(name: try readName(bytes), bytes)
            guard member.name.count(in: bytes) <= limits.nameBytes else {
                throw JSONError(.nameTooLong, at: start)
            }
            if seen & member.bit != 0, hasMember(like: member, from: first, bytes) {
                throw JSONError(.duplicateMember, at: start)
            }
            seen |= member.bit
            let index = memberCount
            member.valueStart = UInt32(truncatingIfNeeded: position)
            push(member)
            let value = try readValue(bytes, depth: depth, isBuilding: isBuilding)
            members[index].valueEnd = UInt32(truncatingIfNeeded: position)
            if isBuilding {
                built.append(
                    JSONMember(name: try string(member.name, bytes), value: value))
            }
            guard try continues(before: UInt8(ascii: "}"), bytes) else { return built }
        }
    }

    private mutating func push(_ member: JSONMemberRange) {
        if memberCount < members.count {
            members[memberCount] = member
        } else {
            members.append(member)
        }
        memberCount &+= 1
    }

    private func hasMember(
        like member: JSONMemberRange, from first: Int, _ bytes: Span<UInt8>
    ) -> Bool {
        let members = members
        let span = members.span
        for index in first..<memberCount
        where span[index].fingerprint == member.fingerprint
            && span[index].name.isSameText(as: member.name, bytes)
        {
            return true
        }
        return false
    }

    private mutating func readElements(
        _ bytes: Span<UInt8>, depth: Int, _ isBuilding: Bool
    ) throws(JSONError) -> [JSONValue] {
        try enter(depth)
        var elements: [JSONValue] = []
        var count = 0
        if closes(with: UInt8(ascii: "]"), bytes) { return elements }
        while true {
            guard count < limits.elements else {
                throw JSONError(.tooManyElements, at: position)
            }
            count &+= 1
            let element = try readValue(bytes, depth: depth, isBuilding: isBuilding)
            if isBuilding { elements.append(element) }
            guard try continues(before: UInt8(ascii: "]"), bytes) else { return elements }
        }
    }

    /// A member's name and the colon after it; leaves the position at its value.
    mutating func readName(_ bytes: Span<UInt8>) throws(JSONError) -> JSONTextRange {
        guard try peek(bytes) == UInt8(ascii: "\"") else {
            throw JSONError(.unexpectedByte, at: position)
        }
        let name = try readText(bytes)
        if position &+ 1 < bytes.count, bytes[position] == UInt8(ascii: ":"),
            bytes[position &+ 1] > 0x20
        {
            position &+= 1
            return name
        }
        skipWhitespace(bytes)
        guard try peek(bytes) == UInt8(ascii: ":") else {
            throw JSONError(.unexpectedByte, at: position)
        }
        position &+= 1
        skipWhitespace(bytes)
        return name
    }

    /// Steps over white space and, if it is there, the bracket that closes an empty container.
    mutating func closes(with bracket: UInt8, _ bytes: Span<UInt8>) -> Bool {
        skipWhitespace(bytes)
        guard position < bytes.count, bytes[position] == bracket else { return false }
        position &+= 1
        return true
    }

    /// After a member or element: true at a comma (stepped over), false at the closing bracket.
    @inline(__always)
    mutating func continues(
        before bracket: UInt8, _ bytes: Span<UInt8>
    ) throws(JSONError) -> Bool {
        // Machines write no white space.
        if position &+ 1 < bytes.count, bytes[position] == UInt8(ascii: ","),
            bytes[position &+ 1] > 0x20
        {
            position &+= 1
            return true
        }
        return try continuesBehindWhitespace(before: bracket, bytes)
    }

    private mutating func continuesBehindWhitespace(
        before bracket: UInt8, _ bytes: Span<UInt8>
    ) throws(JSONError) -> Bool {
        skipWhitespace(bytes)
        let byte = try peek(bytes)
        guard byte == bracket || byte == UInt8(ascii: ",") else {
            throw JSONError(.unexpectedByte, at: position)
        }
        position &+= 1
        guard byte != bracket else { return false }
        skipWhitespace(bytes)
        return true
    }

    private mutating func readLiteral(
        _ literal: String, _ bytes: Span<UInt8>
    ) throws(JSONError) {
        for expected in literal.utf8 {
            guard try peek(bytes) == expected else {
                throw JSONError(.unexpectedByte, at: position)
            }
            position &+= 1
        }
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, RFC 8259 § 6.
    private mutating func readNumber(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = position
        // Nearly all numbers are digits only, the first of them no zero.
        if bytes[start] > UInt8(ascii: "0") {
            var end = start
            while end < bytes.count, isDigit(bytes[end]) { end &+= 1 }
            position = end
            guard end < bytes.count else { return }
            let next = bytes[end]
            if next == UInt8(ascii: ",") || next == UInt8(ascii: "}") || next == UInt8(ascii: "]") {
                return
            }
            position = start
        }
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
    }

    private mutating func skip(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position &+= 1
        return true
    }

    private mutating func skipDigits(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position &+= 1 }
        guard position > start else { throw JSONError(.invalidNumber, at: position) }
    }

    @inline(__always)
    mutating func skipWhitespace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position &+= 1
            default: return
            }
        }
    }

    @inline(__always)
    func peek(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw JSONError(.unexpectedEnd, at: position) }
        return bytes[position]
    }
}

private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
}
