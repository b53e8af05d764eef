/// Segments are compared by what they decode to: `%3A` and `:` are one character to the upstream, so a
/// rule about one is a rule about both. It is decoded once, on the way and without storage; a folded
/// segment stands for itself.
extension CanonicalPath {
    /// Whether the decoded segment is exactly `text`.
    package func segment(
        _ number: Int, in view: PathView = .asSent, equals text: Span<UInt8>
    ) -> Bool {
        read(view) { SegmentReader(decodes: $2).order($0, $1[number], text) == 0 }
    }

    /// Whether two segments decode to the same text.
    package func segment(
        _ number: Int, in view: PathView = .asSent, equalsSegment other: Int
    ) -> Bool {
        read(view) { bytes, ranges, decodes in
            let reader = SegmentReader(decodes: decodes)
            return reader.areEqual(bytes, ranges[number], ranges[other])
        }
    }

    /// The decoded segment as a value, for explanations and for the compiler of patterns; requests
    /// never need it.
    package func text(ofSegment number: Int, in view: PathView = .asSent) -> [UInt8] {
        read(view) { SegmentReader(decodes: $2).text($0, $1[number]) }
    }

    /// Whether a segment decodes to the same text in both views.
    func isSameInBothViews(segment number: Int) -> Bool {
        if isFolded { return true }
        guard number < segments.count, number < folding.segments.count else { return false }
        var (sent, plain) = (segments[number], folding.segments[number])
        let (reader, verbatim) = (SegmentReader(decodes: hasEscapes), SegmentReader(decodes: false))
        while !sent.isEmpty, !plain.isEmpty {
            guard reader.pop(bytes.span, &sent) == verbatim.pop(folding.bytes.span, &plain) else {
                return false
            }
        }
        return sent.isEmpty && plain.isEmpty
    }
}

/// Reads segments byte by byte, and decodes their escapes where they hold any.
struct SegmentReader {
    let decodes: Bool

    /// The next byte of a segment that is not empty.
    @inline(__always)
    func pop(_ bytes: Span<UInt8>, _ range: inout Range<Int>) -> UInt8 {
        let start = range.lowerBound
        let byte = bytes[start]
        guard decodes, byte == UInt8(ascii: "%") else {
            range = (start + 1)..<range.upperBound
            return byte
        }
        range = (start + 3)..<range.upperBound
        // Both digits are there and valid: the initializer wrote them.
        let high = PathByte.hexValue(bytes[start + 1]) ?? 0
        let low = PathByte.hexValue(bytes[start + 2]) ?? 0
        return high << 4 | low
    }

    /// Compares the decoded segment with `text`, byte by byte: negative, zero or positive.
    func order(_ bytes: Span<UInt8>, _ segment: Range<Int>, _ text: Span<UInt8>) -> Int {
        var rest = segment
        var position = 0
        while !rest.isEmpty {
            let byte = pop(bytes, &rest)
            guard position < text.count else { return 1 }
            guard byte == text[position] else { return byte < text[position] ? -1 : 1 }
            position += 1
        }
        return position == text.count ? 0 : -1
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
