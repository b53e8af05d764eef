extension JSONParser {
    mutating func peekString(
        named name: StaticString, in bytes: Span<UInt8>
    ) throws(JSONError) -> String? {
        try begin(bytes)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "{") else {
            throw JSONError(.notAnObject, at: position)
        }
        position += 1
        if closes(with: UInt8(ascii: "}"), bytes) { return nil }
        let wanted = String(describing: name)
        while true {
            if try readName(bytes).hasSameBytes(as: wanted) {
                return try peek(bytes) == UInt8(ascii: "\"") ? try readString(bytes) : nil
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
            case UInt8(ascii: "\""): try skipString(bytes)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D:
                position += 1
            default: skipScalar(bytes)
            }
            guard depth >= 0 else { throw JSONError(.unexpectedByte, at: position - 1) }
        } while depth > 0
    }

    private mutating func skipString(_ bytes: Span<UInt8>) throws(JSONError) {
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return }
        }
        throw JSONError(.unexpectedEnd, at: bytes.count)
    }

    /// A number or literal: everything up to the next structural byte or white space.
    private mutating func skipScalar(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "{"),
                UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), 0x20, 0x09, 0x0A, 0x0D:
                return
            default: position += 1
            }
        }
    }
}
