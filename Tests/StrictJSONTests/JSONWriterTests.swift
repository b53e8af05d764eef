import StrictJSON
import Testing

@Suite("JSON writer and printer")
struct JSONWriterTests {
    static let sample = JSONValue.object([
        JSONMember(name: "b", value: .array([.number(JSONNumber(1)), .null])),
        JSONMember(name: "a", value: .object([])),
        JSONMember(name: "c\"", value: .string("\u{1}\n\\é")),
    ])

    @Test("writes compact text in the order of the members")
    func compact() {
        let text = String(decoding: JSONWriter.write(Self.sample), as: UTF8.self)
        #expect(text == #"{"b":[1,null],"a":{},"c\"":"\u0001\n\\é"}"#)
    }

    @Test("what is written reads back as the same value")
    func roundTrip() throws {
        let bytes = JSONWriter.write(Self.sample)
        #expect(try JSONReader.read(bytes.span, limits: .payload) == Self.sample)
    }

    @Test("every single character survives writing and reading")
    func characters() throws {
        for code in UInt32(0)..<0x300 {
            let scalar = try #require(Unicode.Scalar(code))
            let value = JSONValue.string(String(Character(scalar)))
            #expect(try JSONReader.read(JSONWriter.write(value).span, limits: .payload) == value)
        }
    }

    @Test("prints one member a line")
    func printed() {
        #expect(
            JSONPrinter.lines(Self.sample) == [
                "{", #"  "b": ["#, "    1,", "    null", "  ],", #"  "a": {},"#,
                #"  "c\"": "\u0001\u000a\\é""#, "}",
            ])
    }

    @Test("printed lines hold no character that could repaint a terminal")
    func printedSafely() {
        let hostile = "\u{1B}[2J\u{9B}\u{7F}\u{202E}\u{2066}\u{200B}\u{2028}\u{FEFF}\u{E0001}"
        let line = JSONPrinter.lines(.string(hostile)).joined()
        #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        #expect(line.contains(#"\u001b[2J\u009b\u007f\u202e"#))
    }
}
