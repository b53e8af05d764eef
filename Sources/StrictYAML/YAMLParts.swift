/// How a value is written in the text.
package enum YAMLStyle: Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
    /// A list or a mapping by indentation.
    case block
    /// A list or a mapping in brackets.
    case flow
}

/// One piece of a YAML text in the order of the text: for programs that write a text anew and must
/// know how it was written, which a tree does not tell.
package struct YAMLPart: Sendable {
    package enum Kind: Sendable {
        /// A key or a single value.
        case scalar(String)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    package let kind: Kind
    package let style: YAMLStyle
    /// Where it stands; for the end of a list or mapping by indentation, where the next piece stands.
    package let position: SourcePosition
    /// The same in Unicode scalars from the start of the text, a byte order mark not counted.
    package let extent: Range<Int>
}

extension YAMLReader {
    /// The pieces of a text that `read` accepts.
    package static func parts(
        _ text: String, file: String
    ) throws(Diagnostics) -> [YAMLPart] {
        _ = try read(text, file: file)
        var text = text
        text.makeContiguousUTF8()
        let stream = EventStream(text.utf8.span, file: file)
        var parts: [YAMLPart] = []
        while true {
            let event: Event
            do throws(Diagnostic) {
                event = try stream.next()
            } catch {
                throw Diagnostics([error])
            }
            if case .streamEnd = event.kind { return parts }
            guard let kind = kind(of: event) else { continue }
            parts.append(
                YAMLPart(
                    kind: kind, style: event.style, position: event.position, extent: event.extent))
        }
    }

    private static func kind(of event: Event) -> YAMLPart.Kind? {
        switch event.kind {
        case .scalar(let scalar, _): .scalar(scalar.text)
        case .sequenceStart: .sequenceStart
        case .sequenceEnd: .sequenceEnd
        case .mappingStart: .mappingStart
        case .mappingEnd: .mappingEnd
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .alias: nil
        }
    }
}
