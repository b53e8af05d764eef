extension JSONParser {
    /// Reads a string at its opening quote. Nearly all strings have no escape and are copied in one
    /// piece.
    mutating func readString(_ bytes: Span<UInt8>) throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return try text(bytes, start, position - 1)
            case UInt8(ascii: "\\"):
                return try readEscapedString(bytes, from: start)
            case 0..<0x20:
                throw JSONError(.controlCharacter, at: position)
            default:
                position += 1
            }
        }
        throw JSONError(.unexpectedEnd, at: position)
    }

    /// The bytes of a range as text. `UTF8Span` refuses overlong forms and surrogates.
    func text(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(JSONError) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes.extracting(start..<end)))
        } catch {
            throw JSONError(.invalidUTF8, at: start)
        }
    }

    private mutating func readEscapedString(
        _ bytes: Span<UInt8>, from start: Int
    ) throws(JSONError) -> String {
        var resolved: [UInt8] = []
        for index in start..<position { resolved.append(bytes[index]) }
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                do {
                    return String(copying: try UTF8Span(validating: resolved.span))
                } catch {
                    throw JSONError(.invalidUTF8, at: start)
                }
            case UInt8(ascii: "\\"):
                try readEscape(bytes, into: &resolved)
            case 0..<0x20:
                throw JSONError(.controlCharacter, at: position)
            default:
                resolved.append(byte)
                position += 1
            }
        }
        throw JSONError(.unexpectedEnd, at: position)
    }

    private mutating func readEscape(
        _ bytes: Span<UInt8>, into resolved: inout [UInt8]
    ) throws(JSONError) {
        let start = position
        position += 1
        let kind = try peek(bytes)
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): resolved.append(kind)
        case UInt8(ascii: "b"): resolved.append(0x08)
        case UInt8(ascii: "f"): resolved.append(0x0C)
        case UInt8(ascii: "n"): resolved.append(0x0A)
        case UInt8(ascii: "r"): resolved.append(0x0D)
        case UInt8(ascii: "t"): resolved.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try readScalar(bytes, from: start)
            resolved.append(contentsOf: Array(Character(scalar).utf8))
        default: throw JSONError(.invalidEscape, at: start)
        }
    }

    /// `XXXX`, or `XXXX\uXXXX` for a scalar beyond the basic plane (RFC 8259 § 7).
    private mutating func readScalar(
        _ bytes: Span<UInt8>, from start: Int
    ) throws(JSONError) -> Unicode.Scalar {
        let first = try readFourHexDigits(bytes, from: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        // Only surrogates are no scalars: a high one must be followed by a low one.
        guard first < 0xDC00, position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
        else { throw JSONError(.loneSurrogate, at: start) }
        position += 2
        let second = try readFourHexDigits(bytes, from: start)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw JSONError(.loneSurrogate, at: start) }
        return scalar
    }

    private mutating func readFourHexDigits(
        _ bytes: Span<UInt8>, from start: Int
    ) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try peek(bytes)
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw JSONError(.invalidEscape, at: start)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
