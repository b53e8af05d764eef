import AccessPolicy
import TestSupport
import Testing

@Suite struct PolicyDocumentTests {
    @Test("the policies of the tests load")
    func fixtures() throws {
        #expect(errors(attackPolicy) == [])
        #expect(errors(DefaultPolicy.text) == [])
    }

    @Test("all errors of a file are shown at once, in the order of the file, each with its place")
    func allErrors() {
        let text = """
            version: 2
            hosts: [app.test, "a b"]
            issuer: {}
            claims: {level: {type: integer}}
            rolez: {}
            roles:
              viewer: {}
              admin: {includes: [viewers]}
            defaults: {identity: {headers: {Host: subject, X-Role: role}}}
            routes:
              - {id: a, match: PACTH /a, allow: {role: viewer}}
              - {id: b, match: GET /b, alow: {role: viewer}, auth: open}
              - {match: GET /c}
              - {id: b, match: GET /d, allow: {role: admn}}
              - {id: e, match: "GET /{x}", allow: {equal: [path.y, claims.z]}}
            """
        #expect(
            errors(text) == [
                "policy.yaml:1:1: `issuers` names no issuer: route `b` needs a token, and none could "
                    + "be accepted; write `issuers: {local: {embedded: true}}` for the one inside "
                    + "ostiary",
                "policy.yaml:1:10: version `2` is not known; write `version: 1`",
                "policy.yaml:2:19: `a b` is no host; write a name such as `app.test` or `*.app.test`",
                "policy.yaml:3:1: unknown key `issuer`; did you mean `issuers`?",
                "policy.yaml:4:10: claim `level` must be `required: true` or have a `default`",
                "policy.yaml:5:1: unknown key `rolez`; did you mean `roles`?",
                "policy.yaml:8:22: role `viewers` is not declared; did you mean `viewer`?",
                "policy.yaml:9:33: header `Host` has a meaning of its own and cannot carry an "
                    + "identity; choose a name such as `X-Auth-User`",
                "policy.yaml:9:56: claim `role` is not declared; did you mean `roles`?",
                "policy.yaml:11:20: unknown method `PACTH`; did you mean `PATCH`?",
                "policy.yaml:12:28: unknown key `alow` in `routes`; did you mean `allow`?",
                "policy.yaml:12:56: `routes.auth` must be one of `public`, `optional`, "
                    + "`required`, not `open`",
                "policy.yaml:13:5: missing key `id` in `routes`; give the route a name, `id: …`",
                "policy.yaml:14:10: route id `b` is already used at policy.yaml:12:10; give each "
                    + "route a name of its own",
                "policy.yaml:14:42: role `admn` is not declared; did you mean `admin`?",
                "policy.yaml:15:48: the route's pattern has no variable `y`; the only one is `x`",
                "policy.yaml:15:56: claim `z` is not declared; known are `subject`, `level`",
            ])
    }

    @Test(
        "what later versions may know is refused, not ignored",
        arguments: [
            ("shadow: {}", "unknown key `shadow`"), ("as: {}", "unknown key `as`"),
            ("cases: []", "unknown key `cases`"), ("matrix: {}", "unknown key `matrix`"),
            ("defaults: {concurrency: 5}", "unknown key `concurrency` in `defaults`"),
            ("upstreams: {app: {host: preserve}}", "unknown key `host` in `upstreams.app`"),
            (
                "defaults: {identity: {authorization: app}}",
                "`authorization: app` leaves the field to the app"
            ),
            ("defaults: {auth: open}", "`defaults.auth` must be one of `public`, `optional`"),
        ])
    func later(line: String, message: String) {
        let found = errors("version: 1\n\(line)\nroutes: []")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
    }

    @Test(
        "keys of later routes are refused, not ignored",
        arguments: ["upstream: app", "deny: {}", "concurrency: 5", "cache: {}"])
    func laterRouteKeys(key: String) {
        let found = errors(
            policyText(routes: "{id: a, match: GET /a, allow: {anyone: true}, \(key)}"))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains("unknown key `") == true, "\(found)")
    }

    @Test(
        "a file that is no policy is refused",
        arguments: [
            ("", "version"), ("version: 1", "missing key `routes`"),
            ("routes: []", "missing key `version`"),
            ("version: \"1\"\nroutes: []", "`version` must be a whole number"),
            ("- a", "the file must be a mapping"),
            ("version: 1\nroutes: {}", "`routes` must be a list"),
            ("version: 1\nroutes: [a]", "`routes` must be a mapping"),
            ("version: 1\nroutes: []\nroutes: []", "routes"),
        ])
    func noPolicy(text: String, message: String) {
        let found = errors(text)
        #expect(!found.isEmpty)
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }

    @Test("a route that cannot be used is still read to its end")
    func unusable() {
        #expect(
            errors(
                policyText(
                    routes: """
                        {id: a, match: /x, allow: {any: [{role: vewer}, {role: viewer}]}, hide: yes}
                        {match: GET /y, allow: {not: {role: admn}}}
                        """)
            ).map { $0.split(separator: ";")[0] } == [
                "policy.yaml:7:20: `/x` is no match: methods, one space and a path are needed",
                "policy.yaml:7:45: role `vewer` is not declared",
                "policy.yaml:7:77: `routes.hide` must be `true` or `false`, not `yes`",
                "policy.yaml:8:5: missing key `id` in `routes`",
                "policy.yaml:8:41: role `admn` is not declared",
            ])
    }

    @Test("a policy without routes denies everything")
    func empty() throws {
        let policy = try load("version: 1\nissuers: {test: {embedded: true}}\nroutes: []")
        let somebody = try policy.principal("somebody")
        #expect(try policy.outcome("GET /").decision == .deny(.unauthenticated))
        #expect(try policy.outcome("GET /", as: somebody).decision == .deny(.noRoute))
    }

    @Test(
        "a role name that could split a header is refused", arguments: ["\"a,b\"", "\"a b\"", "é"])
    func roleNames(name: String) {
        let found = errors(policyText(routes: "{id: a, match: GET /a}", roles: "\(name): {}"))
        #expect(found.count == 1)
        #expect(found.first?.contains("is no valid role name") == true)
    }

    @Test("a route id is a word", arguments: ["a b", "1a", "a/b", "é", "\"\""])
    func routeNames(name: String) {
        let found = errors(policyText(routes: "{id: \(name), match: GET /a}"))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains("is no valid route name") == true, "\(found)")
    }
}
