/// The order of a file's sections.
enum SectionOrder {
    /// Sections move together with the comments above them; what stands above the first section and
    /// apart from it is about the file and stays at its head.
    static func sorted(_ file: LayoutCollection, _ order: [String]) -> LayoutCollection {
        var file = file
        guard let first = file.items.first else { return file }
        let ranks = file.items.map { item in
            let name = (item.key ?? "").filter { $0 != "\"" && $0 != "'" }
            return order.firstIndex(of: name) ?? order.count
        }
        let sorted = ranks.enumerated().sorted {
            ($0.element, $0.offset) < ($1.element, $1.offset)
        }.map(\.offset)
        guard sorted.first != 0 else {
            file.items = sorted.map { file.items[$0] }
            return file
        }
        let count = headCount(first)
        let head = first.leading.prefix(count)
        file.items[0].leading.removeFirst(count)
        if count > 0 {
            // The empty line between the two goes with the head.
            if file.items[0].leading.isEmpty {
                file.items[0].followsBlank = false
            } else {
                file.items[0].leading[0].followsBlank = false
            }
        }
        file.items = sorted.map { file.items[$0] }
        if !head.isEmpty {
            if file.items[0].leading.isEmpty {
                file.items[0].followsBlank = true
            } else {
                file.items[0].leading[0].followsBlank = true
            }
            file.items[0].leading = head + file.items[0].leading
        } else if file.items[0].leading.isEmpty {
            file.items[0].followsBlank = false
        }
        return file
    }

    /// How many of the comments above the first section are the file's.
    private static func headCount(_ first: LayoutItem) -> Int {
        if first.followsBlank { return first.leading.count }
        if let blank = first.leading.indices.dropFirst().last(where: {
            first.leading[$0].followsBlank
        }) {
            return blank
        }
        // Editors look for this line at the head of a file.
        return first.leading.prefix { $0.text.hasPrefix("# yaml-language-server:") }.count
    }
}
