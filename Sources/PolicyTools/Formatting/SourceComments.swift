import StrictYAML

/// A comment of a YAML text.
struct SourceComment {
    /// From `#`, without spaces at the end.
    let text: String
    /// In Unicode scalars from the start of the text.
    let offset: Int
    /// From 1.
    let line: Int
    /// From 1.
    let column: Int
    /// Whether nothing precedes it on its line.
    let isAlone: Bool
}

/// The lines of a text and the comments in it. YAML's own readers drop comments; they are what begins
/// with `#` outside of all values.
struct SourceText {
    private(set) var comments: [SourceComment] = []
    /// Without their breaks.
    private(set) var lines: [[Unicode.Scalar]] = [[]]
    private let scalars: [Unicode.Scalar]
    /// Where each line starts.
    private let starts: [Int]

    init(_ text: String, _ parts: [YAMLPart]) {
        scalars = Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
        var starts = [0]
        for (offset, scalar) in scalars.enumerated() {
            let isCRLF = scalar == "\r" && offset + 1 < scalars.count && scalars[offset + 1] == "\n"
            if Self.isBreak(scalar), !isCRLF {
                lines.append([])
                starts.append(offset + 1)
            } else if !Self.isBreak(scalar) {
                lines[lines.count - 1].append(scalar)
            }
        }
        self.starts = starts
        var cursor = 0
        for part in parts {
            guard case .scalar = part.kind else { continue }
            collect(cursor..<part.extent.lowerBound)
            cursor = part.extent.upperBound
            if part.style == .literal || part.style == .folded {
                // The line of `|` may end with a comment, which is no part of the value.
                let body = starts.first { $0 > part.extent.lowerBound } ?? scalars.count
                collect(part.extent.lowerBound..<min(body, scalars.count))
            }
        }
        collect(cursor..<scalars.count)
    }

    /// Whether the line, counted from 1, holds nothing but spaces.
    func isBlank(_ line: Int) -> Bool {
        line >= 1 && line <= lines.count && lines[line - 1].allSatisfy { $0 == " " || $0 == "\t" }
    }

    func text(_ extent: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[extent.clamped(to: 0..<scalars.count)])
        return String(view)
    }

    /// The line, counted from 1, that has the last character of the part.
    func lastLine(of part: YAMLPart) -> Int {
        lineNumber(of: max(part.extent.lowerBound, part.extent.upperBound - 1))
    }

    static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    /// Takes the comments of a part of the text that holds no value.
    private mutating func collect(_ extent: Range<Int>) {
        guard !extent.isEmpty else { return }
        var offset = extent.lowerBound
        while offset < extent.upperBound {
            guard scalars[offset] == "#" else {
                offset += 1
                continue
            }
            var end = offset
            while end < scalars.count, !Self.isBreak(scalars[end]) { end += 1 }
            var last = end
            while last > offset, scalars[last - 1] == " " || scalars[last - 1] == "\t" { last -= 1 }
            let line = lineNumber(of: offset)
            let before = scalars[starts[line - 1]..<offset]
            comments.append(
                SourceComment(
                    text: text(offset..<last), offset: offset, line: line,
                    column: offset - starts[line - 1] + 1,
                    isAlone: before.allSatisfy { $0 == " " || $0 == "\t" }))
            offset = end
        }
    }

    private func lineNumber(of offset: Int) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }
}
