/// The recursive descent behind `JSONReader`: steps over a document, strictly, and notes where the
/// members of its outermost object are. Values are made later, of what is asked for.
///
/// The bytes are handed to each step rather than stored, so that a span never has to live in a struct;
/// so is the room for the members of the objects that are open, outer ones first.
struct JSONScanner {
    private let limits: JSONLimits
    var position = 0
    /// How many members the open objects have so far; at the end, those of the outermost object.
    private(set) var memberCount = 0
    /// Whether the document was given up because there was no room for another member.
    private(set) var lacksRoom = false

    init(limits: JSONLimits, position: Int = 0) {
        self.limits = limits
        self.position = position
    }

    /// Steps over a whole document.
    mutating func readDocument(
        _ bytes: Span<UInt8>, _ room: inout MutableSpan<JSONMemberRange>
    ) throws(JSONError) {
        try begin(bytes)
        try readValue(bytes, &room, depth: 0)
        skipWhitespace(bytes)
        guard position == bytes.count else { throw JSONError(.trailingBytes, at: position) }
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

    /// Steps over the value at the position.
    private mutating func readValue(
        _ bytes: Span<UInt8>, _ room: inout MutableSpan<JSONMemberRange>, depth: Int
    ) throws(JSONError) {
        switch try peek(bytes) {
        case UInt8(ascii: "\""): _ = try readText(bytes)
        case UInt8(ascii: "{"): try readMembers(bytes, &room, depth: depth + 1)
        case UInt8(ascii: "["): try readElements(bytes, &room, depth: depth + 1)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber(bytes)
        case UInt8(ascii: "t"): try readLiteral("true", bytes)
        case UInt8(ascii: "f"): try readLiteral("false", bytes)
        case UInt8(ascii: "n"): try readLiteral("null", bytes)
        default: throw JSONError(.unexpectedByte, at: position)
        }
    }

    /// Steps over an opening bracket.
    private mutating func enter(_ depth: Int) throws(JSONError) {
        guard depth <= limits.depth else { throw JSONError(.tooDeep, at: position) }
        position &+= 1
    }

    private mutating func readMembers(
        _ bytes: Span<UInt8>, _ room: inout MutableSpan<JSONMemberRange>, depth: Int
    ) throws(JSONError) {
        try enter(depth)
        let first = memberCount
        // One bit for each sixty-fourth of all names: most are seen to be new without a comparison.
        var seen: UInt64 = 0
        if closes(with: UInt8(ascii: "}"), bytes) { return }
        while true {
            guard memberCount &- first < limits.members else {
                throw JSONError(.tooManyMembers, at: position)
            }
            let start = position
            var member = try readMemberName(bytes)
            guard member.nameByteCount(in: bytes) <= limits.nameBytes else {
                throw JSONError(.nameTooLong, at: start)
            }
            if seen & member.bit != 0, hasMember(like: member, in: room, from: first, bytes) {
                throw JSONError(.duplicateMember, at: start)
            }
            seen |= member.bit
            // In a register: through memory, each step would wait for the one before.
            let valueStart = position
            var end = bytes.plainTextEnd(at: valueStart) &+ 1
            var isPlain = end != 0
            if !isPlain {
                isPlain = try readUncommonValue(bytes, &room, depth: depth)
                end = position
            }
            member.setValue(valueStart, end, isPlainText: isPlain)
            guard memberCount < room.count else {
                lacksRoom = true
                throw JSONError(.tooManyMembers, at: end)
            }
            room[memberCount] = member
            memberCount &+= 1
            // Machines write no white space.
            if end &+ 1 < bytes.count, bytes[end] == UInt8(ascii: ","), bytes[end &+ 1] > 0x20 {
                position = end &+ 1
                continue
            }
            position = end
            guard try continues(before: UInt8(ascii: "}"), bytes) else { break }
        }
        if depth > 1 { memberCount = first }
    }

    /// Steps over a value that is no plain text.
    /// - Returns: whether it is one nevertheless.
    private mutating func readUncommonValue(
        _ bytes: Span<UInt8>, _ room: inout MutableSpan<JSONMemberRange>, depth: Int
    ) throws(JSONError) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            try readValue(bytes, &room, depth: depth)
            return false
        }
        return try !readText(bytes).hasEscapes
    }

    private func hasMember(
        like member: JSONMemberRange, in room: borrowing MutableSpan<JSONMemberRange>,
        from first: Int, _ bytes: Span<UInt8>
    ) -> Bool {
        for index in first..<memberCount
        where room[index].fingerprint == member.fingerprint
            && room[index].name.isSameText(as: member.name, bytes)
        {
            return true
        }
        return false
    }

    private mutating func readElements(
        _ bytes: Span<UInt8>, _ room: inout MutableSpan<JSONMemberRange>, depth: Int
    ) throws(JSONError) {
        try enter(depth)
        var count = 0
        if closes(with: UInt8(ascii: "]"), bytes) { return }
        repeat {
            guard count < limits.elements else {
                throw JSONError(.tooManyElements, at: position)
            }
            count &+= 1
            try readValue(bytes, &room, depth: depth)
        } while try continues(before: UInt8(ascii: "]"), bytes)
    }

    /// A member's name and the colon after it; leaves the position at its value.
    @inline(__always)
    private mutating func readMemberName(
        _ bytes: Span<UInt8>
    ) throws(JSONError) -> JSONMemberRange {
        let start = position &+ 1
        // Most names are shorter than a word, which then is all that has to be looked at.
        if bytes.count &- position > 10, bytes[position] == UInt8(ascii: "\"") {
            let word = bytes.word(at: start)
            if let length = ByteMarks(specialsIn: word).first {
                let end = start &+ length
                if bytes[end] == UInt8(ascii: "\""), bytes[end &+ 1] == UInt8(ascii: ":"),
                    bytes[end &+ 2] > 0x20
                {
                    position = end &+ 2
                    return JSONMemberRange(shortName: word, start, length)
                }
            }
        }
        return JSONMemberRange(name: try readName(bytes), bytes)
    }

    /// The same for any name.
    mutating func readName(_ bytes: Span<UInt8>) throws(JSONError) -> JSONTextRange {
        guard try peek(bytes) == UInt8(ascii: "\"") else {
            throw JSONError(.unexpectedByte, at: position)
        }
        let name = try readText(bytes)
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

    @inline(__always)
    mutating func skipWhitespace(_ bytes: Span<UInt8>) {
        while position < bytes.count, Self.isWhitespace(bytes[position]) { position &+= 1 }
    }

    @inline(__always)
    static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    @inline(__always)
    func peek(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw JSONError(.unexpectedEnd, at: position) }
        return bytes[position]
    }
}
