import StrictJSON
import Testing

@Suite struct JSONLocationTests {
    /// What is found in a document at a path of names: the kind, and the texts that were handed over.
    private func found(
        _ path: [String], in json: String
    ) throws -> (kind: JSONTexts, texts: [String])? {
        let bytes = Array(json.utf8)
        let object = try JSONReader.readObject(bytes, count: bytes.count, limits: .payload)
        guard var location = object.location(of: JSONName(path[0])) else { return nil }
        for name in path.dropFirst() {
            guard let inner = object.location(of: JSONName(name), within: location) else {
                return nil
            }
            location = inner
        }
        var texts: [String] = []
        let kind = object.texts(at: location) { text in
            texts.append(String(decoding: text.indices.map { text[$0] }, as: UTF8.self))
        }
        return (kind, texts)
    }

    @Test(
        "texts are handed over after their escapes are resolved",
        arguments: [
            (#""""#, [""]), (#""v""#, ["v"]), (#""a b\"c""#, ["a b\"c"]), (#""\\""#, ["\\"]),
            (#""\\\"""#, ["\\\""]), (#""\u0041\n\u00e9\ud83d\ude00""#, ["A\n\u{E9}\u{1F600}"]),
            (#""é""#, ["é"]), (#""\u0000""#, ["\u{0}"]), (#""[\"a\"]""#, [#"["a"]"#]),
            (#""twenty-four letters, or so""#, ["twenty-four letters, or so"]),
        ])
    func single(json: String, texts: [String]) throws {
        for document in [#"{"a":\#(json)}"#, #" { "b" : 1 , "a" : \#(json) , "c" : [] } "#] {
            let found = try #require(try found(["a"], in: document))
            #expect(found.kind == .single)
            #expect(found.texts == texts)
        }
    }

    @Test(
        "a list of texts is handed over text by text",
        arguments: [
            ("[]", []), ("[ ]", []), (#"["a"]"#, ["a"]),
            (#"["a","b\"]","c"]"#, ["a", "b\"]", "c"]),
            (" [ \"a\" ,\n\t\"b\" ] ", ["a", "b"]), (#"["","\u005d",""]"#, ["", "]", ""]),
        ])
    func list(json: String, texts: [String]) throws {
        let found = try #require(try found(["a"], in: #"{"a":\#(json)}"#))
        #expect(found.kind == .list)
        #expect(found.texts == texts)
    }

    @Test(
        "anything else is no text, a list with another member included",
        arguments: [
            "null", "true", "false", "0", "-1.5e3", "{}", #"{"a":"b"}"#, "[1]", #"["a",1]"#,
            #"["a",null]"#, #"[["a"]]"#, #"[{"a":"b"},"c"]"#, #"["a",["b"]]"#,
        ])
    func none(json: String) throws {
        #expect(try found(["a"], in: #"{"a":\#(json)}"#)?.kind == JSONTexts.none)
    }

    @Test(
        "a value is found within others by the exact bytes of its name",
        arguments: [
            (["a", "b"], #"{"a":{"b":"v"}}"#), (["a", "b"], #"{"a":{"x":{"b":"w"},"b":"v"}}"#),
            (["a", "b"], #"{ "a" : { "c" : [1, "b"], "b" : "v" } }"#),
            (["a", "b\""], #"{"a":{"x":"b\"","b\"":"v"}}"#), (["a", ""], #"{"a":{"":"v"}}"#),
            (["a", "b", "c"], #"{"a":{"b":{"b":1,"c":"v"},"c":"w"}}"#),
            (["a", "b"], #"{"\u0061":{"\u0062":"v"}}"#), (["é", "ü"], #"{"é":{"ü":"v"}}"#),
        ])
    func nested(path: [String], json: String) throws {
        #expect(try found(path, in: json)?.texts == ["v"])
    }

    @Test(
        "where there is no such value, none is found",
        arguments: [
            #"{"a":{}}"#, #"{"a":{ }}"#, #"{"a":[]}"#, #"{"a":["b"]}"#, #"{"a":"b"}"#,
            #"{"a":null}"#, #"{"b":{"b":"v"}}"#, #"{"a":{"B":"v"}}"#, #"{"a":{"b ":"v"}}"#,
            #"{"a":{"c":{"b":"v"}}}"#, #"{"a":{"b\u0000":"v"}}"#, #"{"a":{"x":"b"}}"#,
        ])
    func absent(json: String) throws { #expect(try found(["a", "b"], in: json) == nil) }

    @Test("the value at a location is the value that the reader makes")
    func values() throws {
        let json = #"{"a":{"b":[1,"x",null,{"c":true}],"d":"\u0041"},"e":-0.5}"#
        let whole = try JSONReader.read(Array(json.utf8).span, limits: .payload)
        let object = try #require(JSONObject(whole))
        let outer = try #require(object.location(of: JSONName("a")))
        #expect(object.value(at: outer) == whole["a"])
        for name in ["b", "d"] {
            let inner = try #require(object.location(of: JSONName(name), within: outer))
            #expect(object.value(at: inner) == whole["a"]?[name])
        }
    }
}
