extension Diagnostic {
    /// The message, the line that it is about with a caret under the column, and what to do:
    ///
    /// ```
    /// policy.yaml:14:42: role `admn` is not declared
    ///    |
    /// 14 |   - {id: b, match: GET /d, allow: {role: admn}}
    ///    |                                          ^
    ///    = did you mean `admin`?
    /// ```
    ///
    /// - Parameter source: the text of the file that the position is about; nil, and a position that
    ///   is not in it, give the ``description``.
    /// - Returns: lines without a final line feed.
    package func rendered(source: String?) -> String {
        guard let position, let source,
            let excerpt = Excerpt(of: source, line: position.line, column: position.column)
        else { return description }
        func oneLine(_ text: String) -> String {
            String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" ? " " : $0 }))
        }
        let number = "\(position.line)"
        let margin = String(repeating: " ", count: number.utf8.count)
        var lines = [
            oneLine("\(position): \(message)"),
            "\(margin) |",
            "\(number) | \(excerpt.line)",
            "\(margin) | \(String(repeating: " ", count: excerpt.indentation))^",
        ]
        if let suggestion { lines.append("\(margin) = \(oneLine(suggestion))") }
        return lines.joined(separator: "\n")
    }
}

extension Diagnostics {
    /// The same diagnostics, able to show lines of the file that they are about.
    package func showing(_ text: String, of file: String) -> Diagnostics {
        var copy = self
        copy.sources[file] = text
        return copy
    }

    /// Each diagnostic with the line that it is about, where the text of its file is known. One
    /// element may have several lines.
    package var rendered: [String] {
        all.map { diagnostic in
            diagnostic.rendered(source: diagnostic.position.flatMap { sources[$0.file] })
        }
    }
}
