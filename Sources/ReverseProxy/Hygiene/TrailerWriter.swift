/// Ends a chunked body (RFC 9112 § 7.1): the last chunk, the trailer lines that may pass, and the empty
/// line.
enum TrailerWriter {
    /// Writes the end of a body that had the trailer lines of `section`, a field section without its
    /// empty line, as `BodyStep.trailer` gives it out.
    ///
    /// What passes is copied as it is; `names` says what does. A section that cannot be read passes
    /// nothing on; whoever collected it from a `ChunkedDecoder` has none of those.
    static func write(
        _ section: [UInt8], names: FieldNameTable, parser: inout FieldSectionParser,
        into output: inout ByteWriter
    ) {
        output.clear()
        output.append("0\r\n")
        if !section.isEmpty {
            let ended = section + [carriageReturn, lineFeed]
            if case .complete = parser.parse(ended.span, from: 0, names: names, limits: anySize) {
                output.append(lines: parser.lines, of: ended.span) { $0.kind == .ordinary }
            }
        }
        output.append("\r\n")
    }

    /// The decoder has bounded them.
    private static let anySize = HeadLimits(head: .max, fields: .max, target: .max)
}
