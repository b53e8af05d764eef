import StrictYAML

/// Makes a layout of the pieces of a text and the comments between them.
///
/// Each comment has one place: above the entry it precedes, behind the entry on whose line it stands, or
/// below the last entry of the list or mapping as whose part it is indented.
struct LayoutReader {
    private let parts: [YAMLPart]
    private let source: SourceText
    private var index = 0
    private var comment = 0
    /// The columns of the open lists and mappings, outermost first.
    private var columns: [Int] = []
    /// The last line of what was read until now.
    private var line = 0
    /// The last line of the text behind the last `|` or `>`: spaces in it are no empty line.
    private var textEnd = 0

    /// The file's own mapping; `parts` must be what `YAMLReader` makes of the text.
    static func read(_ parts: [YAMLPart], _ source: SourceText) -> LayoutNode {
        var reader = LayoutReader(parts: parts, source: source)
        let item = reader.item(isEntry: false)
        // Only a mapping is laid out, so the comments around another value need no place.
        guard case .mapping(var collection) = item.value else { return item.value }
        if !collection.items.isEmpty {
            collection.items[0].leading = item.leading + collection.items[0].leading
        }
        collection.closing += item.trailing.map { LeadingComment(text: $0, followsBlank: false) }
        collection.closing += reader.leading(before: .max)
        return .mapping(collection)
    }

    private init(parts: [YAMLPart], source: SourceText) {
        self.parts = parts
        self.source = source
    }

    /// An entry of a list, of a mapping (which begins with a key), or the file's only value.
    private mutating func item(isEntry: Bool) -> LayoutItem {
        var item = LayoutItem()
        // The comments above a mapping's first entry are its own, those of a list's element are not.
        let isRoot = columns.isEmpty
        if !isRoot { item.leading = leading(before: parts[index].extent.lowerBound) }
        item.followsBlank = followsBlank(parts[index].position.line)
        if isEntry, case .scalar(let text) = parts[index].kind {
            item.key = ScalarText.key(parts[index], text, in: source)
            line = source.lastLine(of: parts[index])
            index += 1
        }
        let part = parts[index]
        if part.style == .block, item.key != nil {
            item.trailing = trailing()
        } else if !isRoot || part.style != .block {
            hoist(leading(before: part.extent.lowerBound), to: &item)
        }
        item.value = value()
        if let collection = item.value.collection, collection.items.isEmpty {
            hoist(collection.closing, to: &item)
            item.value = emptied(item.value)
        }
        if part.style != .block { item.trailing = trailing() }
        return item
    }

    private func emptied(_ node: LayoutNode) -> LayoutNode {
        let empty = LayoutCollection(isFlow: true)
        if case .sequence = node { return .sequence(empty) }
        return .mapping(empty)
    }

    private mutating func value() -> LayoutNode {
        let part = parts[index]
        index += 1
        switch part.kind {
        case .scalar(let text):
            line = source.lastLine(of: part)
            let isBlock = part.style == .literal || part.style == .folded
            // A comment may stand on the line of `|`, and none behind the value.
            if isBlock { line = part.position.line }
            let node = ScalarText.node(part, text, in: source)
            if isBlock, case .lines(_, let rest) = node { textEnd = line + rest.count }
            return node
        case .mappingStart: return .mapping(collection(part, isMapping: true))
        default: return .sequence(collection(part, isMapping: false))
        }
    }

    private mutating func collection(_ start: YAMLPart, isMapping: Bool) -> LayoutCollection {
        columns.append(start.position.column)
        defer { columns.removeLast() }
        if start.style == .flow { line = start.position.line }
        var collection = LayoutCollection(isFlow: start.style == .flow)
        while !isEnd(parts[index]) { collection.items.append(item(isEntry: isMapping)) }
        let end = parts[index]
        if collection.isFlow {
            collection.closing = leading(before: end.extent.lowerBound)
            line = end.position.line
        } else {
            collection.closing = closing(at: start.position.column)
        }
        index += 1
        return collection
    }

    private func isEnd(_ part: YAMLPart) -> Bool {
        switch part.kind {
        case .sequenceEnd, .mappingEnd: true
        case .scalar, .sequenceStart, .mappingStart: false
        }
    }

    /// Comments below the last entry that are indented as far as the entries.
    private mutating func closing(at column: Int) -> [LeadingComment] {
        let next = nextColumn
        // A list may be indented as little as the mapping around it, to which the comment belongs then.
        let outer = columns.dropLast().last ?? 0
        var found: [LeadingComment] = []
        while comment < source.comments.count {
            let candidate = source.comments[comment]
            guard candidate.offset < nextStart, candidate.column > next, candidate.column >= column,
                candidate.column > outer
            else { break }
            found.append(leadingComment())
        }
        return found
    }

    /// Where the next piece begins that is no end of a list or mapping by indentation.
    private var nextStart: Int {
        parts[index...].first { !isEnd($0) || isFlowEnd($0) }.map(\.extent.lowerBound) ?? .max
    }

    /// An end in brackets has an extent; one by indentation is nowhere.
    private func isFlowEnd(_ part: YAMLPart) -> Bool { isEnd(part) && !part.extent.isEmpty }

    /// The column of the list or mapping that goes on after those that end here; 0 at the end.
    private var nextColumn: Int {
        let ends = parts[index...].prefix { isEnd($0) }.count
        return ends < columns.count ? columns[columns.count - 1 - ends] : 0
    }

    private mutating func leading(before offset: Int) -> [LeadingComment] {
        var found: [LeadingComment] = []
        while comment < source.comments.count, source.comments[comment].offset < offset {
            found.append(leadingComment())
        }
        return found
    }

    private mutating func leadingComment() -> LeadingComment {
        let next = source.comments[comment]
        comment += 1
        let result = LeadingComment(text: next.text, followsBlank: followsBlank(next.line))
        line = next.line
        return result
    }

    /// The comment at the end of the line just read, with the lines that continue it in its column.
    private mutating func trailing() -> [String] {
        guard comment < source.comments.count else { return [] }
        let first = source.comments[comment]
        guard first.line == line, !first.isAlone, first.offset < nextStart else { return [] }
        var texts = [first.text]
        comment += 1
        let next = followingColumn
        while comment < source.comments.count {
            let more = source.comments[comment]
            guard more.isAlone, more.line == line + 1, more.column == first.column,
                more.column > next, more.offset < nextStart
            else { break }
            texts.append(more.text)
            line = more.line
            comment += 1
        }
        return texts
    }

    /// The column of what comes after the comment of an entry.
    private var followingColumn: Int {
        guard index < parts.count else { return 0 }
        return isEnd(parts[index]) ? nextColumn : max(parts[index].position.column, nextColumn)
    }

    private func followsBlank(_ next: Int) -> Bool {
        next > line && next - 1 > textEnd && source.isBlank(next - 1)
    }

    /// Puts comments from within an entry above it.
    private func hoist(_ comments: [LeadingComment], to item: inout LayoutItem) {
        guard var first = comments.first else { return }
        first.followsBlank = item.followsBlank
        item.followsBlank = false
        item.leading += [first] + comments.dropFirst()
    }
}
