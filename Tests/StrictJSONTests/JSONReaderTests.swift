import StrictJSON
import Testing

@Suite("JSON reader")
struct JSONReaderTests {
    @Test(
        "reads well-formed documents",
        arguments: [
            ("{}", "{}"), ("[]", "[]"), (" [ 1 , 2 ] ", "[1,2]"), ("null", "null"),
            ("true", "true"), ("false", "false"), (#""""#, #""""#), ("0", "0"), ("-0", "-0"),
            ("1.5e+3", "1.5e+3"), ("1E2", "1E2"), ("\t\r\n {\"a\" :\n[ ] }", #"{"a":[]}"#),
            (#"{"a":{"b":[true,null]}}"#, #"{"a":{"b":[true,null]}}"#),
            (#""\u0041\n\/\"\\""#, #""A\n/\"\\""#), (#""\ud83d\ude00é""#, "\"😀é\""),
            (#"{"a":1,"A":2,"aa":3}"#, #"{"a":1,"A":2,"aa":3}"#),
        ])
    func accepts(text: String, written: String) throws {
        let value = try read(text)
        #expect(String(decoding: JSONWriter.write(value), as: UTF8.self) == written)
    }

    @Test(
        "refuses everything else with its reason",
        arguments: [
            ("", .unexpectedEnd), ("   ", .unexpectedEnd), ("{", .unexpectedEnd),
            (#"{"a""#, .unexpectedEnd), (#"{"a":"#, .unexpectedEnd), (#""a"#, .unexpectedEnd),
            ("[1", .unexpectedEnd), ("tru", .unexpectedEnd), ("truE", .unexpectedByte),
            ("True", .unexpectedByte), ("{,}", .unexpectedByte), (#"{"a":1,}"#, .unexpectedByte),
            ("[1,]", .unexpectedByte), ("[,1]", .unexpectedByte), ("[1 2]", .unexpectedByte),
            (#"{"a" 1}"#, .unexpectedByte), (#"{"a":1;"b":2}"#, .unexpectedByte),
            ("{a:1}", .unexpectedByte), ("{'a':1}", .unexpectedByte), ("{1:1}", .unexpectedByte),
            ("[1]}", .trailingBytes), ("{} {}", .trailingBytes), ("1 2", .trailingBytes),
            ("{}\u{0}", .trailingBytes), ("/* c */{}", .unexpectedByte),
            ("{// c\n}", .unexpectedByte), ("[01]", .invalidNumber), ("[-01]", .invalidNumber),
            ("[+1]", .unexpectedByte), ("[.5]", .unexpectedByte), ("[5.]", .invalidNumber),
            ("[1e]", .invalidNumber), ("[1e+]", .invalidNumber), ("[-]", .invalidNumber),
            ("[0x10]", .unexpectedByte), ("[Infinity]", .unexpectedByte),
            ("[-Infinity]", .invalidNumber), ("[NaN]", .unexpectedByte),
            ("\"\u{1}\"", .controlCharacter), ("\"a\nb\"", .controlCharacter),
            (#""\x41""#, .invalidEscape), (#""\u12""#, .invalidEscape),
            (#""\u12g4""#, .invalidEscape), (#""\ud800""#, .loneSurrogate),
            (#""\udc00""#, .loneSurrogate), (#""\ud800\u0041""#, .loneSurrogate),
            (#""\ud800x""#, .loneSurrogate), (#""\ud800\ud800""#, .loneSurrogate),
            (#"{"a":1,"a":2}"#, .duplicateMember), (#"{"alg":1,"a\u006cg":2}"#, .duplicateMember),
            (#"{"x":{"b":1,"c":2,"b":1}}"#, .duplicateMember),
            (#"[{"é":1,"\u00e9":2}]"#, .duplicateMember), ("\u{FEFF}{}", .byteOrderMark),
        ] as [(String, JSONError.Reason)])
    func refuses(text: String, reason: JSONError.Reason) {
        #expect(throws: JSONError(reason, at: 0)) { try read(text) }
    }

    @Test(
        "refuses bytes that are not UTF-8",
        arguments: [
            [0x80], [0xC3], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xFF], [0xC3, 0x28],
        ] as [[UInt8]])
    func invalidUTF8(sequence: [UInt8]) {
        // Plain, after an escape, and in a member's name: three different paths of the reader.
        for frame in [(#"["a"#, #"b"]"#), (#"["\n"#, #"b"]"#), (#"{""#, #"":1}"#)] {
            let bytes = Array(frame.0.utf8) + sequence + Array(frame.1.utf8)
            #expect(throws: JSONError(.invalidUTF8, at: 0)) {
                try JSONReader.read(bytes.span, limits: .payload)
            }
        }
    }

    @Test(
        "refuses UTF-16 and UTF-8 byte order marks",
        arguments: [
            [0xEF, 0xBB, 0xBF, 0x7B, 0x7D], [0xFE, 0xFF, 0, 0x7B], [0xFF, 0xFE, 0x7B, 0],
        ] as [[UInt8]])
    func byteOrderMarks(bytes: [UInt8]) {
        #expect(throws: JSONError(.byteOrderMark, at: 0)) {
            try JSONReader.read(bytes.span, limits: .payload)
        }
    }

    @Test("case 22: depth 8 is read, depth 9 is not")
    func depth() throws {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            func nested(_ depth: Int) -> String {
                String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
            }
            _ = try read(nested(8))
            #expect(throws: JSONError(.tooDeep, at: 0)) { try read(nested(9)) }
        }
    }

    @Test("case 22: depth 100 000 is refused without using the stack", arguments: ["[", #"{"a":"#])
    func extremeDepth(open: String) {
        let bytes = Array(String(repeating: open, count: 100_000).utf8)
        #expect(throws: JSONError(.tooDeep, at: 0)) {
            try JSONReader.read(bytes.span, limits: JSONLimits(bytes: bytes.count))
        }
        // Looking for a member steps over the same bytes without recursion.
        let object = Array(#"{"x":"#.utf8) + bytes
        #expect(throws: JSONError(.unexpectedEnd, at: 0)) {
            try peek(object, ["a"], JSONLimits(bytes: object.count))
        }
    }

    @Test("case 26: 256 members and 256 elements are read, 257 are too many")
    func counts() throws {
        func object(_ count: Int) -> String {
            "{" + (0..<count).map { "\"m\($0)\":\($0)" }.joined(separator: ",") + "}"
        }
        func array(_ count: Int) -> String {
            "[" + Array(repeating: "0", count: count).joined(separator: ",") + "]"
        }
        #expect(try read(object(256)).members?.count == 256)
        #expect(try read(array(256)).array?.count == 256)
        #expect(throws: JSONError(.tooManyMembers, at: 0)) { try read(object(257)) }
        #expect(throws: JSONError(.tooManyElements, at: 0)) { try read(array(257)) }
        let header = Array(object(33).utf8)
        #expect(throws: JSONError(.tooManyMembers, at: 0)) {
            try JSONReader.read(header.span, limits: .header)
        }
    }

    @Test("case 27: a member name of more than 256 bytes is refused")
    func longName() throws {
        func object(_ count: Int) -> String {
            "{\"\(String(repeating: "n", count: count))\":1}"
        }
        _ = try read(object(256))
        #expect(throws: JSONError(.nameTooLong, at: 0)) { try read(object(257)) }
        #expect(throws: JSONError(.nameTooLong, at: 0)) { try read(object(4_096)) }
    }

    @Test("a document beyond its limit of bytes is refused unread")
    func tooManyBytes() throws {
        let text = "\"" + String(repeating: "a", count: 8_190) + "\""
        _ = try read(text)
        #expect(throws: JSONError(.tooManyBytes, at: 0)) { try read(text + " ") }
    }

    @Test("errors name the byte")
    func offsets() {
        let expected: [(String, Int)] = [
            (#"{"a":1,"a":2}"#, 7), ("[1,]", 3), ("{} x", 3), (#"["\ud800"]"#, 2), ("[01]", 1),
        ]
        for (text, offset) in expected {
            do throws(JSONError) {
                _ = try JSONReader.read(Array(text.utf8).span, limits: .payload)
                Issue.record("`\(text)` was read")
            } catch {
                #expect(error.offset == offset, "in `\(text)`")
            }
        }
    }

    @Test("members are found by exact bytes, not by canonical equivalence")
    func exactNames() throws {
        let value = try read("{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value.members?.count == 2)
        #expect(value["\u{E9}"] == .number(JSONNumber(1)))
        #expect(value["e\u{301}"] == .number(JSONNumber(2)))
        #expect(JSONValue.string("\u{E9}") != JSONValue.string("e\u{301}"))
        #expect(JSONValue.string("K") != JSONValue.string("\u{212A}"))
    }

    @Test(
        "peeks at a text member without reading the rest",
        arguments: [
            (#"{"iss":"a"}"#, 0), (#"{"x":[{"iss":"a"}],"iss":"yes"}"#, 1),
            (#"{"x":"}\"","iss":"https:\/\/a"}"#, 2), (#"{"i\u0073s":"a"}"#, 0),
            (#"{"iss":1}"#, nil), (#"{"iss":["a"]}"#, nil), (#"{"x":"iss"}"#, nil), ("{}", nil),
            (#"{"iss":"yes","iss":"a"}"#, 1), (#"{"iss":"b"}"#, nil), (#"{"iss":"ye"}"#, nil),
            (#"{"iss":"\u0061"}"#, 0), (#"{"iss":"\u0061a"}"#, nil), (#"{"iss":""}"#, nil),
            (#"{"iss":"\u0079\u0065"}"#, nil), (#"{ "iss" : "a" "#, 0),
        ] as [(String, Int?)])
    func peeks(text: String, expected: Int?) throws {
        let found = try peek(Array(text.utf8), ["a", "yes", "https://a"])
        #expect(found == expected)
    }

    @Test(
        "peeking refuses what is no object",
        arguments: ["", "[]", "1", "\"iss\"", "null", "{\"x"])
    func peekRefuses(text: String) {
        #expect(throws: JSONError.self) { try peek(Array(text.utf8), ["a"]) }
    }

    private func peek(
        _ bytes: [UInt8], _ candidates: [String], _ limits: JSONLimits = .payload
    ) throws(JSONError) -> Int? {
        try JSONReader.peekIndex(
            of: JSONName("iss"), in: bytes.span, limits: limits, count: candidates.count
        ) { candidates[$0] }
    }

    @Test("no truncation of a document is a document")
    func truncations() throws {
        let text = #"{"a":[1,-2.5e3,"x\u00e9\n",true,null],"b":{"c":"😀"}}"#
        let bytes = Array(text.utf8)
        _ = try JSONReader.read(bytes.span, limits: .payload)
        for count in 0..<bytes.count {
            #expect(throws: JSONError.self, "cut at \(count)") {
                try JSONReader.read(bytes.span.extracting(first: count), limits: .payload)
            }
        }
    }

    @Test("whatever bytes arrive, reading ends, and what is read can be written and read again")
    func mutations() throws {
        let seed = Array(#"{"a":[1,-2.5e3,"x\u00e9\n",true,null],"b":{"c":"😀"},"d":""}"#.utf8)
        var random = SplitMix(state: 42)
        var read = 0
        var changed = 0
        for _ in 0..<5_000 {
            var bytes = seed
            for _ in 0...Int(random.next() % 3) {
                let index = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: index)
                default: bytes.insert(seed[Int(random.next() % UInt64(seed.count))], at: index)
                }
            }
            guard let value = try? JSONReader.read(bytes.span, limits: .payload) else { continue }
            read += 1
            let again = try JSONReader.read(JSONWriter.write(value).span, limits: .payload)
            if again != value { changed += 1 }
        }
        #expect(changed == 0)
        #expect(read > 200)
    }

    private func read(_ text: String) throws(JSONError) -> JSONValue {
        try JSONReader.read(Array(text.utf8).span, limits: .payload)
    }
}

/// A generator that gives the same numbers every time (Steele et al., OOPSLA 2014).
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
