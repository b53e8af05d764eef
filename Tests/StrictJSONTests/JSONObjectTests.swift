import StrictJSON
import Testing

@Suite("JSON object of which members are made when asked for")
struct JSONObjectTests {
    private func object(_ text: String) throws(JSONError) -> JSONObject {
        let bytes = Array(text.utf8)
        return try JSONReader.readObject(bytes, count: bytes.count, limits: .payload)
    }

    @Test("gives the same members as the reader")
    func members() throws {
        let text = #"""
            { "iss" : "https:\/\/a", "n":-1.5e3, "b":true,"f":false, "z":null, "é":"\ud83d\ude00",
              "a": [1,{"x":{"y":[]}},"s"], "o":{"p":1,"q":{"r":2}}, "":"empty", "last":0 }
            """#
        let object = try object(text)
        let value = try JSONReader.read(Array(text.utf8).span, limits: .payload)
        #expect(object.value == value)
        #expect(object.detached().value == value)
        #expect(object.count == 10)
        for member in value.members ?? [] {
            #expect(object[member.name] == member.value)
            #expect(object[JSONName(member.name)] == member.value)
        }
        for missing in ["is", "isss", "x", "p", "e", "e\u{301}", "\u{0}", "https://a"] {
            #expect(object[missing] == nil)
        }
    }

    @Test("names are found by exact bytes, whatever their length and however they are escaped")
    func names() throws {
        for length in 1..<40 {
            let name = String(repeating: "n", count: length)
            let other = String(repeating: "n", count: length - 1) + "m"
            let escaped = String(repeating: #"\u006e"#, count: length)
            #expect(try object("{\"\(name)\":1,\"\(other)\":2}")[name] == .number(JSONNumber(1)))
            #expect(try object("{\"\(other)\":2}")[name] == nil)
            #expect(try object("{\"\(escaped)\":1,\"\(other)\":2}")[name] == .number(JSONNumber(1)))
            #expect(throws: JSONError(.duplicateMember, at: 0)) {
                try object("{\"\(escaped)\":1,\"\(name)\":2}")
            }
        }
        // Zero bytes fill up the words of short names.
        let zero = try object(#"{"ab\u0000":1,"ab":2,"ab\u0000\u0000":3}"#)
        #expect(zero["ab"] == .number(JSONNumber(2)))
        #expect(zero["ab\u{0}"] == .number(JSONNumber(1)))
    }

    @Test("a table finds all its names in one pass")
    func table() throws {
        let names = (0..<16).map { JSONName("name\($0)") }
        let table = JSONNameTable(names)
        let object = try object(
            #"{"name3":1,"x":2,"name15":3,"name1":4,"n\u0061me0":5,"name16":6}"#)
        let places = object.places(of: table)
        for number in 0..<16 {
            #expect(places[number] == object.index(of: names[number]))
        }
        #expect(places[3] == 0 && places[15] == 2 && places[0] == 4 && places[2] == nil)
    }

    @Test("compares a text without making it, escaped or not")
    func texts() throws {
        let object = try object(#"{"a":"https://x","b":"https:\/\/x","c":1,"d":"https:\\/\\/x"}"#)
        let expected: [(String, String, Bool)] = [
            ("a", "https://x", true), ("b", "https://x", true), ("c", "1", false),
            ("d", "https://x", false), ("d", #"https:\/\/x"#, true), ("b", #"https:\/\/x"#, false),
            ("a", "https://", false), ("a", "", false),
        ]
        for (name, text, isSame) in expected {
            let place = try #require(object.index(of: JSONName(name)))
            #expect(object.isString(text, at: place) == isSame)
            #expect(object.isString(at: place) == (name != "c"))
        }
    }

    @Test(
        "reads whole seconds without making the number",
        arguments: [
            "0", "1800000000", "999999999999999999", "9223372036854775807", "9223372036854775808",
            "-1", "-0", "1.5", "-1.5", "1e3", "1e400", "\"1\"", "null", "[1]", "true",
        ])
    func numbers(text: String) throws {
        let object = try object("{\"n\":\(text)}")
        let number = object["n"]?.number
        #expect(object.floor(at: 0) == number?.floor)
        #expect(object.isNegative(at: 0) == (number?.isNegative ?? false))
        #expect(object.isNull(at: 0) == (text == "null"))
    }

    @Test("what is no object is refused", arguments: ["[]", "1", "\"x\"", "null", "[{}]"])
    func noObject(text: String) {
        #expect(throws: JSONError(.notAnObject, at: 0)) { try object(text) }
    }

    @Test("is as strict as the reader, whatever bytes arrive")
    func sameStrictness() throws {
        let seed = Array(
            #"{"a":[1,-2.5e3,"x\u00e9\n",true,null],"b":{"c":"😀","d":{"c":0}},"d":"","aa":1}"#.utf8)
        var random = SystemRandomNumberGenerator()
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(seed.randomElement(using: &random) ?? 0, at: index)
                }
            }
            let value = Result { try JSONReader.read(bytes.span, limits: .payload) }
            let object = Result {
                try JSONReader.readObject(bytes, count: bytes.count, limits: .payload)
            }
            switch (value, object) {
            case (.success(let value), .success(let object)):
                accepted += 1
                #expect(object.value == value)
            case (.success(let value), .failure):
                #expect(value.members == nil)
            case (.failure, .success):
                Issue.record("\(bytes) were read as an object only")
            case (.failure(let first), .failure(let second)):
                #expect(first as? JSONError == second as? JSONError)
            }
        }
        #expect(accepted > 500)
    }

    @Test("case 22: depth 100 000 is refused without using the stack, stepping over values too")
    func extremeDepth() {
        for open in ["[", #"{"a":"#] {
            let bytes = Array((#"{"x":"# + String(repeating: open, count: 100_000)).utf8)
            #expect(throws: JSONError(.tooDeep, at: 0)) {
                try JSONReader.readObject(
                    bytes, count: bytes.count, limits: JSONLimits(bytes: bytes.count))
            }
        }
    }

    @Test("case 28: 256 names that differ only within are told apart in bounded time")
    func similarNames() throws {
        let names = (0..<256).map { "aaaaaaaa\($0 + 1_000)zzzzzzzz" }
        let text = "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        let object = try object(text)
        #expect(object.count == 256)
        #expect(names.allSatisfy { object[$0] == .number(JSONNumber(1)) })
    }
}
