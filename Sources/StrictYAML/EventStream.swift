// Yams' own composer resolves aliases and stops at the first duplicate key without saying where it
// is. Strictness needs the events below it, so this file uses the parser that Yams is made of
// directly. It is the only importer; nothing of it leaves the file.
private import CYaml

/// The events of a YAML text, pulled one at a time; holds a copy of the text.
@safe final class EventStream {
    private let file: String
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: Span<UInt8>, file: String) {
        self.file = file
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        unsafe bytes.withUnsafeBufferPointer { source in
            _ = unsafe copy.initialize(from: source)
        }
        unsafe input = copy
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        _ = unsafe yaml_parser_initialize(parser)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        // With its encoding given, the parser would count a byte order mark as a column.
        let skip = unsafe input.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let text = unsafe UnsafeMutableBufferPointer(rebasing: input[skip...])
        unsafe yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// The next event. After an error or `.streamEnd` the stream must not be asked again.
    func next() throws(Diagnostic) -> Event {
        var raw = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &raw) == 1 else { throw failure() }
        defer { unsafe yaml_event_delete(&raw) }
        let mark = unsafe raw.start_mark
        // The end of a block scalar can lie before the first byte of it, when it is empty.
        let end = unsafe max(raw.end_mark.index, mark.index)
        return unsafe Event(
            kind: kind(of: raw), position: position(mark), extent: Int(mark.index)..<Int(end),
            style: style(of: raw))
    }

    private func kind(of raw: yaml_event_t) -> Event.Kind {
        switch unsafe raw.type {
        case YAML_DOCUMENT_START_EVENT:
            let start = unsafe raw.data.document_start
            let hasVersion = unsafe start.version_directive != nil
            let hasTags = unsafe start.tag_directives.start != start.tag_directives.end
            return .documentStart(hasDirectives: hasVersion || hasTags)
        case YAML_DOCUMENT_END_EVENT:
            return .documentEnd
        case YAML_STREAM_END_EVENT:
            return .streamEnd
        case YAML_ALIAS_EVENT:
            return unsafe .alias(text(raw.data.alias.anchor))
        case YAML_SCALAR_EVENT:
            let scalar = unsafe raw.data.scalar
            let content = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return unsafe .scalar(
                YAMLScalar(
                    text: String(decoding: content, as: UTF8.self),
                    isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
                properties(anchor: scalar.anchor, tag: scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe raw.data.sequence_start
            return unsafe .sequenceStart(properties(anchor: start.anchor, tag: start.tag))
        case YAML_SEQUENCE_END_EVENT:
            return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            let start = unsafe raw.data.mapping_start
            return unsafe .mappingStart(properties(anchor: start.anchor, tag: start.tag))
        case YAML_MAPPING_END_EVENT:
            return .mappingEnd
        default:
            return .streamStart
        }
    }

    private func style(of raw: yaml_event_t) -> YAMLStyle {
        switch unsafe raw.type {
        case YAML_SCALAR_EVENT:
            switch unsafe raw.data.scalar.style {
            case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
            case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
            case YAML_LITERAL_SCALAR_STYLE: .literal
            case YAML_FOLDED_SCALAR_STYLE: .folded
            default: .plain
            }
        case YAML_SEQUENCE_START_EVENT:
            unsafe raw.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE ? .flow : .block
        case YAML_MAPPING_START_EVENT:
            unsafe raw.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE ? .flow : .block
        default: .block
        }
    }

    private func properties(
        anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?
    ) -> Event.Properties {
        Event.Properties(
            anchor: unsafe anchor == nil ? nil : text(anchor),
            tag: unsafe tag == nil ? nil : text(tag))
    }

    private func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String {
        guard let pointer = unsafe pointer else { return "" }
        return unsafe String(cString: pointer)
    }

    private func failure() -> Diagnostic {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? ""
        if unsafe parser.pointee.error == YAML_READER_ERROR {
            let offset = min(unsafe parser.pointee.problem_offset, unsafe input.count)
            return syntaxDiagnostic(
                problem: problem, context: "", at: position(ofByte: offset), opened: nil,
                character: nil)
        }
        let mark = unsafe parser.pointee.problem_mark
        let context = unsafe parser.pointee.context.map { unsafe String(cString: $0) } ?? ""
        return syntaxDiagnostic(
            problem: problem, context: context, at: position(mark),
            opened: context.isEmpty ? nil : position(unsafe parser.pointee.context_mark),
            character: character(atByte: mark.index))
    }

    private func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    /// Reader errors carry only an offset in bytes.
    private func position(ofByte offset: Int) -> SourcePosition {
        var line = 1
        var column = 1
        for index in 0..<offset {
            let byte = unsafe input[index]
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return SourcePosition(file: file, line: line, column: column)
    }

    /// The ASCII character that a message may quote. Marks count characters, not bytes, so this
    /// walks the text.
    private func character(atByte index: Int) -> Character? {
        var seen = 0
        for offset in unsafe input.indices {
            let byte = unsafe input[offset]
            if byte & 0xC0 == 0x80 { continue }
            if seen == index {
                return (0x21...0x7E).contains(byte) ? Character(Unicode.Scalar(byte)) : nil
            }
            seen += 1
        }
        return nil
    }
}

/// One step of a YAML text, with the place where it starts.
struct Event {
    let kind: Kind
    let position: SourcePosition
    /// Where it stands, in Unicode scalars from the start of the text without its byte order mark.
    let extent: Range<Int>
    let style: YAMLStyle

    enum Kind {
        case streamStart
        case streamEnd
        case documentStart(hasDirectives: Bool)
        case documentEnd
        case alias(String)
        case scalar(YAMLScalar, Properties)
        case sequenceStart(Properties)
        case sequenceEnd
        case mappingStart(Properties)
        case mappingEnd
    }

    /// What YAML calls node properties; the reader refuses both.
    struct Properties {
        let anchor: String?
        let tag: String?
    }
}
