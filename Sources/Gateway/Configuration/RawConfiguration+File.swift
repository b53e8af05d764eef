import StrictYAML

extension RawConfiguration {
    /// Takes the settings of a file: unknown keys, lists in place of single values and the like go
    /// to the sink.
    mutating func read(_ root: YAMLNode, _ sink: DiagnosticSink) {
        guard let entries = mapping(root, path: "", sink) else { return }
        read(entries, path: [], candidates: Settings.all, sink)
        if root["version"] == nil {
            sink.report(
                "missing_key", at: root.position, "missing key `version`",
                suggestion: "write `version: 1`")
        }
    }

    private mutating func read(
        _ entries: [YAMLEntry], path: [String], candidates: [SettingDescription],
        _ sink: DiagnosticSink
    ) {
        let depth = path.count
        for entry in entries {
            let before = sink.count
            defer { if depth == 0, sink.count != before { refusedKeys.insert(entry.key) } }
            let next = candidates.filter {
                $0.path.components[depth] == nil || $0.path.components[depth] == entry.key
            }
            let here = path + [entry.key]
            guard let first = next.first else {
                reportUnknown(entry, path: path, candidates: candidates, sink)
                continue
            }
            if first.path.components[depth] == nil, !isName(entry.key) {
                sink.report(
                    "wrong_name", at: entry.keyPosition,
                    "`\(entry.key)` is no name for an entry of `\(path.joined(separator: "."))`",
                    suggestion: nameRule)
                continue
            }
            if first.path.components.count > depth + 1 {
                let dotted = here.joined(separator: ".")
                guard let inner = mapping(entry.value, path: dotted, sink) else { continue }
                if inner.isEmpty, first.path.components[depth] == nil {
                    sink.report(
                        "missing_key", at: entry.value.position, "`\(dotted)` is empty",
                        suggestion: Self.firstSettings(of: first, below: depth))
                }
                read(inner, path: here, candidates: next, sink)
            } else if let value = value(first, entry: entry, path: here, sink) {
                set(value)
            }
        }
    }

    /// What an entry that is empty needs first.
    private static func firstSettings(of first: SettingDescription, below depth: Int) -> String {
        let sources = Settings.issuerSources.map(\.path)
        guard sources.contains(where: { $0.dotted() == first.path.dotted() }) else {
            return "write `\(first.path.components[depth + 1] ?? "name"): …`"
        }
        let names = sources.compactMap { $0.components.last.flatMap { $0 } }.map { "`\($0)`" }
        return "say where its keys are: set one of \(names.joined(separator: ", "))"
    }

    private func value(
        _ description: SettingDescription, entry: YAMLEntry, path: [String], _ sink: DiagnosticSink
    ) -> RawValue? {
        let dotted = path.joined(separator: ".")
        var nodes = [entry.value]
        if description.isList, case .sequence(let elements) = entry.value.content {
            nodes = elements
        }
        var texts: [RawText] = []
        for node in nodes {
            guard let text = text(node, dotted, description, sink) else { return nil }
            texts.append(RawText(text: text, position: node.position))
        }
        let name = zip(path, description.path.components).first { $0.1 == nil }?.0
        return RawValue(
            description: description, name: name, texts: texts,
            origin: .file(entry.value.position))
    }

    private func text(
        _ node: YAMLNode, _ path: String, _ description: SettingDescription, _ sink: DiagnosticSink
    ) -> String? {
        // Numbers, sizes and booleans are checked by the setting itself, with the same words as in
        // the environment; `string` would call `true` ambiguous.
        guard case .scalar(let scalar) = node.content else {
            sink.report(
                "wrong_type", at: node.position,
                "`\(path)` must be a single value, not \(node.kind)",
                suggestion: description.structureHint)
            return nil
        }
        if description.isText || scalar.isAbsent { return node.string(path, sink) }
        return scalar.text
    }

    private func mapping(
        _ node: YAMLNode, path: String, _ sink: DiagnosticSink
    ) -> [YAMLEntry]? {
        if case .mapping(let entries) = node.content { return entries }
        let name = path.isEmpty ? "the file" : "`\(path)`"
        sink.report(
            "wrong_type", at: node.position, "\(name) must be a mapping with keys, not \(node.kind)"
        )
        return nil
    }

    private func reportUnknown(
        _ entry: YAMLEntry, path: [String], candidates: [SettingDescription],
        _ sink: DiagnosticSink
    ) {
        var siblings: [String] = []
        for case let key? in candidates.map({ $0.path.components[path.count] })
        where !siblings.contains(key) {
            siblings.append(key)
        }
        // A key that exists elsewhere was put into the wrong place.
        let elsewhere = Settings.all.first { $0.path.components.last == entry.key }
        let place = path.isEmpty ? "" : " in `\(path.joined(separator: "."))`"
        sink.report(
            "unknown_key", at: entry.keyPosition, "unknown key `\(entry.key)`\(place)",
            suggestion: elsewhere.map { "did you mean `\($0.path.dotted())`?" }
                ?? didYouMean(entry.key, in: siblings)
                ?? "`ostiary config reference` lists all keys")
    }
}

/// Names of upstreams and issuers, which a policy uses too: a letter or `_`, then up to 63 letters,
/// digits, `-` or `_`.
func isName(_ text: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }
    guard let first = text.utf8.first, isLetter(first), text.utf8.count <= 64 else { return false }
    return text.utf8.allSatisfy {
        isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
    }
}

let nameRule = "use letters, digits, `-` and `_`, starting with a letter"
