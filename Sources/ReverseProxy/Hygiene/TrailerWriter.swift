/// Ends a chunked body (RFC 9112 § 7.1): the last chunk, the trailer lines that may pass, and the empty
/// line. What a body's trailer lines were is a section: all that `BodyStep.trailer` gave out.
enum TrailerWriter {
    /// Whether the section can be read and says nothing about framing. A message that brings another
    /// length behind its body is refused: somebody may believe it.
    static func isSound(
        _ section: [UInt8], names: FieldNameTable, parser: inout FieldSectionParser
    ) -> Bool {
        section.isEmpty || read(ended(section), names, &parser)
    }

    /// Writes the end of a body whose section is sound. What passes is copied as it is; `names` says
    /// what does.
    static func write(
        _ section: [UInt8], names: FieldNameTable, parser: inout FieldSectionParser,
        into output: inout ByteWriter
    ) {
        output.clear()
        output.append("0\r\n")
        let ended = ended(section)
        if !section.isEmpty, read(ended, names, &parser) {
            output.append(lines: parser.lines, of: ended.span) { $0.kind == .ordinary }
        }
        output.append("\r\n")
    }

    private static func ended(_ section: [UInt8]) -> [UInt8] {
        section.isEmpty ? [] : section + [carriageReturn, lineFeed]
    }

    private static func read(
        _ section: [UInt8], _ names: FieldNameTable, _ parser: inout FieldSectionParser
    ) -> Bool {
        guard case .complete = parser.parse(section.span, from: 0, names: names, limits: anySize)
        else { return false }
        return parser.facts.contentLength == nil && !parser.facts.hasTransferEncoding
    }

    /// The decoder has bounded them.
    private static let anySize = HeadLimits(head: .max, fields: .max, target: .max)
}
