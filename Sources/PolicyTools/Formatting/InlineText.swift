/// Values on one line.
enum InlineText {
    /// The value as it stands behind its key; nil when it cannot stand on one line.
    static func text(_ node: LayoutNode) -> String? {
        switch node {
        case .inline(let text): return text
        case .lines: return nil
        case .sequence(let collection):
            return cells(collection).map { "[\($0.joined(separator: ", "))]" }
        case .mapping(let collection):
            return cells(collection).map { "{\($0.joined(separator: ", "))}" }
        }
    }

    /// The entries between the brackets; nil unless it was written in brackets and has no comments.
    static func cells(_ collection: LayoutCollection) -> [String]? {
        guard collection.items.isEmpty || collection.isFlow, collection.closing.isEmpty else {
            return nil
        }
        var cells: [String] = []
        for item in collection.items {
            guard item.leading.isEmpty, item.trailing.isEmpty, let value = text(item.value),
                !value.isEmpty
            else { return nil }
            cells.append(item.key.map { "\($0): \(value)" } ?? value)
        }
        return cells
    }
}
