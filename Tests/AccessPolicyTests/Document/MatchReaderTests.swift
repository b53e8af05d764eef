import Testing

@Suite struct MatchReaderTests {
    private func found(_ match: String) -> [String] {
        errors(policyText(routes: "{id: a, match: \"\(match)\", allow: {anyone: true}}"))
    }

    @Test(
        "a match is methods, a space and a path",
        arguments: [
            "GET /", "ANY /**", "GET|POST /a/{b}/*/c/**", "OPTIONS /a/", "DELETE /a;b=c/@d:e",
            "GET /caf%C3%A9/%20", "HEAD /{a_1}/{B2}", "PATCH /.well-known/x", "PUT /.../..a",
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
            ("WEBSOCKET /a", "unknown method `WEBSOCKET`"),
            ("GET|GET /a", "method `GET` is named twice"),
            ("GET /**/a", "has `**` before its end; use `*` for one segment"),
            ("GET /**/", "has `**` before its end"),
            ("GET /a*", "mixes text with `*`"), ("GET /*.png", "mixes text with `*`"),
            ("GET /***", "mixes text with `*`"), ("GET /a{b}", "mixes text with `*` or `{…}`"),
            ("GET /{b", "mixes text with `*` or `{…}`"),
            ("GET /b}", "mixes text with `*` or `{…}`"),
            ("GET /{year:int}", "has a typed variable; write `{year}`"),
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
            ("GET /a%2Fb", "cannot match any request: the path holds an escaped delimiter"),
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
