/// Turns events into a tree. Problems that leave the structure intact go to the sink and reading
/// goes on; a thrown diagnostic means that nothing after it can be understood.
struct TreeBuilder {
    private let stream: EventStream
    private let file: String
    private let sink: DiagnosticSink
    private var depth = 0

    init(_ bytes: Span<UInt8>, file: String, sink: DiagnosticSink) {
        stream = EventStream(bytes, file: file)
        self.file = file
        self.sink = sink
    }

    /// The only document, or nil when the text holds none.
    mutating func document() throws(Diagnostic) -> YAMLNode? {
        var event = try stream.next()
        if case .streamStart = event.kind { event = try stream.next() }
        guard case .documentStart(let hasDirectives) = event.kind else { return nil }
        if hasDirectives {
            sink.report(
                "directive", at: event.position, "directives (lines with `%`) are not supported",
                suggestion: "remove them")
        }
        let root = try node(from: try stream.next())
        _ = try stream.next()
        let after = try stream.next()
        guard case .streamEnd = after.kind else {
            throw Diagnostic(
                code: "several_documents", position: after.position,
                message: "a second document starts here",
                suggestion: "keep one document per file: remove the `---` line or what follows it")
        }
        if case .scalar(let scalar) = root.content, scalar.isAbsent { return nil }
        return root
    }

    private mutating func node(from event: Event) throws(Diagnostic) -> YAMLNode {
        switch event.kind {
        case .scalar(let scalar, let properties):
            refuse(properties, at: event.position)
            return YAMLNode(position: event.position, content: .scalar(scalar))
        case .sequenceStart(let properties):
            refuse(properties, at: event.position)
            try descend(at: event.position)
            defer { depth -= 1 }
            return YAMLNode(position: event.position, content: .sequence(try elements()))
        case .mappingStart(let properties):
            refuse(properties, at: event.position)
            try descend(at: event.position)
            defer { depth -= 1 }
            return YAMLNode(position: event.position, content: .mapping(try entries()))
        case .alias(let name):
            sink.report(
                "alias", at: event.position, "the alias `*\(name)` is not supported",
                suggestion: "write the value again, or quote it if it is text")
            return YAMLNode(
                position: event.position, content: .scalar(YAMLScalar(text: "", isPlain: false)))
        default:
            throw Diagnostic(
                code: "yaml_syntax", position: event.position, message: "expected a value here")
        }
    }

    private mutating func elements() throws(Diagnostic) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let event = try stream.next()
            if case .sequenceEnd = event.kind { return elements }
            elements.append(try node(from: event))
        }
    }

    private mutating func entries() throws(Diagnostic) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var firstLine: [String: Int] = [:]
        while true {
            let event = try stream.next()
            if case .mappingEnd = event.kind { return entries }
            let key = try node(from: event)
            let value = try node(from: try stream.next())
            guard let name = name(of: key, event: event) else { continue }
            if let line = firstLine[name] {
                sink.report(
                    "duplicate_key", at: key.position,
                    "duplicate key `\(name)`, first defined in line \(line)",
                    suggestion: "remove one of the two")
                continue
            }
            firstLine[name] = key.position.line
            entries.append(YAMLEntry(key: name, keyPosition: key.position, value: value))
        }
    }

    /// The key's text; nil, after a report, when it cannot be a key.
    private func name(of key: YAMLNode, event: Event) -> String? {
        if case .alias = event.kind { return nil }
        guard case .scalar(let scalar) = key.content else {
            sink.report(
                "complex_key", at: key.position, "a key must be a single value, not \(key.kind)",
                suggestion: "if this is a value that starts with `{` or `[`, quote it")
            return nil
        }
        if scalar.isAbsent {
            sink.report(
                "complex_key", at: key.position, "the key before `:` is missing",
                suggestion: "write a name before it")
            return nil
        }
        if scalar.isPlain, scalar.text == "<<" {
            sink.report(
                "merge_key", at: key.position, "the merge key `<<` is not supported",
                suggestion: "write the keys out")
            return nil
        }
        if scalar.isAmbiguous {
            sink.report(
                "ambiguous_text", at: key.position,
                "the key `\(scalar.text)` can be read as a boolean or null",
                suggestion: "quote it: \"\(scalar.text)\"")
            return nil
        }
        return scalar.text
    }

    private func refuse(_ properties: Event.Properties, at position: SourcePosition) {
        if let anchor = properties.anchor {
            sink.report(
                "anchor", at: position, "the anchor `&\(anchor)` is not supported",
                suggestion: "remove it, or quote the value if it is text")
        }
        if let tag = properties.tag {
            sink.report(
                "tag", at: position, "the tag `\(shortened(tag))` is not supported",
                suggestion: "remove it, or quote the value if it is text")
        }
    }

    private mutating func descend(at position: SourcePosition) throws(Diagnostic) {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw Diagnostic(
                code: "too_deep", position: position,
                message: "nested deeper than \(Self.maximumDepth) levels",
                suggestion: "flatten this part of the file")
        }
    }

    /// `!!str`, as it was written, for the long name that the parser makes of it.
    private func shortened(_ tag: String) -> String {
        let prefix = "tag:yaml.org,2002:"
        return tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
    }

    private static let maximumDepth = 32
}
