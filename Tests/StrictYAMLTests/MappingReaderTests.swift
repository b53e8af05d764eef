import StrictYAML
import Testing

@Suite("Mapping reader")
struct MappingReaderTests {
    @Test("gives typed values")
    func values() throws {
        let text = """
            name: app
            open: true
            count: 3
            wait: 10s
            size: 64KiB
            level: info
            hosts: [a, b]
            one: a
            limits: {head: 1KiB}
            issuers: {corp: {}, local: {}}
            """
        let sink = DiagnosticSink()
        let keys = [
            "name", "open", "count", "wait", "size", "level", "hosts", "one", "limits", "issuers",
        ]
        let reader = try #require(
            MappingReader(try YAMLReader.read(text, file: "f"), keys: keys, sink))
        #expect(reader.string("name") == "app")
        #expect(reader.bool("open") == true)
        #expect(reader.int("count", in: 1...9) == 3)
        #expect(reader.duration("wait") == .seconds(10))
        #expect(reader.byteCount("size") == 65536)
        #expect(reader.choice("level", of: ["debug", "info"]) == "info")
        #expect(reader.stringList("hosts") == ["a", "b"])
        #expect(reader.stringList("one") == ["a"])
        #expect(reader.mapping("limits", keys: ["head"])?.byteCount("head") == 1024)
        #expect(reader.entries("issuers")?.map(\.key) == ["corp", "local"])
        #expect(reader.list("hosts")?.count == 2)
        #expect(reader.string("absent") == nil)
        #expect(sink.isEmpty)
    }

    @Test("reports every wrong value of a file at once, with the place and what is right")
    func reports() throws {
        let text = """
            rolez: 1
            name: no
            flag: yes
            count: "3"
            many: 99
            wait: 10
            size: big
            level: inof
            hosts: {a: 1}
            empty:
            limits: {haed: 1}
            list: x
            map: [1]
            """
        let sink = DiagnosticSink()
        let reader = try #require(
            MappingReader(
                try YAMLReader.read(text, file: "f"),
                keys: [
                    "roles", "name", "flag", "count", "many", "wait", "size", "level", "hosts",
                    "empty", "limits", "list", "map", "needed",
                ], sink))
        #expect(reader.string("name") == nil)
        #expect(reader.bool("flag") == nil)
        #expect(reader.int("count") == nil)
        #expect(reader.int("many", in: 1...9) == nil)
        #expect(reader.duration("wait") == nil)
        #expect(reader.byteCount("size") == nil)
        #expect(reader.choice("level", of: ["debug", "info"]) == nil)
        #expect(reader.stringList("hosts") == nil)
        #expect(reader.string("empty") == nil)
        #expect(reader.mapping("limits", keys: ["head"])?.byteCount("head") == nil)
        #expect(reader.list("list") == nil)
        #expect(reader.entries("map") == nil)
        #expect(reader.required("needed") == nil)
        let error = #expect(throws: Diagnostics.self) { try sink.throwIfAny() }
        #expect(
            error?.all.map(\.description) == [
                "f:1:1: unknown key `rolez`; did you mean `roles`?",
                "f:1:1: missing key `needed`",
                "f:2:7: `name` must be text, but `no` can be read as a boolean or null; "
                    + "quote it: \"no\"",
                "f:3:7: `flag` must be `true` or `false`, not `yes`; write `true`",
                "f:4:8: `count` must be a whole number, not `\"3\"`; remove the quotes",
                "f:5:7: `many` must be between 1 and 9, not `99`",
                "f:6:7: `wait` must be a length of time such as "
                    + "`500ms`, `10s`, `2m`, `24h` or `7d`, not `10`; "
                    + "add the unit, for example `10s`",
                "f:7:7: `size` must be a size such as `16KiB`, `32MiB` or `65536`, not `big`",
                "f:8:8: `level` must be one of `debug`, `info`, not `inof`; did you mean `info`?",
                "f:9:8: `hosts` must be a list of text",
                "f:10:7: `empty` has no value; write text, or remove the key",
                "f:11:10: unknown key `haed` in `limits`; did you mean `head`?",
                "f:12:7: `list` must be a list, not a single value; "
                    + "write `[…]` or lines that start with `- `",
                "f:13:6: `map` must be a mapping, not a list; "
                    + "write `{name: …}` or indented lines `name: …`",
            ])
    }

    @Test("a file that is no mapping is one clear error")
    func noMapping() throws {
        let sink = DiagnosticSink()
        let root = try YAMLReader.read("- a\n", file: "f")
        #expect(MappingReader(root, keys: ["version"], sink) == nil)
        let error = #expect(throws: Diagnostics.self) { try sink.throwIfAny() }
        #expect(
            error?.description
                == "f:1:1: the file must be a mapping with keys, not a list; write `version: …`")
    }
}
