/// A line of a file that is written anew.
enum LayoutLine {
    case blank
    case comment(String, indent: Int)
    /// Code with the comment behind it and the lines that continue the comment.
    case code(String, indent: Int, trailing: [String])
    /// A line of a text, as it is.
    case verbatim(String)

    /// Makes it the first line of a list's element; it is indented by two columns or more.
    mutating func addDash() {
        guard case .code(let text, let indent, let trailing) = self else { return }
        self = .code("- " + text, indent: indent - 2, trailing: trailing)
    }

    /// The text of the lines. Comments behind lines that follow each other stand in one column.
    static func text(_ lines: [LayoutLine]) -> String {
        var text = ""
        var index = 0
        while index < lines.count {
            guard case .code(_, let indent, let trailing) = lines[index], !trailing.isEmpty else {
                text += lines[index].plain + "\n"
                index += 1
                continue
            }
            let run = lines[index...].prefix { line in
                guard case .code(_, indent, let trailing) = line else { return false }
                return !trailing.isEmpty
            }
            text += commented(Array(run))
            index += run.count
        }
        return text
    }

    private static func commented(_ run: [LayoutLine]) -> String {
        let widest = run.map { $0.plain.columns }.max() ?? 0
        let longest = run.flatMap(\.trailing).map(\.columns).max() ?? 0
        let isAligned = widest + 2 + longest <= LayoutWriter.width
        var text = ""
        for line in run {
            let plain = line.plain
            let column = (isAligned ? widest : plain.columns) + 2
            var start = plain
            for comment in line.trailing {
                text += start + String(repeating: " ", count: column - start.columns)
                text += comment + "\n"
                start = ""
            }
        }
        return text
    }

    private var trailing: [String] {
        guard case .code(_, _, let trailing) = self else { return [] }
        return trailing
    }

    /// The line without the comment behind it.
    private var plain: String {
        switch self {
        case .blank: ""
        case .comment(let text, let indent): String(repeating: " ", count: indent) + text
        case .code(let text, let indent, _): String(repeating: " ", count: indent) + text
        case .verbatim(let text): text
        }
    }
}
