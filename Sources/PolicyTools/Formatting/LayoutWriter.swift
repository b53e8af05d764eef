/// Writes a layout as lines.
struct LayoutWriter {
    /// Lists and mappings in brackets stay so where they fit in as many columns.
    static let width = 100

    private(set) var lines: [LayoutLine] = []

    /// The lines of the file's own mapping.
    static func write(_ sections: LayoutCollection) -> [LayoutLine] {
        var writer = LayoutWriter()
        var wasLong = false
        for (index, item) in sections.items.enumerated() {
            let count = writer.lines.count
            var item = item
            let header = index == 0 ? [] : item.leading
            item.leading = index == 0 ? item.leading : []
            var section = LayoutWriter()
            section.entry(item, indent: 0, isFirst: true)
            let isLong = section.lines.count > 1 || !header.isEmpty
            // Sections are set apart; settings of one line may stand together.
            let stands = header.first?.followsBlank ?? item.followsBlank
            if index > 0, isLong || wasLong || stands { writer.lines.append(.blank) }
            writer.comments(header, indent: 0, isFirst: true)
            if item.followsBlank, !header.isEmpty { writer.lines.append(.blank) }
            writer.lines += section.lines
            wasLong = writer.lines.count - count > 2
        }
        if let first = sections.closing.first, !sections.items.isEmpty, !first.followsBlank, wasLong
        {
            writer.lines.append(.blank)
        }
        writer.comments(sections.closing, indent: 0, isFirst: sections.items.isEmpty)
        return writer.lines
    }

    private mutating func items(_ collection: LayoutCollection, indent: Int) {
        let rows = ColumnAlignment.rows(collection.items, indent: indent)
        for (index, item) in collection.items.enumerated() {
            entry(item, indent: indent, isFirst: index == 0, row: rows[index])
        }
        comments(collection.closing, indent: indent, isFirst: collection.items.isEmpty)
    }

    private mutating func comments(_ comments: [LeadingComment], indent: Int, isFirst: Bool) {
        for (index, comment) in comments.enumerated() {
            if comment.followsBlank, !(isFirst && index == 0) { lines.append(.blank) }
            lines.append(.comment(comment.text, indent: indent))
        }
    }

    private mutating func entry(
        _ item: LayoutItem, indent: Int, isFirst: Bool, row: String? = nil
    ) {
        var item = item
        let inline = InlineText.text(item.value)
        let lead = item.key.map { "\($0):" } ?? "-"
        let fits = inline.map { indent + lead.columns + 1 + $0.columns <= Self.width } ?? false
        let isBlock =
            item.value.collection.map { !$0.items.isEmpty && !(fits && $0.isFlow) } ?? false
        if isBlock { prepare(&item) }

        comments(item.leading, indent: indent, isFirst: isFirst)
        if item.followsBlank, !(isFirst && item.leading.isEmpty) { lines.append(.blank) }
        if isBlock, let collection = item.value.collection {
            if item.key != nil {
                lines.append(.code(lead, indent: indent, trailing: item.trailing))
                items(collection, indent: indent + 2)
            } else {
                element(collection, indent: indent)
            }
        } else if case .lines(let first, let rest) = item.value {
            lines.append(.code("\(lead) \(first)", indent: indent, trailing: item.trailing))
            let spaces = String(repeating: " ", count: indent + 2)
            lines += rest.map { $0.isEmpty ? .blank : .verbatim(spaces + $0) }
        } else {
            let text = row ?? inline ?? ""
            lines.append(
                .code(
                    text.isEmpty ? lead : "\(lead) \(text)", indent: indent, trailing: item.trailing
                ))
        }
    }

    /// A list or mapping in a list: its first line has the dash, so comments go above it.
    private mutating func element(_ collection: LayoutCollection, indent: Int) {
        var inner = LayoutWriter()
        inner.items(collection, indent: indent + 2)
        var isAbove = true
        for var line in inner.lines {
            switch line {
            case .comment(let text, _) where isAbove: line = .comment(text, indent: indent)
            case .code where isAbove:
                line.addDash()
                isAbove = false
            default: break
            }
            lines.append(line)
        }
    }

    /// Finds other places for comments that have none once brackets become lines.
    private func prepare(_ item: inout LayoutItem) {
        guard var collection = item.value.collection else { return }
        if collection.isFlow {
            // What stood behind the closing bracket.
            if item.key == nil || collection.hasComments {
                let texts = item.trailing
                item.trailing = []
                let moved = texts.map { LeadingComment(text: $0, followsBlank: false) }
                if collection.hasComments { collection.closing += moved } else { add(moved, &item) }
            }
        }
        switch item.value {
        case .sequence: item.value = .sequence(collection)
        default: item.value = .mapping(collection)
        }
    }

    private func add(_ comments: [LeadingComment], _ item: inout LayoutItem) {
        guard var first = comments.first else { return }
        first.followsBlank = item.followsBlank
        item.followsBlank = false
        item.leading += [first] + comments.dropFirst()
    }
}

extension LayoutCollection {
    /// Whether there is a comment anywhere within.
    var hasComments: Bool {
        !closing.isEmpty
            || items.contains { item in
                !item.leading.isEmpty || !item.trailing.isEmpty
                    || item.value.collection?.hasComments == true
            }
    }
}

extension String {
    /// How many columns a terminal gives it, as far as Unicode scalars tell.
    var columns: Int { unicodeScalars.count }
}
