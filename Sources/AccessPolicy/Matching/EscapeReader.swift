/// Reads one escaped character, `%61` or `%C3%A9`, and writes its canonical form.
enum EscapeReader {
    /// Before, `index` is that of the `%`; after, it is behind the character's last escape. `output`
    /// receives the decoded byte where it is unreserved, else the upper-case escapes. A delimiter is
    /// added to `opaque`.
    static func read(
        _ input: Span<UInt8>, at index: inout Int, into output: inout OutputSpan<UInt8>,
        _ opaque: inout EscapeSet
    ) throws(TargetRejection) {
        let first = try byte(input, at: &index)
        guard first >= 0x80 else {
            if PathByte.isUnreserved(first) {
                output.append(first)
                return
            }
            if PathByte.isControl(first) { throw .encodedControl }
            opaque.formUnion(EscapeSet(of: first))
            write(first, into: &output)
            return
        }
        write(first, into: &output)
        guard let (following, next) = UTF8Sequence.behind(first) else { throw .invalidUTF8 }
        var bounds = next
        for _ in 0..<following {
            guard index < input.count, input[index] == UInt8(ascii: "%") else { throw .invalidUTF8 }
            let next = try byte(input, at: &index)
            guard bounds.contains(next) else { throw .invalidUTF8 }
            write(next, into: &output)
            bounds = 0x80...0xBF
        }
    }

    private static func byte(
        _ input: Span<UInt8>, at index: inout Int
    ) throws(TargetRejection) -> UInt8 {
        guard input.count - index >= 3, let high = PathByte.hexValue(input[index + 1]),
            let low = PathByte.hexValue(input[index + 2])
        else { throw .malformedEscape }
        index += 3
        return high << 4 | low
    }

    private static func write(_ byte: UInt8, into output: inout OutputSpan<UInt8>) {
        output.append(UInt8(ascii: "%"))
        output.append(PathByte.hexDigit(byte >> 4))
        output.append(PathByte.hexDigit(byte & 15))
    }
}

/// Well-formed sequences of Unicode 16.0, table 3-7.
enum UTF8Sequence {
    /// What must follow a byte above 0x7F: how many bytes, and the bounds of the next one, which shut out
    /// overlong forms, surrogates and what is above U+10FFFF; nil where nothing makes it well-formed.
    /// Those after the next one are 0x80 to 0xBF.
    @inline(__always)
    static func behind(_ first: UInt8) -> (count: Int, next: ClosedRange<UInt8>)? {
        switch first {
        case 0xC2...0xDF: (1, 0x80...0xBF)
        case 0xE0: (2, 0xA0...0xBF)
        case 0xED: (2, 0x80...0x9F)
        case 0xE1...0xEF: (2, 0x80...0xBF)
        case 0xF0: (3, 0x90...0xBF)
        case 0xF1...0xF3: (3, 0x80...0xBF)
        case 0xF4: (3, 0x80...0x8F)
        default: nil
        }
    }
}
