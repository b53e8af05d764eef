import AccessPolicy
import StrictYAML
import Testing

/// What a route and `defaults` say besides who may pass, and how the two go together.
@Suite struct RouteKeyTests {
    /// A policy with one route for each element.
    private func routes(
        _ keys: [String], defaults: String = "auth: required", top: String = ""
    ) throws -> [Route] {
        let routes = keys.enumerated().map { "  - {id: r\($0), match: GET /\($0), \($1)}" }
        return try load(
            """
            version: 1
            issuers: {local: {embedded: true}}
            roles: {viewer: {}}
            defaults: {\(defaults)}
            \(top)
            routes:
            \(routes.joined(separator: "\n"))
            """
        ).routes
    }

    private func route(_ keys: String, defaults: String = "auth: required") throws -> Route {
        try #require(try routes([keys], defaults: defaults).first)
    }

    @Test("a route that says nothing has no limits of its own and keeps every escape out")
    func plain() throws {
        let route = try route("allow: {role: viewer}")
        #expect(route.auth == .required)
        #expect(!route.isHidden)
        #expect(route.opaque == [])
        #expect(route.limits == RouteLimits())
        #expect(route.timeouts == RouteTimeouts())
        #expect(route.rates == [])
        #expect(route.cors == nil)
        #expect(route.webSocket == nil)
        #expect(route.authorization == .strip)
        #expect(route.position.line == 7)
        #expect(route.position.column == 10)
    }

