/// Segments are compared by what they decode to: `%3A` and `:` are one character to the upstream, so a
/// rule about one is a rule about both. It is decoded once, on the way and without storage; a folded
/// segment stands for itself.
extension CanonicalPath {
    /// Whether the decoded segment is exactly `text`.
    package func segment(
        _ number: Int, in view: PathView = .asSent, equals text: Span<UInt8>
    ) -> Bool {
        read(view) { SegmentReader(decodes: $2).isEqual($0, $1[number], text, text.indices) }
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
