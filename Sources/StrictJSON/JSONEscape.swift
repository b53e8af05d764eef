/// An escape sequence in a string (RFC 8259 § 7).
struct JSONEscape {
    /// What it stands for.
    let scalar: Unicode.Scalar
    /// The first byte behind it.
    let end: Int

    /// Reads the sequence whose backslash is at `start`.
    init(_ bytes: Span<UInt8>, at start: Int) throws(JSONError) {
        guard start + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: start + 1) }
        let kind = bytes[start + 1]
        if kind == UInt8(ascii: "u") {
            (scalar, end) = try Self.readScalar(bytes, at: start)
            return
        }
        end = start + 2
        switch kind {
        case UInt8(ascii: "\""): scalar = "\""
        case UInt8(ascii: "\\"): scalar = "\\"
        case UInt8(ascii: "/"): scalar = "/"
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "f"): scalar = "\u{C}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        default: throw JSONError(.invalidEscape, at: start)
        }
    }

    /// `\uXXXX`, or `\uXXXX\uXXXX` for a scalar beyond the basic plane.
    private static func readScalar(
        _ bytes: Span<UInt8>, at start: Int
    ) throws(JSONError) -> (Unicode.Scalar, end: Int) {
        let first = try readFourHexDigits(bytes, at: start + 2, of: start)
        if let scalar = Unicode.Scalar(first) { return (scalar, start + 6) }
        // Only surrogates are no scalars: a high one must be followed by a low one.
        guard first < 0xDC00, start + 7 < bytes.count,
            bytes[start + 6] == UInt8(ascii: "\\"), bytes[start + 7] == UInt8(ascii: "u")
        else { throw JSONError(.loneSurrogate, at: start) }
        let second = try readFourHexDigits(bytes, at: start + 8, of: start)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw JSONError(.loneSurrogate, at: start) }
        return (scalar, start + 12)
    }

    private static func readFourHexDigits(
        _ bytes: Span<UInt8>, at position: Int, of start: Int
    ) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for index in position..<position + 4 {
            guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
            let byte = bytes[index]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw JSONError(.invalidEscape, at: start)
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// Whether a text whose escapes have been checked stands for these bytes. Nothing is allocated, and
    /// no more is read than is the same: anybody may send a thousand such names.
    static func resolves(
        _ text: JSONTextRange, _ bytes: Span<UInt8>, to wanted: Span<UInt8>
    ) -> Bool {
        var index = text.start
        var place = 0
        while index < text.end {
            guard place < wanted.count else { return false }
            if bytes[index] == UInt8(ascii: "\\"), let escape = try? JSONEscape(bytes, at: index) {
                for unit in escape.scalar.utf8 {
                    guard place < wanted.count, wanted[place] == unit else { return false }
                    place += 1
                }
                index = escape.end
            } else {
                guard bytes[index] == wanted[place] else { return false }
                place += 1
                index += 1
            }
        }
        return place == wanted.count
    }

    /// The bytes of a text whose escapes have been checked.
    static func resolve(_ text: JSONTextRange, _ bytes: Span<UInt8>) -> [UInt8] {
        var resolved: [UInt8] = []
        resolved.reserveCapacity(text.end - text.start)
        var index = text.start
        while index < text.end {
            if bytes[index] == UInt8(ascii: "\\"), let escape = try? JSONEscape(bytes, at: index) {
                resolved.append(contentsOf: escape.scalar.utf8)
                index = escape.end
            } else {
                resolved.append(bytes[index])
                index += 1
            }
        }
        return resolved
    }
}
