extension JSONParser {
    /// Where the first top-level member of that name stands, if it is a string; nil when there is none.
    mutating func peekText(
        named name: JSONName, in bytes: Span<UInt8>
    ) throws(JSONError) -> JSONTextRange? {
        try begin(bytes)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "{") else {
            throw JSONError(.notAnObject, at: position)
        }
        position &+= 1
        if closes(with: UInt8(ascii: "}"), bytes) { return nil }
        while true {
            if try readName(bytes).isSameText(as: name.text.utf8.span, bytes) {
                return try peek(bytes) == UInt8(ascii: "\"") ? try readText(bytes) : nil
            }
            try skipValue(bytes)
            guard try continues(before: UInt8(ascii: "}"), bytes) else { return nil }
        }
    }

    /// Steps over one value by counting brackets: no recursion and no memory, whatever the depth.
    private mutating func skipValue(_ bytes: Span<UInt8>) throws(JSONError) {
        var depth = 0
        repeat {
            switch try peek(bytes) {
            case UInt8(ascii: "\""): _ = try readText(bytes)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth &+= 1
                position &+= 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth &-= 1
                position &+= 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D:
                position &+= 1
            default: skipScalar(bytes)
            }
            guard depth >= 0 else { throw JSONError(.unexpectedByte, at: position - 1) }
        } while depth > 0
    }

    /// A number or literal: everything up to the next structural byte or white space.
    private mutating func skipScalar(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "{"),
                UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), 0x20, 0x09, 0x0A, 0x0D:
                return
            default: position &+= 1
            }
        }
    }
}
