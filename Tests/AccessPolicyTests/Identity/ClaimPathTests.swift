import AccessPolicy
import Testing

@Suite struct ClaimPathTests {
    private func text(_ path: String) -> String {
        policyText(
            routes: "{id: a, match: GET /a}", claims: "it: {from: '\(path)', default: none}",
            headers: "X-It: it")
    }

    /// What is found at `path` in a token with these claims, beside `sub`.
    private func found(_ path: String, _ claims: String) throws -> String? {
        try load(text(path)).principal(json: #"{"sub": "a", \#(claims)}"#).headerText
    }

    @Test(
        "a dot separates names, `\\.` is one within a name, and `\\\\` is a backslash",
        arguments: [
            ("a", #""a": "v""#), ("a.b", #""a": {"b": "v"}"#), (#"a\.b"#, #""a.b": "v""#),
            (#"a\.b.c"#, #""a.b": {"c": "v"}"#), (#"a.b\.c.d"#, #""a": {"b.c": {"d": "v"}}"#),
            (#"\."#, #"".": "v""#), (#"a\\"#, #""a\\": "v""#), (#"a\\.b"#, #""a\\": {"b": "v"}"#),
            (#"a\\\.b"#, #""a\\.b": "v""#), ("é.ü", #""é": {"ü": "v"}"#), ("a b", #""a b": "v""#),
            ("cognito:groups", #""cognito:groups": "v""#),
            ("https://a.test/b.c", #""https://a.test/b.c": "v""#), ("a:b.c", #""a:b.c": "v""#),
            // With a backslash, a name with a colon follows the rule for all names.
            (#"https://a\.test/b.c"#, #""https://a.test/b": {"c": "v"}"#),
        ])
    func found(path: String, claims: String) throws {
        #expect(try found(path, claims) == "X-It: v\r\n")
    }

    @Test(
        "nothing else is found there",
        arguments: [
            ("a.b", #""a.b": "v""#), (#"a\.b"#, #""a": {"b": "v"}"#), ("a", #""A": "v""#),
            ("a", #""a ": "v""#), ("a", #""a\u0000": "v""#), ("a.b", #""a": ["b"]"#),
            ("a.b", #""a": "b""#), ("a.b", #""a": null"#), ("a.0", #""a": ["v"]"#),
            ("a:b.c", #""a:b": {"c": "v"}"#), ("K", "\"\u{212A}\": \"v\""),
            ("caf\u{E9}", "\"cafe\u{301}\": \"v\""),
        ])
    func notFound(path: String, claims: String) throws {
        #expect(try found(path, claims) == "X-It: none\r\n")
    }

    @Test(
        "what is no path is a load error that says how to write one",
        arguments: ["a..b", ".a", "a.", ".", #"a\b"#, #"a\"#, #"\"#, #"a\\\"#, #"\:"#, #"a\..b."#])
    func refused(path: String) {
        let found = errors(text(path))
        #expect(
            found == [
                "policy.yaml:3:21: `\(path)` is no claim name; write `name`, or `outer.inner` for a "
                    + "claim inside another; in a name, write `\\.` for a dot and `\\\\` for a "
                    + "backslash"
            ])
    }

    @Test("a path that is named twice is a load error")
    func twice() {
        #expect(
            errors(
                policyText(
                    routes: "{id: a, match: GET /a}", claims: #"roles: {from: [a.b, c, "a.b"]}"#))
                == ["policy.yaml:3:33: `claims.roles.from` names `a.b` twice"])
    }
}
