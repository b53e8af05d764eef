/// Sets elements of a list that are mappings of one line under each other, like a table:
///
/// ```yaml
/// - {id: assets, match: GET /assets/**, auth: public}
/// - {id: ui,     match: GET /**,        allow: {role: viewer}}
/// ```
enum ColumnAlignment {
    /// The texts of the elements that belong to such a table; nil for others.
    static func rows(_ items: [LayoutItem], indent: Int) -> [String?] {
        var rows: [String?] = Array(repeating: nil, count: items.count)
        var start = 0
        while start < items.count {
            let end = runEnd(items, from: start, indent: indent)
            if end - start > 1 {
                let aligned = aligned(items[start..<end], room: LayoutWriter.width - indent - 2)
                for (offset, text) in aligned.enumerated() { rows[start + offset] = text }
            }
            start = max(end, start + 1)
        }
        return rows
    }

    /// Empty lines and comments between elements end a table.
    private static func runEnd(_ items: [LayoutItem], from start: Int, indent: Int) -> Int {
        var end = start
        while end < items.count, isRow(items[end], indent: indent),
            end == start || (!items[end].followsBlank && items[end].leading.isEmpty)
        {
            end += 1
        }
        return end
    }

    private static func isRow(_ item: LayoutItem, indent: Int) -> Bool {
        guard item.key == nil, case .mapping(let collection) = item.value, collection.isFlow,
            !collection.items.isEmpty, let text = InlineText.text(item.value)
        else { return false }
        return indent + 2 + text.columns <= LayoutWriter.width
    }

    private static func aligned(_ items: ArraySlice<LayoutItem>, room: Int) -> [String] {
        let rows = items.map { $0.value.collection.flatMap(InlineText.cells) ?? [] }
        let columns = commonColumns(items)
        // While a row would become too long, the longest is written as it is and widens no other.
        var members = Array(rows.indices)
        while true {
            let widths = (0..<columns).map { column in
                members.filter { rows[$0].count > column + 1 }.map { rows[$0][column].columns }
                    .max()
                    ?? 0
            }
            if members.allSatisfy({ text(rows[$0], widths).columns <= room }) {
                return rows.indices.map { text(rows[$0], members.contains($0) ? widths : []) }
            }
            let lengths = members.map { text(rows[$0], []).columns }
            guard let longest = lengths.indices.max(by: { lengths[$0] < lengths[$1] }) else {
                return rows.map { text($0, []) }
            }
            members.remove(at: longest)
        }
    }

    /// How many of the first keys are the same in all rows.
    private static func commonColumns(_ items: ArraySlice<LayoutItem>) -> Int {
        let keys = items.map { $0.value.collection?.items.map(heading) ?? [] }
        let longest = keys.map(\.count).max() ?? 0
        return (0..<longest).first { column in
            Set(keys.filter { $0.count > column + 1 }.map { $0[column] }).count > 1
        } ?? longest
    }

    /// What a key's column is called: the requests of tests, `GET: /x` and `POST: /x`, share one.
    private static func heading(_ item: LayoutItem) -> String {
        let key = item.key ?? ""
        return key.utf8.allSatisfy { (0x41...0x5A).contains($0) } ? "REQUEST" : key
    }

    private static func text(_ cells: [String], _ widths: [Int]) -> String {
        var text = "{"
        for (column, cell) in cells.enumerated() {
            text += cell
            guard column + 1 < cells.count else { break }
            text += ", "
            guard column < widths.count else { continue }
            text += String(repeating: " ", count: max(0, widths[column] - cell.columns))
        }
        return text + "}"
    }
}
