/// Reads a mapping with a fixed set of keys. Unknown keys are reported at once, with what was
/// probably meant; each typed reading returns nil when the key is absent or was reported.
///
/// ```swift
/// let limits = MappingReader(node, path: "limits", keys: ["head", "body"], sink)
/// let head = limits?.byteCount("head") ?? 65_536
/// ```
package struct MappingReader {
    /// Where the mapping starts.
    package let position: SourcePosition
    /// The keys that lead to the mapping, joined by dots; empty for the file itself.
    package let path: String
    private let entries: [YAMLEntry]
    private let sink: DiagnosticSink

    /// Nil, after a report, when the node is no mapping. `hints` say what to do about keys that people
    /// write here and that belong elsewhere.
    package init?(
        _ node: YAMLNode, path: String = "", keys: [String], hints: [String: String] = [:],
        _ sink: DiagnosticSink
    ) {
        guard case .mapping(let entries) = node.content else {
            let name = path.isEmpty ? "the file" : "`\(path)`"
            sink.report(
                "wrong_type", at: node.position,
                "\(name) must be a mapping with keys, not \(node.kind)",
                suggestion: keys.first.map { "write `\($0): …`" })
            return nil
        }
        position = node.position
        self.path = path
        self.entries = entries
        self.sink = sink
        for entry in entries where !keys.contains(entry.key) {
            let place = path.isEmpty ? "" : " in `\(path)`"
            sink.report(
                "unknown_key", at: entry.keyPosition, "unknown key `\(entry.key)`\(place)",
                suggestion: hints[entry.key] ?? didYouMean(entry.key, in: keys))
        }
    }

    /// Whether the key is there, with a value of any type.
    package func has(_ key: String) -> Bool { entry(key) != nil }

    package func node(_ key: String) -> YAMLNode? { entry(key)?.value }

    /// The key's own position, for messages about the key and not about its value.
    package func keyPosition(_ key: String) -> SourcePosition? { entry(key)?.keyPosition }

    /// The value, or nil after a report that the key is missing.
    package func required(_ key: String, suggestion: String? = nil) -> YAMLNode? {
        if let node = node(key) { return node }
        let place = path.isEmpty ? "" : " in `\(path)`"
        sink.report(
            "missing_key", at: position, "missing key `\(key)`\(place)", suggestion: suggestion)
        return nil
    }

    package func string(_ key: String) -> String? { node(key)?.string(name(key), sink) }

    package func bool(_ key: String) -> Bool? { node(key)?.bool(name(key), sink) }

    package func int(_ key: String, in range: ClosedRange<Int> = .min ... .max) -> Int? {
        node(key)?.int(name(key), in: range, sink)
    }

    package func duration(_ key: String, in range: ClosedRange<Duration>? = nil) -> Duration? {
        node(key)?.duration(name(key), in: range, sink)
    }

    package func byteCount(_ key: String, in range: ClosedRange<Int> = 0 ... .max) -> Int? {
        node(key)?.byteCount(name(key), in: range, sink)
    }

    package func choice(_ key: String, of choices: [String]) -> String? {
        node(key)?.choice(name(key), of: choices, sink)
    }

    /// A list of text; one single value counts as a list of one.
    package func stringList(_ key: String) -> [String]? { node(key)?.strings(name(key), sink) }

    /// The elements of a list of anything.
    package func list(_ key: String) -> [YAMLNode]? { node(key)?.elements(name(key), sink) }

    /// The entries of a mapping whose keys are names that the user chooses.
    package func entries(_ key: String) -> [YAMLEntry]? { node(key)?.entries(name(key), sink) }

    /// A mapping with a fixed set of keys inside this one.
    package func mapping(
        _ key: String, keys: [String], hints: [String: String] = [:]
    ) -> MappingReader? {
        node(key).flatMap { MappingReader($0, path: name(key), keys: keys, hints: hints, sink) }
    }

    /// The key with everything that leads to it, for messages.
    package func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private func entry(_ key: String) -> YAMLEntry? { entries.first { $0.key == key } }
}
