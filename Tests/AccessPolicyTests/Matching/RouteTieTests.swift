import Testing

@Suite struct RouteTieTests {
    private func ties(_ matches: String...) -> [String] {
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
            ("GET /a:b", "GET /a%3Ab"),
        ])
    func tie(first: String, second: String) { #expect(ties(first, second).count == 1) }

    @Test(
        "routes do not tie when one is more specific, or no request meets both",
        arguments: [
            ("GET /a", "POST /a"), ("GET /a", "ANY /a"), ("GET /{x}", "GET /*"),
            ("GET /{x}", "GET /x"), ("GET /a", "GET /a/"), ("GET /a", "GET /a/**"),
            ("GET /{x}/b", "GET /a/{x}"), ("GET /a", "GET /A"),
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
}
