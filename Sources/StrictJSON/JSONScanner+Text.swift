extension JSONScanner {
    /// Steps over a string at its opening quote. Its escapes are checked, and its bytes are; nothing
    /// is copied.
    mutating func readText(_ bytes: Span<UInt8>) throws(JSONError) -> JSONTextRange {
        let start = position &+ 1
        // Most texts are ASCII without escapes.
        let end = bytes.firstSpecial(from: start)
        if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
            position = end &+ 1
            return JSONTextRange(start: start, end: end)
        }
        return try readAnyText(bytes)
    }

    /// The same for any text.
    private mutating func readAnyText(_ bytes: Span<UInt8>) throws(JSONError) -> JSONTextRange {
        position &+= 1
        let start = position
        var hasEscapes = false
        var isASCII = true
        while true {
            position = bytes.firstSpecial(from: position)
            guard position < bytes.count else { throw JSONError(.unexpectedEnd, at: position) }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = JSONTextRange(start: start, end: position, hasEscapes: hasEscapes)
                position &+= 1
                if !isASCII { try Self.checkUTF8(bytes, start, text.end) }
                return text
            case UInt8(ascii: "\\"):
                hasEscapes = true
                position = try JSONEscape(bytes, at: position).end
            case 0x80...:
                isASCII = false
                position &+= 1
            default:
                throw JSONError(.controlCharacter, at: position)
            }
        }
    }

    /// `UTF8Span` refuses overlong forms and surrogates. Escapes are ASCII and cannot complete a
    /// sequence that their neighbours leave open.
    private static func checkUTF8(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int
    ) throws(JSONError) {
        do {
            _ = try UTF8Span(validating: bytes.extracting(start..<end))
        } catch {
            throw JSONError(.invalidUTF8, at: start)
        }
    }
}

extension Span<UInt8> {
    /// The closing quote of the string at `start`, if it is ASCII without escapes and not at the very end
    /// of the bytes; -1 for all other strings, and for what is none.
    @inline(__always)
    func plainTextEnd(at start: Int) -> Int {
        guard start < count, self[start] == UInt8(ascii: "\"") else { return -1 }
        var index = start &+ 1
        while count &- index >= 8 {
            if let first = ByteMarks(specialsIn: word(at: index)).first {
                let end = index &+ first
                return self[end] == UInt8(ascii: "\"") ? end : -1
            }
            index &+= 8
        }
        return -1
    }

    /// Where the plain part of a JSON string ends: the first quote, backslash, control character or
    /// byte beyond ASCII; the end of the bytes when there is none.
    @inline(__always)
    fileprivate func firstSpecial(from start: Int) -> Int {
        var index = start
        while count &- index >= 8 {
            if let first = ByteMarks(specialsIn: word(at: index)).first { return index &+ first }
            index &+= 8
        }
        guard index < count else { return count }
        // The zeros behind the last bytes are control characters.
        return index &+ (ByteMarks(specialsIn: lastWord(at: index)).first ?? 0)
    }
}
