/// A matrix as a picture: SVG that needs nothing from elsewhere, says in words what its colours say, and
/// is readable on light and on dark ground.
extension PolicyMatrix {
    /// - Parameter title: what the picture is called, such as the policy's name.
    /// - Returns: a whole document, ending with a line feed.
    package func picture(title: String) -> String {
        var drawing = MatrixDrawing(self)
        drawing.drawTable()
        drawing.drawNotes()
        let name = XMLText.escaped("Who may use which route: \(title)")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(drawing.width)" \
            height="\(drawing.height)" viewBox="0 0 \(drawing.width) \(drawing.height)" role="img" \
            aria-labelledby="title desc">
            <title id="title">\(name)</title>
            <desc id="desc">\(XMLText.escaped(spoken))</desc>
            <style>
            \(MatrixDrawing.style)
            </style>
            <rect class="ground" width="100%" height="100%"/>
            \(drawing.elements.joined(separator: "\n"))
            </svg>

            """
    }

    /// The table in sentences, for those who do not see it.
    private var spoken: String {
        rows.map { row in
            let cells = zip(columns, row.cells).map { column, cell in
                "\(column): \(words(cell))"
            }
            return "\(row.route), \(row.match): \(cells.joined(separator: "; "))."
        }.joined(separator: " ")
    }

    private func words(_ cell: Cell) -> String {
        switch cell {
        case .allowed: "allowed"
        case .refused(let status): "refused with \(status)"
        case .depends(let number): "if \(conditions[number])"
        }
    }
}

private struct MatrixDrawing {
    static let style = """
        text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; }
        .ground { fill: #ffffff; } .head { font-weight: 600; } .note { fill: #4b535d; }
        .line { stroke: #d0d7de; } .mid { text-anchor: middle; }
        .allow { fill: #d5f2dc; } .refuse { fill: #fbdedb; } .depend { fill: #fdf0c4; }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3; } .ground { fill: #0d1117; } .note { fill: #a6b0bb; }
          .line { stroke: #3d444d; }
          .allow { fill: #12401f; } .refuse { fill: #5a1e1b; } .depend { fill: #4d3c05; }
        }
        """

    private(set) var elements: [String] = []
    private(set) var height = margin
    let width: Int
    private let matrix: PolicyMatrix
    /// Where each column begins, and the end of the last.
    private let edges: [Int]

    init(_ matrix: PolicyMatrix) {
        self.matrix = matrix
        func widest(_ texts: [String]) -> Int {
            (texts.map(\.count).max() ?? 0) * Self.characterWidth + 2 * Self.padding
        }
        var edges = [Self.margin]
        edges.append(edges[0] + widest(["route"] + matrix.rows.map(\.route)))
        edges.append(edges[1] + widest(["match"] + matrix.rows.map(\.match)))
        for (index, column) in matrix.columns.enumerated() {
            let cells = matrix.rows.map { Self.text($0.cells[index]) }
            edges.append(edges[index + 2] + widest([column] + cells))
        }
        self.edges = edges
        width = max(edges[edges.count - 1] + Self.margin, Self.leastWidth)
    }

    mutating func drawTable() {
        write(["route", "match"], "head")
        for (index, column) in matrix.columns.enumerated() {
            writeCentred(column, in: index + 2, "head")
        }
        height += Self.rowHeight
        for row in matrix.rows {
            elements.append(
                "<path class=\"line\" d=\"M\(Self.margin) \(height)H\(edges[edges.count - 1])\"/>")
            for (index, cell) in row.cells.enumerated() {
                let start = edges[index + 2]
                elements.append(
                    "<rect class=\"\(Self.style(cell))\" x=\"\(start + 2)\" y=\"\(height + 3)\" "
                        + "width=\"\(edges[index + 3] - start - 4)\" "
                        + "height=\"\(Self.rowHeight - 6)\" rx=\"3\"/>")
                writeCentred(Self.text(cell), in: index + 2, nil)
            }
            write([row.route, row.match], nil)
            height += Self.rowHeight
        }
        height += Self.padding
    }

    mutating func drawNotes() {
        for (number, condition) in matrix.conditions.enumerated() {
            note("[\(number + 1)] if \(condition)")
        }
        if !matrix.denials.isEmpty {
            note(PolicyMatrix.denialTitle)
            for denial in matrix.denials { note("  \(denial)") }
        }
        note(PolicyMatrix.legend)
        height += Self.margin
    }

    private mutating func write(_ texts: [String], _ style: String?) {
        for (text, edge) in zip(texts, edges) { place(text, at: edge + Self.padding, style) }
    }

    private mutating func writeCentred(_ text: String, in column: Int, _ style: String?) {
        place(
            text, at: (edges[column] + edges[column + 1]) / 2,
            ["mid", style].compactMap { $0 }.joined(separator: " "))
    }

    private mutating func place(_ text: String, at x: Int, _ style: String?) {
        let style = style.map { " class=\"\($0)\"" } ?? ""
        elements.append(
            "<text\(style) x=\"\(x)\" y=\"\(height + Self.baseline)\">"
                + "\(XMLText.escaped(text))</text>")
    }

    /// As many lines as it takes.
    private mutating func note(_ text: String) {
        let most = max(20, (width - 2 * Self.margin) / Self.characterWidth)
        var line = ""
        func written(_ line: String) -> String {
            "<text class=\"note\" x=\"\(Self.margin)\" y=\"\(height + Self.baseline)\" "
                + "xml:space=\"preserve\">\(XMLText.escaped(line))</text>"
        }
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !line.isEmpty, line.count + 1 + word.count > most {
                elements.append(written(line))
                height += Self.noteHeight
                line = "    \(word)"
            } else {
                line += line.isEmpty && word != "" ? "\(word)" : " \(word)"
            }
        }
        elements.append(written(line))
        height += Self.noteHeight
    }

    private static func text(_ cell: PolicyMatrix.Cell) -> String {
        switch cell {
        case .allowed: "yes"
        case .refused(let status): "no \(status)"
        case .depends(let number): "if [\(number + 1)]"
        }
    }

    private static func style(_ cell: PolicyMatrix.Cell) -> String {
        switch cell {
        case .allowed: "allow"
        case .refused: "refuse"
        case .depends: "depend"
        }
    }

    private static let margin = 16
    private static let padding = 10
    private static let characterWidth = 8
    private static let rowHeight = 28
    private static let noteHeight = 20
    private static let baseline = 19
    private static let leastWidth = 480
}
