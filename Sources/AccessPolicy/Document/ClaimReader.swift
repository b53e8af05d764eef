import StrictYAML

/// Reads one entry of `claims`. `name: path` is short for `name: {from: path, required: true}`.
struct ClaimReader {
    private let name: String
    private let path: String
    private let entry: YAMLEntry
    private let sink: DiagnosticSink

    init(_ entry: YAMLEntry, _ sink: DiagnosticSink) {
        name = entry.key
        path = "claims.\(entry.key)"
        self.entry = entry
        self.sink = sink
    }

    /// `subject`: always required, always text.
    func subject() -> ClaimDeclaration {
        let found = shorthand ?? mapping(["from"]).flatMap { sources($0, default: "sub") } ?? []
        return ClaimDeclaration(name: name, type: .string, sources: found, fallback: nil)
    }

    /// `roles`: never required, since a token without roles simply grants none.
    func roleSources() -> [ClaimPath] {
        shorthand ?? mapping(["from"]).flatMap { sources($0, default: "roles") } ?? []
    }

    /// `username` and `email`.
    func text(_ keys: [String]) -> ClaimDeclaration {
        if let shorthand { return required(shorthand) }
        guard let reader = mapping(keys) else { return required([]) }
        var declaration = declaration(reader, type: .string)
        if let node = reader.node("when_verified") {
            declaration.whenVerified = sources(node, "\(path).when_verified")?.first
        }
        return declaration
    }

    /// A claim of the policy's own.
    func declared() -> ClaimDeclaration {
        if let shorthand { return required(shorthand) }
        guard let reader = mapping(["from", "type", "default", "required"]) else {
            return required([])
        }
        return declaration(reader, type: type(reader))
    }

    private func declaration(_ reader: MappingReader, type: ClaimType) -> ClaimDeclaration {
        let isRequired = reader.bool("required") ?? false
        if isRequired, reader.has("default") {
            sink.report(
                "claim_default", at: reader.keyPosition("default"),
                "claim `\(name)` is required, so its default would never be used",
                suggestion: "remove `required` or `default`")
        } else if !isRequired, !reader.has("default") {
            sink.report(
                "claim_default", at: entry.keyPosition,
                "claim `\(name)` must be `required: true` or have a `default`")
        }
        return ClaimDeclaration(
            name: name, type: type, sources: sources(reader, default: name) ?? [],
            fallback: reader.node("default").flatMap { fallback($0, type) })
    }

    private func required(_ sources: [ClaimPath]) -> ClaimDeclaration {
        ClaimDeclaration(name: name, type: .string, sources: sources, fallback: nil)
    }

    private var shorthand: [ClaimPath]? {
        guard case .scalar(let scalar) = entry.value.content, !scalar.isAbsent else { return nil }
        return sources(entry.value, path) ?? []
    }

    private func mapping(_ keys: [String]) -> MappingReader? {
        MappingReader(entry.value, path: path, keys: keys, sink)
    }

    private func sources(_ reader: MappingReader, default: String) -> [ClaimPath]? {
        guard let node = reader.node("from") else { return ClaimPath(`default`).map { [$0] } }
        return sources(node, "\(path).from")
    }

    private func sources(_ node: YAMLNode, _ name: String) -> [ClaimPath]? {
        ClaimPathReader.read(node, name, sink)
    }

    private func type(_ reader: MappingReader) -> ClaimType {
        guard let node = reader.node("type") else { return .string }
        if case .sequence(let elements) = node.content {
            if elements.count == 1, case .scalar(let scalar) = elements[0].content,
                scalar.text == "string"
            {
                return .stringList
            }
        } else if case .scalar(let scalar) = node.content,
            let type = ClaimType(rawValue: scalar.text)
        {
            return type
        }
        sink.report(
            "wrong_value", at: node.position,
            "`\(path).type` must be one of `string`, `[string]`, `integer`, `boolean`")
        return .string
    }

    private func fallback(_ node: YAMLNode, _ type: ClaimType) -> ClaimValue? {
        let name = "\(path).default"
        guard type == .stringList else { return ClaimValue.read(node, as: type, name, sink) }
        guard case .sequence = node.content else {
            sink.report("wrong_type", at: node.position, "`\(name)` must be a list of text")
            return nil
        }
        return node.strings(name, sink).map { .list($0.map(ExactText.init)) }
    }
}

extension ClaimValue {
    /// Reads a single value; a text for a list, of which it is a member.
    static func read(
        _ node: YAMLNode, as type: ClaimType, _ name: String, _ sink: DiagnosticSink
    ) -> ClaimValue? {
        switch type {
        case .string, .stringList: node.string(name, sink).map { .text(ExactText($0)) }
        case .integer: node.int(name, sink).map { .integer(Int64($0)) }
        case .boolean: node.bool(name, sink).map { .boolean($0) }
        }
    }
}
