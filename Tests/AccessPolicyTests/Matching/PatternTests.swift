import AccessPolicy
import Testing

/// Typed variables, suffixes, hosts and handshakes.
@Suite struct PatternTests {
    private func policy(_ matches: String...) throws -> PolicySet {
        let routes = matches.map { "{id: \"\($0.routeID)\", match: \"\($0)\"}" }
        return try load(policyText(routes: routes.joined(separator: "\n")))
    }

    private func matches(_ type: String, _ text: String) throws -> Bool {
        let policy = try load(policyText(routes: "{id: a, match: \"GET /{v:\(type)}\"}"))
        return try policy.views("GET /\(text)").sent != nil
    }

    @Test(
        "a typed variable matches the texts of its type",
        arguments: [
            ("int", ["0", "7", "007", "123456789012345678"]),
            ("hex", ["0", "abcDEF019", "f", "1234567890123456789"]),
            ("slug", ["a", "A-b_c", "-", "0", "2024-01-01", "x1"]),
            (
                "uuid",
                ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-42661417400f"]
            ),
            ("date", ["2024-02-29", "2000-02-29", "1999-12-31", "2023-04-30"]),
        ])
    func types(type: String, texts: [String]) throws {
        for text in texts { #expect(try matches(type, text), "\(text)") }
    }

    @Test(
        "a typed variable matches nothing else",
        arguments: [
            ("int", ["-1", "+1", "1.0", "1e3", "a", "1234567890123456789", "1%20", "%D9%A1"]),
            ("hex", ["g", "0x1", "a-b", "a%20", ""]),
            ("slug", ["a.b", "a%20b", "a:b", "%C3%A9", "~", "a+b", ""]),
            (
                "uuid",
                [
                    "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400",
                    "123e4567-e89b-12d3-a456-42661417400g",
                    "123e456-7e89b-12d3-a456-426614174000",
                ]
            ),
            (
                "date",
                [
                    "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00",
                    "2024-04-31", "2024-1-1", "24-01-01", "2024-01-01x", "2024_01_01",
                ]
            ),
        ])
    func otherTypes(type: String, texts: [String]) throws {
        for text in texts { #expect(try !matches(type, text), "\(text)") }
    }

    @Test("a typed variable beats a plain one and loses to a suffix, whatever follows")
    func typedRank() throws {
        let policy = try policy("GET /{v:int}/**", "GET /{v}/x", "GET /*1/**", "GET /5/**")
        #expect(try policy.routeID("GET /7/x") == "GET-v-int")
        #expect(try policy.routeID("GET /a/x") == "GET-v-x")
        #expect(try policy.routeID("GET /21/x") == "GET-1")
        #expect(try policy.routeID("GET /5/x") == "GET-5")
    }

    @Test("types are of one rank: what follows decides")
    func typesOfOneRank() throws {
        let policy = try policy("GET /{v:hex}/{w}", "GET /{v:int}/a", "GET /{v:slug}/**")
        #expect(try policy.routeID("GET /1/a") == "GET-v-int-a")
        #expect(try policy.routeID("GET /1/b") == "GET-v-hex-w")
        #expect(try policy.routeID("GET /f/a") == "GET-v-hex-w")
        #expect(try policy.routeID("GET /x/a") == "GET-v-slug")
    }

    @Test("a suffix needs something before it, and a longer one wins")
    func suffixes() throws {
        let policy = try policy(
            "GET /*.js", "GET /*.min.js", "GET /{v}", "GET /a.js", "GET /*%C3%A9")
        #expect(try policy.routeID("GET /b.js") == "GET-js")
        #expect(try policy.routeID("GET /b.min.js") == "GET-min-js")
        #expect(try policy.routeID("GET /.min.js") == "GET-js")
        #expect(try policy.routeID("GET /.js") == "GET-v")
        #expect(try policy.routeID("GET /a.js") == "GET-a-js")
        #expect(try policy.routeID("GET /b.JS") == "GET-v")
        #expect(try policy.routeID("GET /%20.js") == "GET-js")
        #expect(try policy.routeID("GET /x%c3%a9") == "GET-C3-A9")
        #expect(try policy.routeID("GET /%c3%a9") == "GET-v")
        #expect(try policy.views("GET /b.JS").folded == ["GET-js"])
    }

    @Test(
        "an exact host beats a wildcard, a longer wildcard a shorter one, and any host comes last")
    func hosts() throws {
        let policy = try load(
            policyText(
                routes: """
                    {id: exact, match: GET /**, host: a.app.test}
                    {id: longer, match: GET /x/**, host: "*.app.test"}
                    {id: shorter, match: GET /**, host: "*.test"}
                    {id: several, match: GET /s, host: [b.app.test, c.app.test]}
                    {id: any, match: GET /x/y}
                    """))
        func route(_ host: String, _ path: String) throws -> String? {
            try policy.views("GET \(path)", host: host).sent
        }
        #expect(try route("a.app.test", "/x/y") == "exact")
        #expect(try route("b.app.test", "/x/y") == "longer")
        #expect(try route("b.app.test", "/z") == "shorter")
        #expect(try route("b.app.test", "/s") == "several")
        #expect(try route("c.app.test", "/s") == "several")
        #expect(try route("d.app.test", "/s") == "shorter")
        #expect(try route("app.test", "/x/z") == "shorter")
        #expect(try route("x.y.app.test", "/x/z") == "longer")
        #expect(try route("test", "/x/y") == "any")
        #expect(try route(".test", "/x/z") == nil)
        #expect(try route("other", "/x/z") == nil)
    }

    @Test("a handshake prefers WEBSOCKET to GET and GET to ANY, after the path")
    func handshakes() throws {
        let policy = try policy(
            "WEBSOCKET /a", "GET /a", "ANY /a", "GET /b", "ANY /b", "ANY /c", "WEBSOCKET /c/**",
            "POST /d")
        #expect(try policy.routeID("WEBSOCKET /a") == "WEBSOCKET-a")
        #expect(try policy.routeID("GET /a") == "GET-a")
        #expect(try policy.routeID("WEBSOCKET /b") == "GET-b")
        #expect(try policy.routeID("WEBSOCKET /c") == "ANY-c")
        #expect(try policy.routeID("WEBSOCKET /c/x") == "WEBSOCKET-c")
        #expect(try policy.routeID("GET /c/x") == nil)
        #expect(try policy.routeID("WEBSOCKET /d") == nil)
    }

    @Test("no request line has the method WEBSOCKET")
    func requestMethods() {
        #expect(Set(Method.ofRequests) == Set(Method.allCases).subtracting([.webSocket]))
    }
}

extension String {
    /// An id that tells a match apart from others: its letters and digits.
    fileprivate var routeID: String {
        split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    }
}
