import AccessPolicy
import StrictJSON
import TestSupport
import Testing

@Suite struct IdentityHeaderTests {
    private static let claims = """
        username: {default: ""}, groups: {type: [string], default: []}, \
        level: {type: integer, default: 0}, staff: {type: boolean, default: false}
        """

    private func block(_ headers: String, _ json: String) throws -> String? {
        let policy = try load(
            policyText(
                routes: "{id: a, match: GET /a}", claims: Self.claims, headers: headers))
        return try policy.principal(json: json).headerText
    }

    @Test("writes one line for each header, in the order of the policy")
    func lines() throws {
        #expect(
            try block(
                "X-Auth-User: subject, X-Auth-Roles: roles, X-Groups: groups, X-L: level, X-S: staff",
                #"{"sub": "alice", "roles": ["admin"], "groups": ["b", "a"], "level": -4}"#)
                == "X-Auth-User: alice\r\nX-Auth-Roles: admin,viewer\r\nX-Groups: b,a\r\n"
                + "X-L: -4\r\nX-S: false\r\n")
    }

    @Test("H5: a header whose claim is absent is absent, never empty")
    func absent() throws {
        #expect(
            try block("X-Auth-Roles: roles, X-Name: username, X-Groups: groups", #"{"sub": "a"}"#)
                == "")
        #expect(try block("X-Name: username", #"{"sub": "a", "username": ""}"#) == "")
    }

    @Test("no header is written when the policy names none")
    func none() throws {
        let policy = try load(
            "version: 1\nissuers: {test: {embedded: true}}\nroutes: [{id: a, match: GET /a}]")
        #expect(try policy.principal("a").headerText == "")
        #expect(policy.injectedHeaderNames == [])
    }

    @Test(
        "accepts visible ASCII and inner spaces",
        arguments: [
            "alice", "a@b.test", "Jane Doe", "auth0|5f7c", "a=b:c/d?e", "~", "!\"#$%&'()*+-.",
        ])
    func safe(value: String) throws {
        let policy = try load(attackPolicy)
        let headers = try policy.principal(value).headerText
        #expect(headers == "X-Auth-User: \(value)\r\n")
    }

    private static let unsafeValues = [
        "a\r\nX-Auth-Roles: admin", "a\rb", "a\nb", "a\u{0}b", "a\tb", "a\u{7F}", "a\u{1B}b", "é",
        "a\u{80}", "ａ", "a,admin", "a;b", " a", "a ", " ", "\u{FEFF}a",
        String(repeating: "a", count: 4097),
    ]

    @Test(
        "H14: a value that is no safe header value stops every route that would send it",
        arguments: unsafeValues)
    func unsafe(value: String) throws {
        let policy = try load(attackPolicy)
        let principal = try policy.principal(value, roles: ["admin"])
        #expect(principal.identityHeaders == .unsafe)
        #expect(
            try policy.outcome("GET /admin/x", as: principal)
                == Outcome(route: "admin", decision: .deny(.claimNotHeaderSafe)))
        // A public route passes no identity on.
        #expect(try policy.outcome("GET /public/x", as: principal).decision == .allow)
        // Whoever may not pass learns nothing about headers.
        let viewer = try policy.principal(value, roles: ["viewer"])
        #expect(try policy.outcome("GET /admin/x", as: viewer).decision == .deny(.roleMissing))
    }

    @Test("H14: a member of a list is as dangerous as a text", arguments: unsafeValues + [""])
    func unsafeMember(value: String) throws {
        let policy = try load(
            policyText(
                routes: "{id: a, match: GET /a}", claims: Self.claims, headers: "X-Groups: groups"))
        let claims = [
            JSONMember(name: "sub", value: .string("a")),
            JSONMember(name: "groups", value: .array([.string("x"), .string(value)])),
        ]
        let principal = try policy.principal(issuerName: "test", claims: .object(claims))
        #expect(principal.identityHeaders == .unsafe)
    }

    @Test("a value may be 4096 bytes long, and a list as a whole")
    func length() throws {
        let longest = String(repeating: "a", count: 4096)
        #expect(
            try load(attackPolicy).principal(longest).headerText == "X-Auth-User: \(longest)\r\n")
        let half = String(repeating: "a", count: 2048)
        #expect(
            try block("X-Groups: groups", #"{"sub": "a", "groups": ["\#(half)", "\#(half)"]}"#)
                == nil)
    }

    @Test("a claim that no header carries may hold anything")
    func notSent() throws {
        let name = try block("X-L: level", #"{"sub": "é", "username": "a\r\nb"}"#)
        #expect(name == "X-L: 0\r\n")
    }

    @Test("the names of the headers are known, to be removed from requests")
    func names() throws {
        #expect(try load(attackPolicy).injectedHeaderNames == ["X-Auth-User", "X-Auth-Roles"])
    }

    @Test(
        "a header with a meaning of its own cannot carry an identity",
        arguments: [
            "Host", "connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
            "Content-Length", "Content-Type", "Authorization", "Proxy-Authorization", "Cookie",
            "Set-Cookie", "Transfer_Encoding", "Content_Length", "X-Forwarded-For",
            "X-Forwarded-User",
            "Forwarded", "Via", "Expect", "Range", "If-None-Match", "Accept", "Origin", "Referer",
            "Sec-Fetch-Site", "X-HTTP-Method-Override", "X-Original-URL", "Date",
        ])
    func reserved(name: String) {
        let found = errors(
            policyText(routes: "{id: a, match: GET /a}", headers: "\(name): subject"))
        #expect(found.count == 1)
        #expect(found.first?.contains("header `\(name)` has a meaning of its own") == true)
    }

    @Test(
        "a header name must be a token",
        arguments: ["X Auth", "\"X-Auth:\"", "X/Auth", "X(Auth)", "é", "\"\""])
    func token(name: String) {
        let found = errors(
            policyText(routes: "{id: a, match: GET /a}", headers: "\(name): subject"))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains("is no header name") == true, "\(found)")
    }

    @Test("two names that an upstream folds into one are a load error")
    func folded() {
        let found = errors(
            policyText(
                routes: "{id: a, match: GET /a}",
                headers: "X-Auth-User: subject, x_auth_user: roles"))
        #expect(found.count == 1)
        #expect(found.first?.contains("`X-Auth-User` and `x_auth_user` are one header") == true)
    }

    @Test("a header with an undeclared claim is a load error with a suggestion")
    func unknownClaim() {
        #expect(
            errors(policyText(routes: "{id: a, match: GET /a}", headers: "X-Auth-User: subjct"))
                == [
                    "policy.yaml:5:46: claim `subjct` is not declared; did you mean `subject`?"
                ])
    }
}
