/// A value of a YAML file with its place. Contains no anchors, aliases or tags: the reader refuses
/// them, so a tree is never larger than its file.
package struct YAMLNode: Sendable {
    package let position: SourcePosition
    package let content: Content

    package enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// Entries in file order; keys are unique.
        case mapping([YAMLEntry])
    }

    package init(position: SourcePosition, content: Content) {
        self.position = position
        self.content = content
    }

    /// The value of `key`; nil when this is no mapping or has no such key.
    package subscript(_ key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// What the node is, as a word for a message.
    package var kind: String {
        switch content {
        case .scalar(let scalar): scalar.isAbsent ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// Text of a YAML file that is neither a list nor a mapping.
package struct YAMLScalar: Sendable, Equatable {
    /// The text after quotes, escapes and folding are resolved.
    package let text: String
    /// Whether it was written without quotes, so that YAML 1.1 could take it for a boolean.
    package let isPlain: Bool

    package init(text: String, isPlain: Bool) {
        self.text = text
        self.isPlain = isPlain
    }

    /// `key:` followed by nothing.
    package var isAbsent: Bool { isPlain && text.isEmpty }

    /// Plain `no`, `on`, `~` and the like: readers of YAML disagree whether they are text, and `no` is
    /// a country.
    package var isAmbiguous: Bool { isPlain && Self.ambiguous.contains(text.lowercased()) }

    private static let ambiguous: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "null", "~",
    ]
}

/// One `key: value` of a mapping.
package struct YAMLEntry: Sendable {
    package let key: String
    package let keyPosition: SourcePosition
    package let value: YAMLNode

    package init(key: String, keyPosition: SourcePosition, value: YAMLNode) {
        self.key = key
        self.keyPosition = keyPosition
        self.value = value
    }
}
