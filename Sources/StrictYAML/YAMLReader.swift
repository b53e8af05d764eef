/// Reads a strict part of YAML: one document of mappings, lists and single values.
///
/// Refused, each with its place: syntax errors, duplicate keys, anchors and aliases (nothing ever
/// expands), tags and directives, tabs as indentation, several documents, an empty file, more than
/// 1 MiB, nesting deeper than 32, keys that are not single values, merge keys (`<<`).
/// All errors up to the first syntax error are reported at once.
package enum YAMLReader {
    /// Reads a text; `file` is the name to show in messages, `least` what every file of the kind says.
    package static func read(
        _ text: String, file: String, least: String = "version: 1"
    ) throws(Diagnostics) -> YAMLNode {
        var text = text
        text.makeContiguousUTF8()
        return try read(text.utf8.span, file: file, least: least)
    }

    /// Reads UTF-8; a byte order mark at the start is skipped.
    package static func read(
        _ bytes: Span<UInt8>, file: String, least: String = "version: 1"
    ) throws(Diagnostics) -> YAMLNode {
        let sink = DiagnosticSink()
        let start = SourcePosition(file: file, line: 1, column: 1)
        guard bytes.count <= maximumBytes else {
            sink.report(
                "file_too_large", at: start,
                "the file is \(bytes.count) bytes, the limit is \(maximumBytes)",
                suggestion: "split it or remove what is not needed")
            try sink.throwIfAny()
            return YAMLNode(position: start, content: .mapping([]))
        }
        reportTabs(bytes, file: file, to: sink)
        // A tab would make the parser complain of lines that are not at fault.
        try sink.throwIfAny()

        var builder = TreeBuilder(bytes, file: file, sink: sink)
        var root: YAMLNode?
        do throws(Diagnostic) {
            root = try builder.document()
        } catch {
            sink.report(Indentation.explained(error, in: bytes))
        }
        try sink.throwIfAny()
        if let root { return root }
        throw Diagnostics([
            Diagnostic(
                code: "empty_file", position: start, message: "the file is empty",
                suggestion: "it must at least say `\(least)`")
        ])
    }

    private static func reportTabs(_ bytes: Span<UInt8>, file: String, to sink: DiagnosticSink) {
        var line = 1
        var column = 0
        var indenting = true
        for index in bytes.indices {
            column += 1
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                line += 1
                column = 0
                indenting = true
            case UInt8(ascii: "\t") where indenting:
                sink.report(
                    "tab", at: SourcePosition(file: file, line: line, column: column),
                    "a tab in the indentation", suggestion: "use spaces")
                indenting = false
            case UInt8(ascii: " "):
                break
            default:
                indenting = false
            }
        }
    }

    private static let maximumBytes = 1 << 20
}
