import StrictYAML

/// Reads `issuers.<name>.claims`. `name: path` is short for `name: {from: path}`.
enum ClaimMappingReader {
    static func read(_ issuer: MappingReader, _ sink: DiagnosticSink) -> [ClaimMappingDocument] {
        guard let entries = issuer.entries("claims") else { return [] }
        let path = issuer.name("claims")
        if entries.isEmpty { reportEmpty(path, at: issuer.keyPosition("claims"), sink) }
        return entries.compactMap { mapping($0, "\(path).\($0.key)", sink) }
    }

    private static func mapping(
        _ entry: YAMLEntry, _ path: String, _ sink: DiagnosticSink
    ) -> ClaimMappingDocument? {
        let claim = Located(value: entry.key, position: entry.keyPosition)
        if case .scalar(let scalar) = entry.value.content, !scalar.isAbsent {
            let sources = ClaimPathReader.read(entry.value, path, sink)
            return ClaimMappingDocument(
                claim: claim, path: path, sources: sources, form: nil, map: nil)
        }
        let keys = ["from", "form", "map", "unmapped"]
        guard let reader = MappingReader(entry.value, path: path, keys: keys, sink) else {
            return nil
        }
        if case .mapping(let entries) = entry.value.content, entries.isEmpty {
            reportEmpty(path, at: entry.keyPosition, sink)
        }
        return ClaimMappingDocument(
            claim: claim, path: path,
            sources: reader.node("from").map {
                ClaimPathReader.read($0, reader.name("from"), sink)
            },
            form: choice("form", reader, sink), map: map(reader, sink))
    }

    private static func map(_ reader: MappingReader, _ sink: DiagnosticSink) -> ClaimMapDocument? {
        let unmapped: Located<ClaimMapDocument.Unmapped>? = choice("unmapped", reader, sink)
        guard let node = reader.node("map") else {
            if reader.has("unmapped") {
                sink.report(
                    "missing_key", at: reader.keyPosition("unmapped"),
                    "`\(reader.name("unmapped"))` is about values that `map` does not name, and there "
                        + "is no `map`",
                    suggestion: "write a `map`, or remove `unmapped`")
            }
            return nil
        }
        guard let entries = node.entries(reader.name("map"), sink) else { return nil }
        if entries.isEmpty { reportEmpty(reader.name("map"), at: node.position, sink) }
        return ClaimMapDocument(position: node.position, entries: entries, unmapped: unmapped)
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String, _ reader: MappingReader, _ sink: DiagnosticSink
    ) -> Located<Choice>? {
        guard let node = reader.node(key),
            let word = reader.choice(key, of: Choice.allCases.map(\.rawValue)),
            let choice = Choice(rawValue: word)
        else { return nil }
        return Located(value: choice, position: node.position)
    }

    private static func reportEmpty(
        _ name: String, at position: SourcePosition?, _ sink: DiagnosticSink
    ) {
        sink.report(
            "empty_map", at: position, "`\(name)` says nothing", suggestion: "fill it, or remove it"
        )
    }
}
