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
        // Well-formed sequences of Unicode 16.0, table 3-7: only the byte after the first one has
        // bounds of its own, which shut out overlong forms, surrogates and what is above U+10FFFF.
        var bounds: ClosedRange<UInt8> = 0x80...0xBF
        let following: Int
        switch first {
        case 0xC2...0xDF: following = 1
        case 0xE0: (following, bounds) = (2, 0xA0...0xBF)
        case 0xED: (following, bounds) = (2, 0x80...0x9F)
        case 0xE1...0xEF: following = 2
        case 0xF0: (following, bounds) = (3, 0x90...0xBF)
        case 0xF1...0xF3: following = 3
        case 0xF4: (following, bounds) = (3, 0x80...0x8F)
        default: throw .invalidUTF8
        }
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
