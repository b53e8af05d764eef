import Testing

@Suite struct RouteTieTests {
    private func ties(_ matches: String...) -> [String] { ties(matches) }

    private func ties(_ matches: [String]) -> [String] {
        let routes = matches.enumerated().map {
            "{id: r\($0.offset), match: \"\($0.element)\", allow: {role: viewer}}"
        }
        return errors(policyText(routes: routes.joined(separator: "\n")))
    }

    @Test("two routes that tie are named both, with positions and an example request")
    func message() {
        #expect(
            ties("GET /users/{user}/**", "GET|POST /users/{id}/**") == [
                "policy.yaml:8:10: routes `r0` (policy.yaml:7:10) and `r1` are equally specific, for "
                    + "example for `GET /users/x/x2`; make one of them more specific, or merge them"
            ])
    }

    @Test(
        "routes tie when their patterns have one shape and a method in common",
        arguments: [
            ("GET /a", "GET /a"), ("ANY /a", "ANY /a"), ("GET /a", "HEAD /a"),
            ("GET /{x}", "GET /{y}"), ("GET /*/b", "GET|PUT /*/b"), ("GET /**", "GET /**"),
            ("GET /a:b", "GET /a%3Ab"), ("GET /{x:int}", "GET /{y:int}"),
            ("GET /{x:int}", "GET /{y:hex}"), ("GET /{x:int}", "GET /{y:slug}"),
            ("GET /{x:hex}", "GET /{y:slug}"), ("GET /{x:uuid}", "GET /{y:slug}"),
            ("GET /{x:date}", "GET /{y:slug}"), ("GET /*.x", "GET /*.x"),
            ("WEBSOCKET /a", "WEBSOCKET /a"), ("GET|WEBSOCKET /a", "WEBSOCKET /a"),
            ("GET /{x:int}/{y:hex}/**", "GET /{x:hex}/{y:int}/**"),
        ])
    func tie(first: String, second: String) { #expect(ties(first, second).count == 1) }

    @Test(
        "routes do not tie when one is more specific, or no request meets both",
        arguments: [
            ("GET /a", "POST /a"), ("GET /a", "ANY /a"), ("GET /{x}", "GET /*"),
            ("GET /{x}", "GET /x"), ("GET /a", "GET /a/"), ("GET /a", "GET /a/**"),
            ("GET /{x}/b", "GET /a/{x}"), ("GET /a", "GET /A"), ("GET /{x:int}", "GET /{y:uuid}"),
            ("GET /{x:int}", "GET /{y:date}"), ("GET /{x:hex}", "GET /{y:uuid}"),
            ("GET /{x:hex}", "GET /{y:date}"), ("GET /{x:uuid}", "GET /{y:date}"),
            ("GET /{x:int}", "GET /{y}"), ("GET /*.x", "GET /*y.x"), ("GET /*.x", "GET /*.y"),
            ("GET /*.x", "GET /*.X"), ("WEBSOCKET /a", "GET /a"), ("WEBSOCKET /a", "ANY /a"),
            ("GET /{x:int}/{y:int}", "GET /{x:hex}/{y:date}"),
        ])
    func noTie(first: String, second: String) { #expect(ties(first, second).isEmpty) }

    @Test("the example avoids the literals of more specific routes")
    func example() {
        let found = ties("GET /{a}", "GET /{b}", "GET /x")
        #expect(found.count == 1)
        #expect(found.first?.contains("`GET /x2`") == true)
    }

    @Test("a third route that decides every common request resolves the tie")
    func resolved() {
        let all = "GET|POST|PUT|PATCH|DELETE|OPTIONS /a"
        #expect(ties("ANY /a", "ANY /a", all).isEmpty)
    }

    @Test(
        "the example is a text of both types",
        arguments: [
            ("int", "hex", "GET /1"), ("int", "slug", "GET /1"), ("hex", "slug", "GET /a0"),
            ("uuid", "slug", "GET /00000000-0000-4000-8000-000000000000"),
            ("date", "slug", "GET /2000-01-01"), ("slug", "slug", "GET /x"),
        ])
    func typedExample(first: String, second: String, example: String) {
        let found = ties("GET /{a:\(first)}", "GET /{b:\(second)}")
        #expect(found.count == 1)
        #expect(found.first?.contains("for example for `\(example)`;") == true, "\(found)")
    }

    @Test("suffixes that take every common text resolve the tie of two types")
    func suffixesResolve() {
        let suffixes = (0...9).map { "GET /*\($0)" }
        let days = ["GET /{a:date}", "GET /{b:slug}"]
        #expect(ties(days).count == 1)
        #expect(ties(days + suffixes).isEmpty)
        #expect(ties(days + suffixes.dropLast()).first?.contains("-09`") == true)
        // One digit is nothing with something before it.
        #expect(ties(["GET /{a:int}", "GET /{b:hex}"] + suffixes).count == 1)
    }

    @Test("`**` ties where any of its lengths does")
    func restResolve() {
        let both = ["GET /a/**", "GET /a/**"]
        #expect(ties(both + ["GET /a", "GET /a/", "GET /a/{x}"]).count == 1)
        #expect(ties(both + ["GET /a", "GET /a/", "GET /a/{x}/**"]).isEmpty)
        #expect(ties(both + ["GET /a", "GET /a/{x}/**"]).first?.contains("`GET /a/`") == true)
    }

    @Test("routes tie on a host that they share, and the example names it")
    func hosts() {
        func found(_ first: String, _ second: String, _ more: String = "") -> [String] {
            errors(
                policyText(
                    routes: """
                        {id: r0, match: GET /a\(first)}
                        {id: r1, match: GET /a\(second)}
                        \(more)
                        """))
        }
        #expect(found(", host: h.test", ", host: [i.test, h.test]").count == 1)
        #expect(
            found(", host: h.test", ", host: h.test").first?.contains(
                "for example for `GET /a` on host `h.test`;") == true)
        #expect(
            found(
                ", host: \"*.h.test\"", ", host: \"*.h.test\"",
                "{id: r2, match: GET /a, host: x.h.test}"
            )
            .first?.contains("on host `x2.h.test`") == true)
        #expect(found(", host: h.test", "").isEmpty)
        #expect(found(", host: h.test", ", host: i.test").isEmpty)
        #expect(found(", host: \"*.test\"", ", host: h.test").isEmpty)
        #expect(found(", host: \"*.test\"", ", host: \"*.h.test\"").isEmpty)
    }

    @Test("routes for any host tie also where a wildcard takes the hosts that come to mind")
    func otherHosts() {
        let found = errors(
            policyText(
                routes: """
                    {id: r0, match: GET /a}
                    {id: r1, match: GET /a}
                    {id: r2, match: GET /**, host: "*.test"}
                    {id: r3, match: GET /**, host: x}
                    """))
        #expect(found.first?.contains("`GET /a` on host `x2`") == true, "\(found)")
    }

    @Test("no tie is reported for hosts that the policy does not answer for")
    func acceptedHosts() {
        let routes = """
            {id: r0, match: GET /a}
            {id: r1, match: GET /a}
            {id: r2, match: GET /**, host: h.test}
            """
        #expect(errors(policyText(routes: routes)).count == 1)
        #expect(errors("hosts: [h.test]\n" + policyText(routes: routes)).isEmpty)
    }
}
