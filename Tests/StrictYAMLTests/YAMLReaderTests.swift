import StrictYAML
import Testing

@Suite("YAML reader")
struct YAMLReaderTests {
    @Test("reads text, lists and mappings with their places")
    func positions() throws {
        let root = try YAMLReader.read(
            "# comment\nversion: 1\nhosts: [app.test, \"no\"]\nlimits:\n  head: 64KiB\n", file: "f")
        let version = try #require(root["version"])
        #expect(version.position == SourcePosition(file: "f", line: 2, column: 10))
        guard case .scalar(let scalar) = version.content else {
            Issue.record("no scalar")
            return
        }
        #expect(scalar == YAMLScalar(text: "1", isPlain: true))
        guard case .sequence(let hosts) = try #require(root["hosts"]).content else {
            Issue.record("no sequence")
            return
        }
        #expect(hosts.map(\.position.column) == [9, 19])
        guard case .scalar(let second) = hosts[1].content else {
            Issue.record("no scalar")
            return
        }
        #expect(second == YAMLScalar(text: "no", isPlain: false))
        #expect(root["limits"]?["head"]?.position.line == 5)
        #expect(root["limits"]?["tail"] == nil)
    }

    @Test("counts columns in characters, not bytes")
    func columns() {
        #expect(problems("é: [ü, @x]") == ["f:1:8: a value cannot start with `@`; quote it"])
    }

    @Test("skips a byte order mark and understands CRLF")
    func lineEnds() throws {
        let root = try YAMLReader.read("\u{FEFF}a: 1\r\nb: 2\r\n", file: "f")
        #expect(root["b"]?.position == SourcePosition(file: "f", line: 2, column: 4))
    }

    @Test(
        "refuses what it does not support, with the place and what to do",
        arguments: [
            ("", "f:1:1: the file is empty; it must at least say `version: 1`"),
            ("# only a comment\n", "f:1:1: the file is empty; it must at least say `version: 1`"),
            ("---\n", "f:1:1: the file is empty; it must at least say `version: 1`"),
            (
                "a: 1\nb: 2\na: 3\n",
                "f:3:1: duplicate key `a`, first defined in line 1; remove one of the two"
            ),
            (
                "a: &x 1\n",
                "f:1:4: the anchor `&x` is not supported; remove it, or quote the value if it is text"
            ),
            (
                "a: *x\n",
                "f:1:4: the alias `*x` is not supported; "
                    + "write the value again, or quote it if it is text"
            ),
            (
                "a: !!str 1\n",
                "f:1:4: the tag `!!str` is not supported; remove it, or quote the value if it is text"
            ),
            (
                "a: !env SECRET\n",
                "f:1:4: the tag `!env` is not supported; remove it, or quote the value if it is text"
            ),
            (
                "a: ! x\n",
                "f:1:4: the tag `!` is not supported; remove it, or quote the value if it is text"
            ),
            ("a: !<x\n", "f:1:7: tags are not supported; quote the value if it starts with `!`"),
            ("a: !x!y z\n", "f:1:4: tags are not supported; quote the value if it starts with `!`"),
            (
                "a: & x\n",
                "f:1:5: anchors and aliases are not supported; "
                    + "quote the value if it starts with `&` or `*`"
            ),
            ("a:\n\tb: 1\n", "f:2:1: a tab in the indentation; use spaces"),
            ("a:\n  \tb: 1\n", "f:2:3: a tab in the indentation; use spaces"),
            (
                "a: 1\n---\nb: 2\n",
                "f:2:1: a second document starts here; "
                    + "keep one document per file: remove the `---` line or what follows it"
            ),
            (
                "%YAML 1.1\n---\na: 1\n",
                "f:1:1: directives (lines with `%`) are not supported; remove them"
            ),
            (
                "%FOO\n---\na: 1\n",
                "f:1:5: directives (lines with `%`) are not supported; remove them"
            ),
            (
                "<<: {a: 1}\n", "f:1:1: the merge key `<<` is not supported; write the keys out"
            ),
            (
                "[a]: 1\n",
                "f:1:1: a key must be a single value, not a list; "
                    + "if this is a value that starts with `{` or `[`, quote it"
            ),
            ("?\n: 1\n", "f:1:2: the key before `:` is missing; write a name before it"),
            (
                "a: b: c\n",
                "f:1:5: a `:` is not allowed here; "
                    + "quote the value if it holds `: `, or check the indentation"
            ),
            (
                "a: [1, 2\nb: 3\n",
                "f:2:2: expected `,` or `]` in this list (opened in line 1); "
                    + "close the list or add the comma"
            ),
            ("a: \"x\n", "f:1:4: the quoted text is not closed; add the closing quote"),
            ("a: 'x\n", "f:1:4: the quoted text is not closed; add the closing quote"),
            ("a: `x\n", "f:1:4: a value cannot start with ```; quote it"),
            (
                "a: \"\\q\"\n",
                "f:1:5: unknown escape after `\\`; write `\\\\` for a backslash, or use single quotes"
            ),
            (
                "a: 1\n  b: 2\n",
                "f:2:3: the key `b` is indented further than the line before it; "
                    + "indent all keys of a mapping equally"
            ),
            (
                "a:\n  b: 1\n c: 2\n",
                "f:3:2: expected a `key: value` line here; indent all keys of a mapping equally"
            ),
            ("a: 1\nb\n", "f:3:1: a `:` is missing after this key; write `key: value`"),
            (
                "a: \u{1}\n",
                "f:1:4: a control character is not allowed; "
                    + "remove it, or write it as an escape in double quotes"
            ),
        ])
    func refusals(text: String, expected: String) {
        #expect(problems(text) == [expected])
    }

    @Test("reports several problems of a file at once, in file order")
    func several() {
        #expect(
            problems("a: &x 1\nb: {c: 1, c: 2}\nd: *x\n") == [
                "f:1:4: the anchor `&x` is not supported; "
                    + "remove it, or quote the value if it is text",
                "f:2:11: duplicate key `c`, first defined in line 2; remove one of the two",
                "f:3:4: the alias `*x` is not supported; "
                    + "write the value again, or quote it if it is text",
            ])
    }

    @Test("accepts 32 levels and refuses 33")
    func depth() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        }
        _ = try YAMLReader.read(nested(32), file: "f")
        #expect(
            problems(nested(33)) == [
                "f:1:33: nested deeper than 32 levels; flatten this part of the file"
            ])
        #expect(problems(String(repeating: "[", count: 500_000)).count == 1)
        #expect(problems(String(repeating: "- ", count: 500_000)).count == 1)
        #expect(problems(String(repeating: "? ", count: 500_000)).count == 1)
    }

    @Test("refuses more than 1 MiB and accepts exactly that")
    func size() throws {
        let head = "a: "
        let exact = head + String(repeating: "x", count: (1 << 20) - head.count)
        _ = try YAMLReader.read(exact, file: "f")
        #expect(
            problems(exact + "x") == [
                "f:1:1: the file is 1048577 bytes, the limit is 1048576; "
                    + "split it or remove what is not needed"
            ])
    }

    @Test("refuses a billion laughs in milliseconds, without expanding it")
    func billionLaughs() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...30 {
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        text += "? *a30\n: x\n"
        let clock = ContinuousClock()
        var found: [String] = []
        let time = clock.measure { found = problems(text) }
        #expect(found.first?.hasPrefix("f:1:5: the anchor `&a0` is not supported") == true)
        #expect(found.count == 101)
        #expect(time < .milliseconds(500))
    }

    @Test(
        "advises quotes where text meets the punctuation of `{…}` and `[…]`",
        arguments: [
            (
                "- {match: GET /x/{a}/b}",
                "f:1:18: expected `,` or `}` in this mapping (opened in line 1); "
                    + "a value with `{`, `}`, `[`, `]` or `,` inside `{…}` needs quotes"
            ),
            (
                "a: [x/{a}]",
                "f:1:7: expected `,` or `]` in this list (opened in line 1); "
                    + "a value with `{`, `}`, `[`, `]` or `,` inside `[…]` needs quotes"
            ),
            (
                "listeners: [::1:8080]",
                "f:1:13: expected a value here; "
                    + "a value that starts with `:` or `[`, such as an IPv6 address, needs quotes"
            ),
            (
                "listeners: [[::1]:8080]",
                "f:1:14: expected a value here; "
                    + "a value that starts with `:` or `[`, such as an IPv6 address, needs quotes"
            ),
        ])
    func missingQuotes(text: String, expected: String) {
        #expect(problems(text + "\n") == [expected])
    }

    @Test("refuses bytes that are not UTF-8")
    func encoding() {
        let bytes: [UInt8] = Array("a: 1\nb: ".utf8) + [0xFF]
        #expect(throws: Diagnostics.self) { try YAMLReader.read(bytes.span, file: "f") }
        do {
            _ = try YAMLReader.read(bytes.span, file: "f")
        } catch {
            #expect(error.description == "f:2:4: the file is not UTF-8 here; save it as UTF-8")
        }
    }

    @Test("a star, an ampersand and a bang inside text are text")
    func indicatorsInsideText() throws {
        let root = try YAMLReader.read("match: GET /a/** & /b!\n", file: "f")
        guard case .scalar(let scalar) = try #require(root["match"]).content else {
            Issue.record("no scalar")
            return
        }
        #expect(scalar.text == "GET /a/** & /b!")
    }
}

/// The diagnostics of reading `text` as the file `f`, one line each.
func problems(_ text: String) -> [String] {
    do {
        _ = try YAMLReader.read(text, file: "f")
        return []
    } catch {
        return error.all.map(\.description)
    }
}
