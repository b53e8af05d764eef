/// Matrices as text: for terminals and golden files, and for Markdown.
extension PolicyMatrix {
    /// Columns under each other, and notes; ends with a line feed. The same policy gives the same text
    /// whatever the order of its routes.
    package var text: String {
        let header = ["route", "match"] + columns
        let body = rows.map { [$0.route, $0.match] + $0.cells.map(\.text) }
        var lines = TextColumns.lines([header] + body)
        if !conditions.isEmpty {
            lines.append("")
            lines += conditions.enumerated().map { "[\($0 + 1)] \($1)" }
        }
        if !denials.isEmpty {
            lines += ["", Self.denialTitle]
            lines += denials.map { "  \($0)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A table of GitHub's Markdown, with words instead of codes; ends with a line feed.
    package var markdown: String {
        func code(_ text: String) -> String {
            "`\(text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|"))`"
        }
        var lines = [
            "| route | match | " + columns.joined(separator: " | ") + " |",
            "|---|---" + String(repeating: "|:-:", count: columns.count) + "|",
        ]
        lines += rows.map { row in
            "| \(code(row.route)) | \(code(row.match)) | "
                + row.cells.map(\.markdown).joined(separator: " | ") + " |"
        }
        if !conditions.isEmpty {
            lines.append("")
            lines += conditions.enumerated().map { number, text in
                "\(number + 1). if \(code(text))"
            }
        }
        if !denials.isEmpty {
            lines += ["", Self.denialTitle, ""]
            lines += denials.map { "- \(code($0))" }
        }
        lines += ["", Self.legend]
        return lines.joined(separator: "\n") + "\n"
    }
}

extension PolicyMatrix.Cell {
    fileprivate var markdown: String {
        switch self {
        case .allowed: "**yes**"
        case .refused(let status): "no (\(status))"
        case .depends(let number): "if (\(number + 1))"
        }
    }
}

/// Rows as lines whose columns stand under each other.
enum TextColumns {
    static func lines(_ rows: [[String]], indent: String = "") -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            var line = indent + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
