extension JSONParser {
    /// Steps over a string at its opening quote. Its escapes are checked, and its bytes are; nothing
    /// is copied.
    mutating func readText(_ bytes: Span<UInt8>) throws(JSONError) -> JSONTextRange {
        position &+= 1
        let start = position
        var hasEscapes = false
        var isASCII = true
        while true {
            position = Self.firstSpecial(bytes, from: position, &isASCII)
            guard position < bytes.count else { throw JSONError(.unexpectedEnd, at: position) }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = JSONTextRange(start: start, end: position, hasEscapes: hasEscapes)
                position &+= 1
                if !isASCII { try Self.checkUTF8(bytes, start, text.end) }
                return text
            case UInt8(ascii: "\\"):
                hasEscapes = true
                let escape = try JSONEscape(bytes, at: position)
                position = escape.end
            default:
                throw JSONError(.controlCharacter, at: position)
            }
        }
    }

    /// The first quote, backslash or control character; the end of the bytes when there is none.
    @inline(__always)
    private static func firstSpecial(
        _ bytes: Span<UInt8>, from start: Int, _ isASCII: inout Bool
    ) -> Int {
        var index = start
        while bytes.count &- index >= 8 {
            let word = bytes.word(at: index)
            let high = word & 0x8080_8080_8080_8080
            guard let first = ByteMarks(quotesBackslashesAndControlsIn: word).first else {
                if high != 0 { isASCII = false }
                index &+= 8
                continue
            }
            // Only what is before the mark belongs to this string.
            if high != 0, high.trailingZeroBitCount < first &* 8 { isASCII = false }
            return index &+ first
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            if byte >= 0x80 { isASCII = false }
            index &+= 1
        }
        return index
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

    /// Reads a string at its opening quote.
    mutating func readString(_ bytes: Span<UInt8>) throws(JSONError) -> String {
        let text = try readText(bytes)
        return try string(text, bytes)
    }

    /// The text of a string or number.
    func string(_ text: JSONTextRange, _ bytes: Span<UInt8>) throws(JSONError) -> String {
        do {
            guard text.hasEscapes else {
                let raw = bytes.extracting(text.start..<text.end)
                return String(copying: try UTF8Span(validating: raw))
            }
            let resolved = JSONEscape.resolve(text, bytes)
            return String(copying: try UTF8Span(validating: resolved.span))
        } catch {
            throw JSONError(.invalidUTF8, at: text.start)
        }
    }
}
