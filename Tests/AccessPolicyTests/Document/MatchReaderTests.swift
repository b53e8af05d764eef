import Testing

@Suite struct MatchReaderTests {
    private func found(_ match: String) -> [String] {
        errors(policyText(routes: "{id: a, match: \"\(match)\", allow: {anyone: true}}"))
    }

    @Test(
        "a match is methods, a space and a path",
        arguments: [
            "GET /", "ANY /**", "GET|POST /a/{b}/*/c/**", "OPTIONS /a/", "DELETE /a;b=c/@d:e",
            "GET /caf%C3%A9/%20a", "HEAD /{a_1}/{B2}", "PATCH /.well-known/x", "PUT /.a/..a",
            "WEBSOCKET /ws", "GET|WEBSOCKET /a", "GET /*.png", "GET /a/*.min.js", "GET /*x%20y",
            "GET /{a:int}/{b:uuid}/{c:slug}/{d:hex}/{e:date}/**",
        ])
    func accepted(match: String) { #expect(found(match).isEmpty) }

    @Test(
        "what is no match is a load error that says what to write",
        arguments: [
            ("/a", "write `GET /path`"), ("GET", "write `GET /path`"),
            ("GET a", "write `GET /path`"),
            ("GET  /a", "write `GET /path`"), ("GET /a b", "write `GET /path`"),
            ("", "write `GET /path`"), ("GET http://app.test/a", "write `GET /path`"),
            ("* /a", "unknown method `*`; write `ANY` for all methods"),
            ("get /a", "unknown method `get`; did you mean `GET`?"),
            ("PSOT /a", "unknown method `PSOT`; did you mean `POST`?"),
            ("TRACE /a", "unknown method `TRACE`"), ("GET| /a", "unknown method ``"),
            ("GET|ANY /a", "unknown method `ANY`; write `ANY` alone"),
            ("websocket /a", "unknown method `websocket`; did you mean `WEBSOCKET`?"),
            ("ANY|WEBSOCKET /a", "unknown method `ANY`; write `ANY` alone"),
            ("GET|GET /a", "method `GET` is named twice"),
            ("GET /**/a", "has `**` before its end; use `*` for one segment"),
            ("GET /**/", "has `**` before its end"),
            ("GET /a*", "mixes text with `*`"), ("GET /*a*", "mixes text with `*`"),
            ("GET /*{a}", "mixes text with `*`"), ("GET /{a}.png", "mixes text with `*`"),
            ("GET /*;x", "has the suffix `*;x`, which servers do not see"),
            ("GET /*.", "has the suffix `*.`, which servers do not see"),
            ("GET /*a%20", "has the suffix `*a%20`, which servers do not see"),
            ("GET /*%2e", "must be in canonical form; write `.` for `%2e`"),
            ("GET /*%2Fa", "holds an escaped delimiter"),
            ("GET /***", "mixes text with `*`"), ("GET /a{b}", "mixes text with `*` or `{…}`"),
            ("GET /{b", "mixes text with `*` or `{…}`"),
            ("GET /b}", "mixes text with `*` or `{…}`"),
            ("GET /{year:integer}", "unknown type `integer`; known are `int`, `uuid`"),
            ("GET /{year:Int}", "unknown type `Int`; did you mean `int`?"),
            ("GET /{year:}", "unknown type ``"), ("GET /{:int}", "`` is no valid variable name"),
            ("GET /{a:int}/{a:hex}", "has two variables `a`"),
            ("GET /{}", "`` is no valid variable name"),
            ("GET /{1}", "`1` is no valid variable name"),
            ("GET /{a-b}", "`a-b` is no valid variable name"),
            ("GET /{a}/{a}", "has two variables `a`; give each a name of its own"),
            ("GET //a", "has an empty segment"), ("GET /a//b", "has an empty segment"),
            ("GET /a//**", "has an empty segment"),
            ("GET /%61", "must be in canonical form; write `a` for `%61`"),
            ("GET /%c3%a9", "must be in canonical form; write `%C3%A9` for `%c3%a9`"),
            (
                "GET /é",
                "cannot match any request: the path holds a byte that must be escaped; write `%C3%A9` for `é`"
            ),
            ("GET /a?b=c", "leave out the query, which is never matched"),
            ("GET /..", "cannot match any request: the path holds a dot segment"),
            ("GET /a/./b", "cannot match any request: the path holds a dot segment"),
            ("GET /a%2Fb", "holds an escaped delimiter in segment `a%2Fb`; let `*` or `{name}`"),
            ("GET /...", "has the segment `...`, of which nothing is left"),
            ("GET /..%20/a", "has the segment `..%20`, of which nothing is left"),
            ("GET /%zz", "cannot match any request: the path holds a malformed escape"),
            ("GET /;x/a", "cannot match any request: the path holds an empty segment"),
        ])
    func refused(match: String, message: String) {
        let found = found(match)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
        #expect(found.first?.hasPrefix("policy.yaml:7:20: ") == true, "\(found)")
    }

    @Test("a pattern has at most as many segments as a path")
    func segmentBound() {
        #expect(found("GET " + String(repeating: "/a", count: 256)).isEmpty)
        #expect(
            found("GET " + String(repeating: "/a", count: 257)).first?.contains(
                "has more than 256 segments") == true)
    }
}
