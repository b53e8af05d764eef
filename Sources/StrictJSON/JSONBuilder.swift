/// Makes values of what a scanner has been over. It would find nothing to refuse.
struct JSONBuilder {
    private var scanner: JSONScanner

    /// - Parameter position: where the value begins.
    init(position: Int = 0) {
        scanner = JSONScanner(limits: .unlimited, position: position)
    }

    /// The value at the position, and white space before it.
    mutating func value(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        scanner.skipWhitespace(bytes)
        switch try scanner.peek(bytes) {
        case UInt8(ascii: "\""): return .string(try scanner.readText(bytes).string(in: bytes))
        case UInt8(ascii: "{"): return .object(try members(bytes))
        case UInt8(ascii: "["): return .array(try elements(bytes))
        case UInt8(ascii: "t"): return skip(4, .bool(true))
        case UInt8(ascii: "f"): return skip(5, .bool(false))
        case UInt8(ascii: "n"): return skip(4, .null)
        default:
            let start = scanner.position
            try scanner.readNumber(bytes)
            let text = JSONTextRange(start: start, end: scanner.position)
            return .number(JSONNumber(checked: try text.string(in: bytes)))
        }
    }

    private mutating func skip(_ count: Int, _ value: JSONValue) -> JSONValue {
        scanner.position += count
        return value
    }

    private mutating func members(_ bytes: Span<UInt8>) throws(JSONError) -> [JSONMember] {
        scanner.position += 1
        var members: [JSONMember] = []
        guard !scanner.closes(with: UInt8(ascii: "}"), bytes) else { return members }
        repeat {
            let name = try scanner.readName(bytes).string(in: bytes)
            members.append(JSONMember(name: name, value: try value(bytes)))
        } while try scanner.continues(before: UInt8(ascii: "}"), bytes)
        return members
    }

    private mutating func elements(_ bytes: Span<UInt8>) throws(JSONError) -> [JSONValue] {
        scanner.position += 1
        var elements: [JSONValue] = []
        guard !scanner.closes(with: UInt8(ascii: "]"), bytes) else { return elements }
        repeat {
            elements.append(try value(bytes))
        } while try scanner.continues(before: UInt8(ascii: "]"), bytes)
        return elements
    }
}

extension JSONTextRange {
    /// The text of a string or number.
    func string(in bytes: Span<UInt8>) throws(JSONError) -> String {
        do {
            guard hasEscapes else {
                return String(copying: try UTF8Span(validating: bytes.extracting(start..<end)))
            }
            let resolved = JSONEscape.resolve(self, bytes)
            return String(copying: try UTF8Span(validating: resolved.span))
        } catch {
            throw JSONError(.invalidUTF8, at: start)
        }
    }
}
