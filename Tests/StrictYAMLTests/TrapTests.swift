import StrictYAML
import Testing

/// What looks like one thing and is another, to some reader of YAML.
@Suite("YAML traps")
struct TrapTests {
    private func errors(_ text: String) -> [String] {
        do throws(Diagnostics) {
            _ = try YAMLReader.read(text, file: "f")
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    /// What reading the value `a` gives, or the complaint.
    private func reading<Value>(
        _ value: String, _ read: (YAMLNode, DiagnosticSink) -> Value?
    ) throws -> (value: Value?, error: String?) {
        let sink = DiagnosticSink()
        let node = try #require(try YAMLReader.read("a: \(value)", file: "f")["a"])
        let result = read(node, sink)
        do throws(Diagnostics) {
            try sink.throwIfAny()
            return (result, nil)
        } catch {
            return (result, error.description)
        }
    }

    @Test(
        "Norway and its like are no text, whatever their case",
        arguments: [
            "no", "No", "NO", "yes", "on", "off", "Off", "true", "FALSE", "null", "Null", "~",
        ])
    func norway(word: String) throws {
        let text = try reading(word) { $0.string("a", $1) }
        #expect(text.value == nil)
        #expect(text.error?.contains("can be read as a boolean or null") == true)
        #expect(text.error?.hasSuffix("quote it: \"\(word)\"") == true)
        for quoted in ["\"\(word)\"", "'\(word)'"] {
            #expect(try reading(quoted) { $0.string("a", $1) }.value == word)
        }
        #expect(
            errors("roles: {\(word): 1}") == [
                "f:1:9: the key `\(word)` can be read as a boolean or null; quote it: \"\(word)\""
            ])
        #expect(errors("roles: {\"\(word)\": 1}") == [])
    }

    @Test(
        "a boolean is `true` or `false`, and nothing that only some readers take for one",
        arguments: [
            ("yes", "; write `true`"), ("on", "; write `true`"), ("True", "; write `true`"),
            ("no", "; write `false`"), ("OFF", "; write `false`"), ("\"true\"", "; write `true`"),
            ("1", "not `1`"), ("y", "not `y`"), ("null", "not `null`"),
        ])
    func booleans(word: String, message: String) throws {
        let flag = try reading(word) { $0.bool("a", $1) }
        #expect(flag.value == nil)
        #expect(flag.error?.hasSuffix(message) == true, "\(flag)")
    }

    @Test(
        "a whole number is decimal, and says what it looks like otherwise",
        arguments: [
            ("1_000", "write `1000`"), ("0o17", "write `15`"), ("0x1F", "write `31`"),
            ("0b101", "write `5`"), ("1:30", "write `90`"), ("-1:30", "write `-90`"),
            ("190:20:30", "write `685230`"), ("+5", "write `5`"), ("3.0", "write `3`"),
            ("017", "write `17`, or `15` if the leading zero means octal"),
            ("007", "write `7`"), ("08", "write `8`"), ("\"3\"", "remove the quotes"),
        ])
    func numbers(text: String, advice: String) throws {
        let number = try reading(text) { $0.int("a", $1) }
        #expect(number.value == nil)
        #expect(number.error?.hasSuffix("; \(advice)") == true, "\(number)")
    }

    @Test(
        "what is no number at all gets no advice about its digits",
        arguments: [
            "1e3", "1.5", ".inf", ".nan", "2026-01-01", "ten", "1__", "99999999999999999999",
            "9:99999999999999999999", "99999:99999:99999:99999:99999", "0o9", "0x", "--1", "٣",
        ])
    func noNumbers(text: String) throws {
        let number = try reading(text) { $0.int("a", $1) }
        #expect(number.value == nil)
        #expect(number.error?.hasPrefix("f:1:4: `a` must be a whole number, not `") == true)
    }

    @Test(
        "a length of time has one number and one unit",
        arguments: [
            ("30", "add the unit, for example `30s`"),
            ("1:30", "write one number and its unit, for example `90s`"),
        ])
    func durations(text: String, advice: String) throws {
        let wait = try reading(text) { $0.duration("a", $1) }
        #expect(wait.value == nil)
        #expect(wait.error?.hasSuffix("; \(advice)") == true, "\(wait)")
    }

    @Test("a length of time and a size know their ranges")
    func ranges() throws {
        #expect(
            try reading("2h") { $0.duration("a", in: .seconds(1)...(.seconds(60)), $1) }.error
                == "f:1:4: `a` must be between `1s` and `1m`, not `2h`")
        #expect(
            try reading("2KiB") { $0.byteCount("a", in: 0...1024, $1) }.error
                == "f:1:4: `a` must be between `0` and `1KiB`, not `2KiB`")
    }

    @Test("references that would grow a file are refused where they stand")
    func laughs() {
        let text = """
            a: &a [x, x]
            b: &b [*a, *a]
            c: [*b, *b]
            <<: *a
            """
        let found = errors(text)
        #expect(found.count == 8)
        #expect(found.first?.hasPrefix("f:1:4: the anchor `&a` is not supported") == true)
        #expect(found.contains { $0.hasPrefix("f:2:8: the alias `*a` is not supported") })
        #expect(found.contains { $0.hasPrefix("f:4:1: the merge key `<<` is not supported") })
    }

    @Test(
        "what else YAML has is refused with its place",
        arguments: [
            ("a: 1\nb: 2\na: 3", "f:3:1: duplicate key `a`, first defined in line 1"),
            ("a: 1\n\"a\": 2", "f:2:1: duplicate key `a`"),
            ("a: !!int \"1\"", "f:1:4: the tag `!!int` is not supported"),
            ("a: !secret x", "f:1:4: the tag `!secret` is not supported"),
            ("%TAG ! x\n---\na: 1", "directives"), ("a: 1\n---\nb: 2", "f:2:1: a second document"),
            ("a:\n\tb: 1", "f:2:1: a tab in the indentation; use spaces"),
            ("a:\n  \tb: 1", "f:2:3: a tab in the indentation"),
            ("? [a]\n: 1", "f:1:3: a key must be a single value, not a list"),
            ("{a: 1}: 2", "f:1:1: a key must be a single value, not a mapping"),
            (String(repeating: "[", count: 33), "f:1:33: nested deeper than 32 levels"),
            (String(repeating: "{a: ", count: 500), "nested deeper than 32 levels"),
            (String(repeating: "- ", count: 500), "nested deeper than 32 levels"),
            (String(repeating: "[", count: 100_000), "nested too deep"),
        ])
    func refused(text: String, message: String) {
        let found = errors(text)
        #expect(found.first?.contains(message) == true, "\(found)")
    }
}
