/// One line of a source text, made fit for a terminal, with a caret under a column.
struct Excerpt {
    let line: String
    /// Cells before the caret.
    let indentation: Int

    /// Nil when the text has no such line, or nothing stands in it. Line and column count from 1, the
    /// column in Unicode scalars; whatever is past the end is the end.
    init?(of source: String, line: Int, column: Int) {
        guard let scalars = Self.line(line, of: source) else { return nil }
        guard scalars.contains(where: { $0 != " " && $0 != "\t" }) else { return nil }
        var cells: [Cell] = []
        var width = 0
        var caret: Int?
        for (index, scalar) in scalars.enumerated() {
            if index == column - 1 { caret = width }
            let cell = Cell(scalar, at: width)
            cells.append(cell)
            width += cell.width
        }
        let position = caret ?? width
        let window = Self.window(around: position, of: width)
        var text = ""
        var start = 0
        // A wide character that the edge of the window cuts is left out; spaces keep the columns.
        for cell in cells {
            let end = start + cell.width
            if start >= window.lowerBound, end <= window.upperBound {
                text += cell.text
            } else if end > window.lowerBound, start < window.upperBound {
                let shown = min(end, window.upperBound) - max(start, window.lowerBound)
                text += String(repeating: " ", count: shown)
            }
            start = end
        }
        let isCutBefore = window.lowerBound > 0
        if window.upperBound < width { text += "…" }
        while text.last == " " { text.removeLast() }
        self.line = (isCutBefore ? "…" : "") + text
        indentation = position - window.lowerBound + (isCutBefore ? 1 : 0)
    }

    /// The scalars of a line, without its end and without a byte order mark.
    private static func line(_ number: Int, of source: String) -> [Unicode.Scalar]? {
        var current = 1
        var result: [Unicode.Scalar] = []
        var isAfterReturn = false
        for scalar in source.unicodeScalars {
            let isBreak = Self.breaks.contains(scalar)
            if isBreak, !(scalar == "\n" && isAfterReturn) {
                if current == number { return result }
                current += 1
            } else if !isBreak, current == number, scalar != "\u{FEFF}" || !result.isEmpty {
                result.append(scalar)
            }
            isAfterReturn = scalar == "\r"
        }
        return current == number ? result : nil
    }

    /// The cells that are shown of a line of `width`: all, or as many as fit with the caret in sight.
    private static func window(around position: Int, of width: Int) -> Range<Int> {
        guard width > Self.widest else { return 0..<width }
        let start = max(0, min(position - Self.widest * 2 / 3, width - Self.widest))
        return start..<min(width, start + Self.widest)
    }

    /// What YAML 1.1, and so the parser below the reader, takes for the end of a line.
    private static let breaks: Set<Unicode.Scalar> = [
        "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}",
    ]
    private static let widest = 100
}

/// What a terminal shows for one scalar.
private struct Cell {
    let text: String
    let width: Int

    init(_ scalar: Unicode.Scalar, at column: Int) {
        if scalar == "\t" {
            width = 4 - column % 4
            text = String(repeating: " ", count: width)
            return
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            // Shown as they are they could rewrite the terminal, or the order of what is read.
            text = "\u{FFFD}"
            width = 1
        case .nonspacingMark, .enclosingMark:
            text = String(Character(scalar))
            width = 0
        default:
            text = String(Character(scalar))
            width = Self.isWide(scalar.value) ? 2 : 1
        }
    }

    /// East Asian wide and full-width characters, and emoji (UAX #11), by block.
    private static func isWide(_ value: UInt32) -> Bool {
        guard value >= 0x1100 else { return false }
        return wide.contains { $0.contains(value) }
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF,
        0x20000...0x3FFFD,
    ]
}