    @Test("what a route does not say itself is as `defaults` say")
    func defaults() throws {
        let defaults = """
            auth: optional, timeouts: {connect: 1s, response_header: 10s, idle: 2m},
              limits: {body: 1MiB, headers: 32KiB, header_count: 50, target: 4KiB},
              rate: {per: address, limit: 5/s}, identity: {authorization: forward}
            """
        let found = try routes(
            [
                "allow: {anyone: true}",
                """
                auth: required, limits: {body: 2MiB}, timeouts: {idle: 1h},
                    rate: none, identity: {authorization: strip}
                """,
            ], defaults: defaults)
        #expect(found[0].auth == .optional)
        #expect(found[0].limits.body == 1 << 20)
        #expect(
            found[0].timeouts == RouteTimeouts(responseHeader: .seconds(10), idle: .seconds(120)))
        #expect(found[0].rates.map(\.burst) == [5])
        #expect(found[0].authorization == .forward)
        #expect(found[1].auth == .required)
        #expect(found[1].limits.body == 2 << 20)
        #expect(
            found[1].timeouts == RouteTimeouts(responseHeader: .seconds(10), idle: .seconds(3600)))
        #expect(found[1].rates == [])
        #expect(found[1].authorization == .strip)
    }

    @Test("what holds for all routes is the policy's")
    func policyWide() throws {
        let policy = try load(
            """
            version: 1
            tests: required
            defaults:
              timeouts: {connect: 500ms, response_header: 10s}
              limits: {headers: 32KiB, header_count: 50, target: 4KiB}
            upstreams: {board: {profile: dash, slashes: merge, dots: reject}}
            routes: []
            """)
        #expect(policy.testsAreRequired)
        #expect(policy.defaults.timeouts.connect == .milliseconds(500))
        #expect(policy.defaults.timeouts.responseHeader == .seconds(10))
        #expect(policy.defaults.timeouts.idle == nil)
        #expect(policy.defaults.limits.headers == 32 << 10)
        #expect(policy.defaults.limits.headerCount == 50)
        #expect(policy.defaults.limits.target == 4 << 10)
        #expect(policy.defaults.limits.body == nil)
        #expect(policy.upstreamName?.name == "board")
        #expect(policy.upstreamProfile == "dash")
        #expect(policy.relaxations == PathRelaxations(mergesSlashes: true, resolvesDots: false))
        #expect(
            policy.statedLimits.map(\.name) == [
                "defaults.limits.headers", "defaults.limits.header_count",
                "defaults.limits.target", "defaults.timeouts.connect",
                "defaults.timeouts.response_header",
            ])
        let plain = try load("version: 1\nroutes: []")
        #expect(plain.statedLimits == [])
        #expect(!plain.testsAreRequired)
        #expect(plain.upstreamProfile == nil)
        #expect(plain.relaxations == .none)
    }

    @Test(
        "a rate is so many in a second, a minute or an hour, and its burst the number itself",
        arguments: [
            ("{per: subject, limit: 20/s, burst: 60}", RateRule.Key.subject, 20, 1, 60),
            ("{per: address, limit: 600/m}", .address, 600, 60, 600),
            ("[{per: route, limit: 1000000/h, burst: 1}]", .route, 1_000_000, 3600, 1),
        ])
    func rates(
        text: String, per: RateRule.Key, count: Int, seconds: Int, burst: Int
    ) throws {
        let rules = try route("allow: {role: viewer}, rate: \(text)").rates
        #expect(
            rules == [
                RateRule(
                    id: 0, per: per, count: count, interval: .seconds(seconds), burst: burst)
            ])
    }

    @Test("routes share the buckets of a default rule, save those per route")
    func sharedRates() throws {
        let defaults = "rate: [{per: subject, limit: 9/s}, {per: route, limit: 90/s}]"
        let found = try routes(
            [
                "allow: {role: viewer}", "auth: public", "allow: {role: viewer}",
                "allow: {role: viewer}, rate: {per: subject, limit: 9/s}",
            ], defaults: defaults)
        let rates = found.map(\.rates)
        #expect(
            rates.map { $0.map(\.per) } == [
                [.subject, .route], [.route], [.subject, .route], [.subject],
            ])
        #expect(rates[0][0].id == rates[2][0].id)
        let others = [rates[0][0], rates[0][1], rates[1][0], rates[2][1], rates[3][0]].map(\.id)
        #expect(Set(others).count == 5)
    }

    @Test(
        "the methods of CORS are those of the path's routes with the same answer, or those it names"
    )
    func corsMethods() throws {
        let cors = "cors: {origins: [https://spa.test, http://localhost:3000], credentials: true"
        let policy = try load(
            """
            version: 1
            issuers: {local: {embedded: true}}
            routes:
              - {id: read, match: "GET /api/{x}", \(cors)}}
              - {id: write, match: "PUT|POST /api/{y}", \(cors), max_age: 1h, expose: [X-Total]}}
              - {id: remove, match: "DELETE /api/{z}"}
              - {id: patch, match: "PATCH /api/{z}", cors: {origins: https://other.test}}
              - {id: other, match: "GET /api/x", cors: {origins: "*", methods: [GET, PUT]}}
              - {id: any, match: ANY /any, cors: {origins: "*", headers: [X-A, x-b]}}
            """)
        let rules = policy.routes.map(\.cors)
        #expect(rules[0]?.methods == [.get, .head, .post, .put])
        #expect(rules[0]?.origins == ["https://spa.test", "http://localhost:3000"])
        #expect(rules[0]?.credentials == true)
        #expect(rules[0]?.allowsAnyOrigin == false)
        #expect(rules[0]?.maxAge == .seconds(5))
        #expect(rules[1]?.methods == [.get, .head, .post, .put])
        #expect(rules[1]?.maxAge == .seconds(3600))
        #expect(rules[1]?.exposed == ["X-Total"])
        #expect(rules[2] == nil)
        #expect(rules[3]?.methods == [.patch])
        #expect(rules[3]?.credentials == false)
        #expect(rules[4]?.methods == [.get, .put])
        #expect(rules[4]?.allowsAnyOrigin == true)
        #expect(rules[4]?.origins == [])
        #expect(rules[5]?.methods == [.get, .head, .post, .put, .patch, .delete, .options])
        #expect(rules[5]?.headers == ["X-A", "x-b"])
    }

    @Test("a route for WebSockets says whose pages, and for how long")
    func webSockets() throws {
        func rule(_ keys: String) throws -> WebSocketRule? {
            try load(
                """
                version: 1
                issuers: {local: {embedded: true}}
                routes: [{id: live, match: WEBSOCKET /live, \(keys)}]
                """
            ).routes.first?.webSocket
        }
        #expect(try rule("allow: {authenticated: true}") == nil)
        #expect(try rule("websocket: {}") == WebSocketRule())
        let same = try #require(
            try rule("websocket: {origins: same_host, max_age: token, idle: 10m, on_expiry: close}")
        )
        #expect(same.origins == .sameHost)
        #expect(same.maxAge == .token)
        #expect(same.idle == .seconds(600))
        #expect(same.closesOnExpiry)
        let listed = try #require(
            try rule("websocket: {origins: https://a.test, max_age: 12h, on_expiry: keep}"))
        #expect(listed.origins == .listed(["https://a.test"]))
        #expect(listed.maxAge == .duration(.seconds(43_200)))
        #expect(!listed.closesOnExpiry)
    }

    @Test(
        "each escape is kept or rejected for itself",
        arguments: [
            ("encoded_slash", EscapeSet.slash), ("encoded_backslash", .backslash),
            ("encoded_percent", .percent), ("encoded_semicolon", .semicolon),
            ("encoded_hash", .hash), ("encoded_question", .question),
        ])
    func escapes(key: String, escape: EscapeSet) throws {
        #expect(try route("path: {\(key): keep}").opaque == escape)
        #expect(try route("path: {\(key): reject}").opaque == [])
        let other = key == "encoded_slash" ? "encoded_hash" : "encoded_slash"
        #expect(try route("path: {\(key): keep, \(other): reject}").opaque == escape)
    }

    @Test("a route hides itself when it says so")
    func hidden() throws {
        #expect(try route("allow: {role: viewer}, hide: true").isHidden)
        #expect(try !route("allow: {role: viewer}, hide: false").isHidden)
        #expect(try !route("auth: public, hide: false").isHidden)
    }

    @Test("a public route never forwards a credential, whatever `defaults` say")
    func publicForwarding() throws {
        let defaults = "identity: {authorization: forward}"
        #expect(try route("auth: public", defaults: defaults).authorization == .strip)
        #expect(try route("auth: required", defaults: defaults).authorization == .forward)
    }
}
