import StrictYAML

/// Changes at every place of a file, one at a time.
enum SchemaMutation {
    struct Change {
        let place: String
        let tree: YAMLNode
        /// Whether the change is one of shape, which a schema must see.
        var isShape = true
    }

    static func unknownKeys(in tree: YAMLNode) -> [Change] {
        var changes: [Change] = []
        visit(tree, "") { node, place, replaced in
            guard case .mapping(let entries) = node.content, !isFree(place) else { return }
            let more = YAMLEntry(
                key: "zzz", keyPosition: node.position, value: scalar("1", node.position))
            changes.append(
                Change(
                    place: "\(place).zzz",
                    tree: replaced(
                        YAMLNode(position: node.position, content: .mapping(entries + [more])))
                ))
        }
        return changes
    }

    static func misspeltKeys(in tree: YAMLNode) -> [Change] {
        var changes: [Change] = []
        visit(tree, "") { node, place, replaced in
            guard case .mapping(let entries) = node.content, !isFree(place) else { return }
            for (index, entry) in entries.enumerated() {
                var copy = entries
                copy[index] = YAMLEntry(
                    key: entry.key + "s", keyPosition: entry.keyPosition, value: entry.value)
                changes.append(
                    Change(
                        place: "\(place).\(entry.key)s",
                        tree: replaced(YAMLNode(position: node.position, content: .mapping(copy)))))
            }
        }
        return changes
    }

    static func otherTypes(in tree: YAMLNode) -> [Change] {
        var changes: [Change] = []
        visit(tree, "") { node, place, replaced in
            let shapes: [YAMLNode.Content] = [
                .mapping([
                    YAMLEntry(
                        key: "!?", keyPosition: node.position, value: scalar("1", node.position))
                ]),
                .sequence([YAMLNode(position: node.position, content: .sequence([]))]),
                .scalar(YAMLScalar(text: "\u{1}", isPlain: false)),
            ]
            for (number, shape) in shapes.enumerated() where !isFree(place) {
                changes.append(
                    Change(
                        place: "\(place) = \(number)",
                        tree: replaced(YAMLNode(position: node.position, content: shape)),
                        isShape: number < 2))
            }
            for text in ["true", "5", "\"\""] where !isFree(place) {
                let content = YAMLScalar(
                    text: text == "\"\"" ? "" : text, isPlain: text != "\"\"")
                changes.append(
                    Change(
                        place: "\(place) = \(text)",
                        tree: replaced(
                            YAMLNode(position: node.position, content: .scalar(content))),
                        isShape: false))
            }
        }
        return changes
    }

    static func missingKeys(in tree: YAMLNode) -> [Change] {
        var changes: [Change] = []
        visit(tree, "") { node, place, replaced in
            guard case .mapping(let entries) = node.content else { return }
            for entry in entries {
                let rest = entries.filter { $0.key != entry.key }
                changes.append(
                    Change(
                        place: "\(place).\(entry.key) missing",
                        tree: replaced(YAMLNode(position: node.position, content: .mapping(rest)))))
            }
        }
        return changes
    }

    /// Mappings whose keys are names that the author chooses.
    private static func isFree(_ place: String) -> Bool {
        let parts = place.split(separator: ".")
        return ["issuers", "claims", "roles", "headers", "query", "upstreams", "map", "claim"]
            .contains { name in parts.last.map { $0 == name } ?? false }
    }

    private static func visit(
        _ node: YAMLNode, _ place: String,
        _ body: (YAMLNode, String, @escaping (YAMLNode) -> YAMLNode) -> Void
    ) {
        func go(_ node: YAMLNode, _ place: String, _ replaced: @escaping (YAMLNode) -> YAMLNode) {
            body(node, place, replaced)
            switch node.content {
            case .scalar: break
            case .sequence(let elements):
                for (index, element) in elements.enumerated() {
                    go(element, "\(place).\(index)") { new in
                        var copy = elements
                        copy[index] = new
                        return replaced(YAMLNode(position: node.position, content: .sequence(copy)))
                    }
                }
            case .mapping(let entries):
                for (index, entry) in entries.enumerated() {
                    go(entry.value, place.isEmpty ? entry.key : "\(place).\(entry.key)") { new in
                        var copy = entries
                        copy[index] = YAMLEntry(
                            key: entry.key, keyPosition: entry.keyPosition, value: new)
                        return replaced(YAMLNode(position: node.position, content: .mapping(copy)))
                    }
                }
            }
        }
        go(node, place) { $0 }
    }

    private static func scalar(_ text: String, _ position: SourcePosition) -> YAMLNode {
        YAMLNode(position: position, content: .scalar(YAMLScalar(text: text, isPlain: true)))
    }

    /// A tree as a text in brackets.
    static func text(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let scalar): scalar.isPlain ? plain(scalar.text) : quoted(scalar.text)
        case .sequence(let elements): "[\(elements.map(text).joined(separator: ", "))]"
        case .mapping(let entries):
            "{\(entries.map { "\(quoted($0.key)): \(text($0.value))" }.joined(separator: ", "))}"
        }
    }

    /// What could not stand in brackets without quotes is quoted; the samples have no number like that.
    private static func plain(_ text: String) -> String {
        text.contains { ",[]{}:# ".contains($0) } || text.isEmpty ? quoted(text) : text
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{1}": result += "\\u0001"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
