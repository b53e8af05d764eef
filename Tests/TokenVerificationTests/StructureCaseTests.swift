import Cryptography
import StrictJSON
import Testing
import TokenVerification

@Suite("Token cases 1 to 28: structure and encoding")
struct StructureCaseTests {
    let forge: Forge

    init() throws {
        forge = try Forge.shared()
    }

    @Test("case 1: a good token is accepted", arguments: SignatureAlgorithm.asymmetric)
    func good(algorithm: SignatureAlgorithm) throws {
        let token = try forge.token(header: Forge.header(algorithm), signedWith: algorithm)
        #expect(try forge.outcome(token) == "accepted")
    }

    @Test(
        "case 2: anything but three parts is malformed",
        arguments: [
            "", ".", "a", "a.b", "a.b.c.d", "a.b.c.d.e", "...", "....",
            String(repeating: ".", count: 8_192),
        ])
    func parts(token: String) throws {
        #expect(try forge.outcome(token) == "token_malformed")
    }

    @Test("case 2: two lone dots are malformed, a million dots are over the size limit")
    func dots() throws {
        #expect(try forge.outcome("..") == "token_malformed")
        #expect(try forge.outcome(String(repeating: ".", count: 1_000_000)) == "token_too_large")
    }

    @Test("case 3: 8 192 bytes are read, 8 193 are too large")
    func size() throws {
        #expect(try forge.outcome(try token(ofBytes: 8_192)) == "accepted")
        #expect(try forge.outcome(try token(ofBytes: 8_193)) == "token_too_large")
        #expect(
            try forge.outcome(String(repeating: "A", count: 8_193)) == "token_too_large")
    }

    @Test("case 4: the JSON serializations are malformed")
    func jsonSerialization() throws {
        let parts = try forge.token().split(separator: ".")
        let flattened =
            #"{"payload":"\#(parts[1])","protected":"\#(parts[0])","signature":"\#(parts[2])"}"#
        let general =
            #"{"payload":"\#(parts[1])","signatures":[{"protected":"\#(parts[0])","#
            + #""signature":"\#(parts[2])"}]}"#
        #expect(try forge.outcome(flattened) == "token_malformed")
        #expect(try forge.outcome(general) == "token_malformed")
    }

    @Test(
        "cases 5, 6, 7, 10 and 11: bytes outside the alphabet are malformed in every part",
        arguments: [
            "=", "==", " ", "\t", "\r", "\n", "\r\n", "+", "/", "\u{0}", "é", "\u{7F}", "?", ",",
            "%", "\"", "\u{2028}",
        ])
    func foreignBytes(text: String) throws {
        let parts = try forge.token().split(separator: ".").map(String.init)
        for part in 0..<3 {
            let middle = parts[part].index(parts[part].startIndex, offsetBy: 8)
            for position in [parts[part].startIndex, middle, parts[part].endIndex] {
                var changed = parts
                changed[part].insert(contentsOf: text, at: position)
                // Signed anew, so that nothing but the encoding can be wrong.
                let token =
                    part == 2
                    ? changed.joined(separator: ".") : try forge.sign(changed[0] + "." + changed[1])
                #expect(try forge.outcome(token) == "token_malformed", "part \(part)")
            }
        }
    }

    @Test("case 8: unused bits of a last character are malformed in every part")
    func spareBits() throws {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        // White space shifts the length so that both parts end in a partial group.
        let header = Forge.base64URL(padded(Forge.header(), remainder: 1))
        let payload = Forge.base64URL(padded(Forge.payload(), remainder: 2))
        let good = try forge.sign(header + "." + payload)
        #expect(try forge.outcome(good) == "accepted")
        func raised(_ part: String) throws -> String {
            let last = try #require(part.last)
            let index = try #require(alphabet.firstIndex(of: last))
            return part.dropLast() + String(alphabet[index + 1])
        }
        let signature = String(try #require(good.split(separator: ".").last))
        let variants = [
            try forge.sign(raised(header) + "." + payload),
            try forge.sign(header + "." + raised(payload)),
            header + "." + payload + "." + (try raised(signature)),
        ]
        for token in variants {
            #expect(try forge.outcome(token) == "token_malformed")
        }
    }

    @Test("case 9: a length of one more than a multiple of four is malformed")
    func impossibleLength() throws {
        let parts = try forge.token().split(separator: ".").map(String.init)
        for part in 0..<3 {
            var changed = parts
            while changed[part].utf8.count % 4 != 1 { changed[part] += "A" }
            let token =
                part == 2
                ? changed.joined(separator: ".") : try forge.sign(changed[0] + "." + changed[1])
            #expect(try forge.outcome(token) == "token_malformed", "part \(part)")
        }
    }

    @Test("case 12: empty parts are refused")
    func emptyParts() throws {
        let header = Forge.base64URL(Forge.header())
        let payload = Forge.base64URL(Forge.payload())
        #expect(try forge.outcome(forge.sign("." + payload)) == "token_malformed")
        #expect(try forge.outcome(forge.sign(header + ".")) == "token_malformed")
        #expect(try forge.outcome(header + "." + payload + ".") == "token_signature")
    }

    @Test("case 13: a header that is no object is malformed", arguments: notObjects)
    func headerNoObject(text: String) throws {
        #expect(try forge.outcome(forge.token(header: text)) == "token_malformed")
    }

    @Test("case 14: a payload that is no object is malformed", arguments: notObjects)
    func payloadNoObject(text: String) throws {
        #expect(try forge.outcome(forge.token(payload: text)) == "token_malformed")
    }

    static let notObjects = ["[]", #""x""#, "1", "null", "true", "", " ", "[{}]"]

    @Test(
        "cases 15, 16 and 17: invalid UTF-8, byte order marks and surrogates are malformed",
        arguments: [
            [0x80], [0xFF], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            Array(#"\ud800"#.utf8), Array(#"\udc00\ud800"#.utf8),
        ] as [[UInt8]])
    func invalidText(bytes: [UInt8]) throws {
        func with(_ text: String) -> [UInt8] {
            Array(text.utf8.dropLast()) + Array(#","x":""#.utf8) + bytes + Array(#""}"#.utf8)
        }
        try expect(header: with(Forge.header()), payload: Array(Forge.payload().utf8))
        try expect(header: Array(Forge.header().utf8), payload: with(Forge.payload()))
    }

    @Test("case 16: byte order marks are malformed")
    func byteOrderMark() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let header = Array(Forge.header().utf8)
        let payload = Array(Forge.payload().utf8)
        try expect(header: mark + header, payload: payload)
        try expect(header: header, payload: mark + payload)
    }

    @Test(
        "cases 18 and 20: duplicate members of the header are malformed",
        arguments: [
            #","alg":"ES256""#, #","alg":"none""#, #","a\u006cg":"ES256""#, #","kid":"ES256""#,
            #","x":1,"x":1"#, #","x":{"y":1,"\u0079":2}"#,
        ])
    func duplicateHeaderMembers(more: String) throws {
        let token = try forge.token(header: Forge.header(.es256, more))
        #expect(try forge.outcome(token) == "token_malformed")
    }

    @Test(
        "cases 19, 20 and 21: duplicate claims are malformed, nested ones too",
        arguments: [
            #""exp":1800000900"#, #""aud":"app""#, #""sub":"root""#, #""s\u0075b":"root""#,
            #""iss":"https://issuer.test""#, #""x":{"deep":[{"y":1,"y":2}]}"#,
        ])
    func duplicateClaims(more: String) throws {
        let token = try forge.token(payload: Forge.payload().dropLast() + ",\(more)}")
        #expect(try forge.outcome(token) == "token_malformed")
    }

    @Test("case 22: depth 9 is malformed in header and payload, depth 8 is not")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        for (inner, outcome) in [(7, "accepted"), (8, "token_malformed")] {
            let header = Forge.header(.es256, #","x":\#(nested(inner))"#)
            #expect(try forge.outcome(forge.token(header: header)) == outcome)
            let payload = Forge.payload([("x", nested(inner))])
            #expect(try forge.outcome(forge.token(payload: payload)) == outcome)
        }
        let deepest = try forge.token(payload: Forge.payload([("x", nested(2_500))]))
        #expect(try forge.outcome(deepest) == "token_malformed")
    }

    @Test(
        "case 23: what is JSON only to lenient parsers is malformed",
        arguments: [
            #""x":1,"#, #""x":[1,]"#, #""x":1 /* c */"#, #"'x':1"#, #""x":'1'"#, #""x":01"#,
            #""x":+1"#, #""x":.5"#, #""x":0x10"#, #""x":Infinity"#, #""x":NaN"#, #"x:1"#,
            "\"x\":\"\n\"", #""x":1;"#, #""x""#, #""x":tru"#,
        ])
    func lenientJSON(member: String) throws {
        let token = try forge.token(payload: Forge.payload().dropLast() + ",\(member)}")
        #expect(try forge.outcome(token) == "token_malformed")
        let other = try forge.token(header: Forge.header().dropLast() + ",\(member)}")
        #expect(try forge.outcome(other) == "token_malformed")
    }

    @Test(
        "case 24: anything after the object is malformed",
        arguments: ["}", "{}", "x", "\u{0}", ","])
    func trailing(text: String) throws {
        let token = try forge.token(payload: Forge.payload() + text)
        #expect(try forge.outcome(token) == "token_malformed")
        let other = try forge.token(header: Forge.header() + text)
        #expect(try forge.outcome(other) == "token_malformed")
    }

    @Test("case 25: white space around members is accepted")
    func whitespace() throws {
        func spaced(_ text: String) -> String {
            " \t" + text.replacing(",\"", with: " ,\r\n \"").replacing("\":", with: "\" : ") + "\n "
        }
        let token = try forge.token(
            header: spaced(Forge.header()), payload: spaced(Forge.payload()))
        #expect(try forge.outcome(token) == "accepted")
    }

    @Test("case 26: too many members or elements are too large")
    func counts() throws {
        let members = (0..<257).map { "\"m\($0)\":1" }.joined(separator: ",")
        let elements = Array(repeating: "1", count: 257).joined(separator: ",")
        let wide = try forge.token(payload: Forge.payload([("x", "{\(members)}")]))
        let long = try forge.token(payload: Forge.payload([("x", "[\(elements)]")]))
        #expect(try forge.outcome(wide) == "token_too_large")
        #expect(try forge.outcome(long) == "token_too_large")
        let headerMembers = (0..<31).map { ",\"m\($0)\":1" }.joined()
        let header = try forge.token(header: Forge.header(.es256, headerMembers))
        #expect(try forge.outcome(header) == "token_too_large")
    }

    @Test("a header of more than 4 KiB is too large")
    func headerSize() throws {
        let filler = #","x":"\#(String(repeating: "y", count: 4_096))""#
        let token = try forge.token(header: Forge.header(.es256, filler))
        #expect(try forge.outcome(token) == "token_too_large")
    }

    @Test("case 27: a long member name and a kid of more than 256 bytes are malformed")
    func longNames() throws {
        let name = String(repeating: "n", count: 2_000)
        let header = try forge.token(header: Forge.header(.es256, #","\#(name)":1"#))
        #expect(try forge.outcome(header) == "token_malformed")
        let payload = try forge.token(payload: Forge.payload([(name, "1")]))
        #expect(try forge.outcome(payload) == "token_malformed")
        for (count, outcome) in [(256, "token_unknown_key"), (257, "token_malformed")] {
            let kid = String(repeating: "k", count: count)
            let token = try forge.token(header: #"{"alg":"ES256","kid":"\#(kid)"}"#)
            #expect(try forge.outcome(token) == outcome)
        }
    }

    private func expect(header: [UInt8], payload: [UInt8]) throws {
        let token = try forge.token(header: header, payload: payload, forge.ecdsa, .es256)
        #expect(try forge.outcome(token) == "token_malformed")
    }

    /// The JSON text with spaces before its last brace until its length leaves that remainder by 3.
    private func padded(_ text: String, remainder: Int) -> String {
        var padded = text
        while padded.utf8.count % 3 != remainder { padded = padded.dropLast() + " }" }
        return padded
    }

    /// A good token of exactly that length.
    private func token(ofBytes count: Int) throws -> String {
        for spaces in 0..<4 {
            let header = Forge.header(.es256, String(repeating: " ", count: spaces))
            for filler in 5_500..<6_000 {
                let text = String(repeating: "f", count: filler)
                let payload = Forge.payload([("f", "\"\(text)\"")])
                let length = (header.utf8.count * 4 + 2) / 3 + (payload.utf8.count * 4 + 2) / 3
                guard length + 86 + 2 == count else { continue }
                return try forge.token(header: header, payload: payload)
            }
        }
        Issue.record("no token of \(count) bytes")
        return ""
    }
}
