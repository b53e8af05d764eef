import AccessPolicy
import TestSupport
import Testing

@Suite struct DecisionTests {
    @Test("what no route matches is denied, and strangers are asked for a credential")
    func noRoute() throws {
        let policy = try load(attackPolicy)
        let root = try policy.principal("root", roles: ["admin"])
        #expect(
            try policy.outcome("GET /other", as: root)
                == Outcome(route: nil, decision: .deny(.noRoute)))
        #expect(
            try policy.outcome("GET /other")
                == Outcome(route: nil, decision: .deny(.unauthenticated)))
        #expect(try policy.outcome("POST /public/a").decision == .deny(.unauthenticated))
    }

    @Test("a required route without `allow` is denied to everybody")
    func noAllow() throws {
        let policy = try load(
            policyText(routes: "{id: a, match: GET /a}\n{id: b, match: GET /b, auth: required}"))
        let root = try policy.principal("root", roles: ["admin"])
        for path in ["/a", "/b"] {
            #expect(try policy.outcome("GET \(path)", as: root).decision == .deny(.conditionFalse))
            #expect(try policy.outcome("GET \(path)").decision == .deny(.unauthenticated))
        }
    }

    @Test("a public route is allowed with and without a principal")
    func publicRoute() throws {
        let policy = try load(attackPolicy)
        let nobody = try policy.principal("nobody")
        let expected = Outcome(route: "public", decision: .allow)
        #expect(try policy.outcome("GET /public/a") == expected)
        #expect(try policy.outcome("GET /public/a", as: nobody) == expected)
    }

    @Test("`defaults.auth` is what a route does not say itself")
    func defaultAuth() throws {
        let policy = try load(
            """
            version: 1
            issuers: {test: {embedded: true}}
            defaults: {auth: public}
            routes:
              - {id: a, match: GET /a}
              - {id: b, match: GET /b, auth: required, allow: {anyone: true}}
            """)
        #expect(try policy.outcome("GET /a").decision == .allow)
        #expect(try policy.outcome("GET /b").decision == .deny(.unauthenticated))
        #expect(policy.routes.map(\.auth) == [.public, .required])
    }

    @Test("a public route with an `allow` is a load error")
    func publicWithAllow() {
        let found = errors(
            policyText(routes: "{id: a, match: GET /a, auth: public, allow: {role: viewer}}"))
        #expect(found.count == 1)
        #expect(found.first?.contains("a public route reads no credential") == true)
        let byDefault = errors(
            """
            version: 1
            defaults: {auth: public}
            roles: {viewer: {}}
            routes: [{id: a, match: GET /a, allow: {role: viewer}}]
            """)
        #expect(byDefault.count == 1)
        #expect(byDefault.first?.contains("it is public by `defaults.auth`") == true)
    }

    @Test("a plain role that is missing has a reason of its own")
    func reasons() throws {
        let policy = try load(
            policyText(
                routes: """
                    {id: a, match: GET /a, allow: {role: admin}}
                    {id: b, match: GET /b, allow: {all: [{role: admin}]}}
                    {id: c, match: GET /c, allow: {not: {role: viewer}}}
                    """))
        let alice = try policy.principal("alice", roles: ["viewer"])
        #expect(try policy.outcome("GET /a", as: alice).decision == .deny(.roleMissing))
        #expect(try policy.outcome("GET /b", as: alice).decision == .deny(.conditionFalse))
        #expect(try policy.outcome("GET /c", as: alice).decision == .deny(.conditionFalse))
    }

    @Test("reasons are named as they are documented")
    func reasonCodes() {
        #expect(
            DenyReason.allCases.map(\.rawValue) == [
                "unauthenticated", "no_route", "role_missing", "condition_false",
                "claim_not_header_safe", "deny", "ambiguous_path", "scope_missing", "step_up",
                "bad_target",
            ])
    }

    @Test("a route or a principal of another policy allows nothing")
    func otherPolicy() throws {
        let (first, second) = (try load(attackPolicy), try load(attackPolicy))
        let root = try first.principal("root", roles: ["admin"])
        let stranger = try second.principal("root", roles: ["admin"])
        #expect(try first.outcome("GET /admin/x", as: root).decision == .allow)
        #expect(
            try first.outcome("GET /admin/x", as: stranger).decision == .deny(.conditionFalse))

        let facts = RequestFacts(method: .get, clientAddress: nil, now: 0)
        let (path, open) = (try parse("/admin/x"), try parse("/public/x"))
        let host: [UInt8] = []
        let selection = try first.select(.get, host: host.span, path: path)
        let query: [UInt8] = []
        for principal in [root, stranger] {
            #expect(
                second.decide(
                    selection, path: path, query: query.span, facts: facts, principal: principal)
                    == .deny(.conditionFalse))
        }
        let publicSelection = try first.select(.get, host: host.span, path: open)
        #expect(
            second.decide(
                publicSelection, path: open, query: query.span, facts: facts, principal: nil)
                == .deny(.unauthenticated))
    }

    @Test("summaries show each route on one line")
    func summaries() throws {
        let summaries = try load(attackPolicy).routeSummaries
        #expect(summaries.map(\.id) == ["public", "admin", "user-space", "status", "api"])
        #expect(summaries.map(\.methods) == ["GET|HEAD", "ANY", "GET|HEAD", "GET|HEAD", "ANY"])
        #expect(
            summaries.map(\.pattern) == [
                "/public/**", "/admin/**", "/users/{user}/**", "/api/status", "/api/**",
            ])
        #expect(summaries.map(\.auth) == [.public, .required, .required, .public, .required])
        #expect(
            summaries.map(\.condition) == [
                "anyone", "role admin", "path.user = claims.subject or role admin", "anyone",
                "role viewer",
            ])
    }

    @Test("summaries put nested conditions in parentheses")
    func nestedSummary() throws {
        let policy = try policy(
            allow:
                "{all: [{any: [{role: viewer}, {role: admin}]}, {not: {equal: [claims.subject, x]}}]}"
        )
        #expect(
            policy.routeSummaries.first?.condition
                == "(role viewer or role admin) and not claims.subject = \"x\"")
        let nobody = try load(policyText(routes: "{id: a, match: GET /a}"))
        #expect(nobody.routeSummaries.first?.condition == "nobody")
    }
}
