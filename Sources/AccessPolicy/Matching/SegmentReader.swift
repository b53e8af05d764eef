/// Reads segments byte by byte, and decodes their escapes where they hold any.
struct SegmentReader {
    let decodes: Bool
    /// Whether upper-case letters (of ASCII, as in every protocol element) become lower-case ones.
    var ignoresCase = false

    /// The next byte of a segment that is not empty.
    @inline(__always)
    func pop(_ bytes: Span<UInt8>, _ range: inout Range<Int>) -> UInt8 {
        let start = range.lowerBound
        let byte = bytes[start]
        guard decodes, byte == UInt8(ascii: "%") else {
            range = (start &+ 1)..<range.upperBound
            return ignoresCase && PathByte.isUppercase(byte) ? byte | 0x20 : byte
        }
        range = (start + 3)..<range.upperBound
        // Both digits are there and valid: the initializer wrote them.
        let high = PathByte.hexValue(bytes[start + 1]) ?? 0
        let low = PathByte.hexValue(bytes[start + 2]) ?? 0
        return high << 4 | low
    }

    /// Whether the decoded segment is the part `range` of `text`.
    func isEqual(
        _ bytes: Span<UInt8>, _ segment: Range<Int>, _ text: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        // An escape only gets shorter when it is decoded.
        guard decodes ? segment.count >= range.count : segment.count == range.count else {
            return false
        }
        var rest = segment
        for position in range {
            guard !rest.isEmpty, pop(bytes, &rest) == text[position] else { return false }
        }
        return rest.isEmpty
    }

    /// Whether the decoded segment ends with the part `range` of `text`, and holds something before it.
    func hasSuffix(
        _ bytes: Span<UInt8>, _ segment: Range<Int>, _ text: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        guard segment.count > range.count else { return false }
        var start = segment.upperBound - range.count
        if decodes {
            // Forward, since a digit of an escape is not to be told from one that stands for itself.
            var (rest, length) = (segment, 0)
            while !rest.isEmpty {
                _ = pop(bytes, &rest)
                length += 1
            }
            guard length > range.count else { return false }
            rest = segment
            for _ in 0..<(length - range.count) { _ = pop(bytes, &rest) }
            start = rest.lowerBound
        }
        return isEqual(bytes, start..<segment.upperBound, text, range)
    }

    func areEqual(_ bytes: Span<UInt8>, _ first: Range<Int>, _ second: Range<Int>) -> Bool {
        var (left, right) = (first, second)
        while !left.isEmpty, !right.isEmpty {
            guard pop(bytes, &left) == pop(bytes, &right) else { return false }
        }
        return left.isEmpty && right.isEmpty
    }

    func text(_ bytes: Span<UInt8>, _ segment: Range<Int>) -> [UInt8] {
        var rest = segment
        var text: [UInt8] = []
        while !rest.isEmpty { text.append(pop(bytes, &rest)) }
        return text
    }
}
