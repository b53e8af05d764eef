import StrictYAML
import Testing

@Suite("Diagnostics with the line that they are about")
struct RenderedDiagnosticTests {
    /// The rendered lines after the message.
    private func excerpt(
        _ source: String, line: Int, column: Int, suggestion: String? = nil
    ) -> [String] {
        let position = SourcePosition(file: "f", line: line, column: column)
        let diagnostic = Diagnostic(
            code: "c", position: position, message: "wrong", suggestion: suggestion)
        let lines = diagnostic.rendered(source: source).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
        #expect(lines.first?.hasPrefix("f:\(line):\(column): wrong") == true)
        return Array(lines.dropFirst())
    }

    @Test("show the line, a caret under the column, and what to do")
    func plain() {
        #expect(
            excerpt("a: 1\nb: [x, y]\n", line: 2, column: 8, suggestion: "write `z`") == [
                "  |", "2 | b: [x, y]", "  |        ^", "  = write `z`",
            ])
    }

    @Test("make room for the number of the line")
    func gutter() {
        let source = String(repeating: "a\n", count: 119) + "b: x"
        #expect(excerpt(source, line: 120, column: 4) == ["    |", "120 | b: x", "    |    ^"])
    }

    @Test(
        "keep the caret in its place behind tabs, wide, combining and unprintable characters",
        arguments: [
            ("\tx", 2, "    x", 4), ("ab\tx", 4, "ab  x", 4), ("日本: x", 5, "日本: x", 6),
            ("🙂 x", 3, "🙂 x", 3), ("e\u{301} x", 4, "e\u{301} x", 2),
            ("\u{1B}[2J x", 6, "\u{FFFD}[2J x", 5), ("\u{202E}a x", 4, "\u{FFFD}a x", 3),
            ("\u{FEFF}a x", 3, "a x", 2),
        ])
    func columns(source: String, column: Int, line: String, indentation: Int) {
        let caret = String(repeating: " ", count: indentation) + "^"
        #expect(excerpt(source, line: 1, column: column) == ["  |", "1 | \(line)", "  | \(caret)"])
    }

    @Test("clip a long line around the caret", arguments: [1, 2, 60, 100, 101, 350, 600, 630, 631])
    func longLine(column: Int) throws {
        let source = (0..<70).map { "item\($0 + 100), " }.joined() + "…"
        let lines = excerpt(source, line: 1, column: column)
        let shown = try #require(lines.dropFirst().first).dropFirst(4)
        let caret = try #require(lines.last).dropFirst(4)
        #expect(shown.count <= 102)
        #expect(column < 70 || shown.hasPrefix("…"))
        #expect(column >= 600 || shown.hasSuffix("…"))
        let expected = Array(source)[min(column, source.count) - 1]
        let under = caret.count <= shown.count ? Array(shown)[caret.count - 1] : " "
        #expect(under == expected || expected == " ")
    }

    @Test("point behind the end of a line that is shorter")
    func pastEnd() {
        #expect(excerpt("ab", line: 1, column: 9) == ["  |", "1 | ab", "  |   ^"])
    }

    @Test("know every kind of line end", arguments: ["\n", "\r\n", "\r", "\u{85}", "\u{2028}"])
    func lineEnds(end: String) {
        #expect(
            excerpt("a\(end)b\(end)c", line: 3, column: 1) == ["  |", "3 | c", "  | ^"])
    }

    @Test("are one line where there is nothing to show")
    func nothing() {
        let somewhere = SourcePosition(file: "f", line: 3, column: 1)
        let diagnostic = Diagnostic(
            code: "c", position: somewhere, message: "wrong", suggestion: "fix it")
        for source in [nil, "", "a\nb", "a\nb\n", "a\nb\n \t "] {
            #expect(diagnostic.rendered(source: source) == "f:3:1: wrong; fix it")
        }
        let nowhere = Diagnostic(code: "c", position: nil, message: "wrong")
        #expect(nowhere.rendered(source: "a") == "wrong")
    }

    @Test("of several files show each its own")
    func files() {
        let diagnostics = Diagnostics(
            ["a", "b", "c"].map { file in
                Diagnostic(
                    code: "c", position: SourcePosition(file: file, line: 1, column: 1),
                    message: "wrong")
            })
        #expect(
            diagnostics.showing("one", of: "a").showing("two", of: "b").rendered == [
                "a:1:1: wrong\n  |\n1 | one\n  | ^", "b:1:1: wrong\n  |\n1 | two\n  | ^",
                "c:1:1: wrong",
            ])
    }
}
