import AccessPolicy
import PolicyTools
import StrictYAML
import Testing

@Suite("What a policy can hardly mean")
struct PolicyLintTests {
    private static func findings(
        _ routes: String, issuers: String = "  local: {embedded: true}",
        claims: String = "  roles: roles",
        roles: String = "  viewer: {}\n  admin: {includes: [viewer]}", more: String = ""
    ) throws -> [PolicyFinding] {
        let text = """
            version: 1
            issuers:
            \(issuers)
            claims:
              subject: sub
            \(claims)
            roles:
            \(roles)
            defaults:
              auth: required
            routes:
            \(routes)
            \(more)
            """
        return PolicyLint.findings(
            try PolicySet.load(text, file: "p.yaml"), text: text, file: "p.yaml")
    }

    private static let ui =
        "  - {id: ui, match: GET /**, allow: {any: [{role: viewer}, {claim: {subject: a}}]}}\n"
        + "  - {id: admin, match: GET /admin, allow: {role: admin}}"

    @Test("a plain policy has no findings, and neither has the built-in one")
    func clean() throws {
        #expect(try Self.findings(Self.ui).map(\.message.description) == [])
        let builtIn = try PolicySet.load(DefaultPolicy.text, file: "d")
        #expect(PolicyLint.findings(builtIn, text: DefaultPolicy.text, file: "d").isEmpty)
    }

    @Test(
        "routes",
        arguments: [
            (
                "  - {id: a, match: ANY /a, allow: {role: admin}}\n"
                    + "  - {id: b, match: \"GET|POST|PUT|PATCH|DELETE|OPTIONS|WEBSOCKET /a\", "
                    + "allow: {role: admin}}",
                "unreachable_route", "no request ever comes to route `a`: `b` takes all of `ANY /a`"
            ),
            (
                "  - {id: a, match: GET /a/**, allow: {role: admin}}\n"
                    + "  - {id: b, match: GET /a/b, auth: public}",
                "public_below_stricter", "route `b` (`GET /a/b`) is open to everybody, below `a`"
            ),
            ("  - {id: a, match: POST /a}", "no_allow", "route `a` has no `allow`"),
            (
                "  - {id: a, match: POST /a, auth: public}", "body_of_strangers",
                "strangers may send route `a`"
            ),
            (
                "  - {id: a, match: GET /a, auth: optional, allow: {role: admin}}",
                "optional_in_vain", "holds for nobody without a token"
            ),
            (
                "  - {id: a, match: GET /a, auth: optional, "
                    + "allow: {any: [{in: [client.ip, [10.0.0.0/8]]}, {not: {role: admin}}]}}",
                "not_for_strangers", "`not` about who asks"
            ),
        ])
    func routes(route: String, code: String, message: String) throws {
        let findings = try Self.findings(Self.ui + "\n" + route)
        #expect(findings.map(\.diagnostic.code) == [code])
        #expect(findings.first?.diagnostic.message.contains(message) == true)
        #expect((findings.first?.diagnostic.position?.line ?? 0) >= 13)
        #expect(findings.first?.severity == (code == "unreachable_route" ? .error : .warning))
    }

    @Test("routes without `allow` that close a part of another one are meant so")
    func closes() throws {
        #expect(try Self.findings(Self.ui + "\n  - {id: a, match: GET /closed/**}").isEmpty)
    }

    @Test("a route that only takes what is left over is reached")
    func leftOver() throws {
        let routes = """
              - {id: a, match: "GET /a/*", allow: {role: admin}}
              - {id: b, match: "GET /a/*.png", allow: {role: admin}}
              - {id: c, match: "GET /a/{n:int}", allow: {role: admin}}
              - {id: e, match: GET /a, allow: {role: admin}}
              - {id: f, match: GET /a/, allow: {role: admin}}
              - {id: g, match: GET /a/**, allow: {role: admin}}
              - {id: h, match: ANY /a/**, allow: {role: admin}}
            """
        #expect(try Self.findings(Self.ui + "\n" + routes).map(\.message.description) == [])
    }

    @Test("roles that no map leads to, and roles that open nothing")
    func roles() throws {
        let issuer =
            "  corp: {issuer: \"https://id.test\", audience: [a], token_type: jwt, "
            + "claims: {roles: {map: {staff: viewer}, unmapped: drop}}}"
        let never = try Self.findings(Self.ui, issuers: issuer)
        #expect(never.map(\.diagnostic.code) == ["role_never_granted"])
        #expect(never.first?.diagnostic.message.contains("role `admin`") == true)
        let unused = try Self.findings(Self.ui, roles: "  viewer: {}\n  admin: {}\n  ghost: {}")
        #expect(unused.map(\.diagnostic.code) == ["role_never_used"])
        #expect(unused.first?.diagnostic.position?.line == 10)
    }

    @Test("claims that nothing uses, and claims that the embedded issuer never writes")
    func claims() throws {
        let unused = try Self.findings(
            Self.ui, claims: "  roles: roles\n  dept: {type: string, default: none}")
        #expect(unused.map(\.diagnostic.code) == ["claim_never_used"])
        let route = "\n  - {id: a, match: GET /a, allow: {claim: {dept: ops}}}"
        let never = try Self.findings(
            Self.ui + route, claims: "  roles: roles\n  dept: {type: string, default: none}")
        #expect(never.map(\.diagnostic.code) == ["claim_never_issued"])
        let groups = try Self.findings(
            Self.ui + route, claims: "  roles: roles\n  dept: {from: email, default: none}")
        #expect(groups.isEmpty)
    }

    @Test("a claim that only the assertion tells the app is used")
    func assertion() throws {
        let text = """
            version: 1
            issuers: {local: {embedded: true}}
            claims: {username: {from: preferred_username, default: ""}}
            roles: {viewer: {}}
            defaults: {identity: {assertion: {claims: [roles, username]}}}
            routes: [{id: ui, match: GET /**, allow: {role: viewer}}]
            """
        let policy = try PolicySet.load(text, file: "p.yaml")
        #expect(PolicyLint.findings(policy, text: text, file: "p.yaml").isEmpty)
    }

    @Test("WebSocket paths of a profile need routes of their own")
    func profile() throws {
        let more = "upstreams: {app: {profile: streamlit}}"
        let missing = try Self.findings(Self.ui, more: more)
        #expect(missing.map(\.diagnostic.code) == ["websocket_not_covered"])
        #expect(missing.first?.diagnostic.suggestion?.contains("WEBSOCKET /_stcore/stream") == true)
        let socket = "\n  - {id: ws, match: WEBSOCKET /_stcore/stream, allow: {role: viewer}}"
        #expect(try Self.findings(Self.ui + socket, more: more).isEmpty)
    }

    @Test("an issuer whose ID tokens would pass is worth a word")
    func tokenType() throws {
        let issuer = "  corp: {issuer: \"https://id.test\", audience: [a]}"
        let findings = try Self.findings(Self.ui, issuers: issuer)
        #expect(findings.map(\.diagnostic.code) == ["token_type"])
        #expect(findings.first?.message.message.hasPrefix("warning: issuer `corp`") == true)
    }
}
