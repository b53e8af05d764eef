import AccessPolicy
import Testing

@Suite struct DenyTests {
    private func policy(_ deny: String, _ claims: String = "") throws -> PolicySet {
        try load(
            policyText(
                routes: """
                    {id: open, match: GET /open, auth: public}
                    {id: any, match: GET /any, auth: optional, allow: {anyone: true}}
                    {id: all, match: GET /all, allow: {authenticated: true}}
                    {id: secret, match: GET /secret, hide: true, allow: {role: admin}}
                    """,
                claims: "status: {type: string, default: active}\(claims)")
                + "\ndeny: [\(deny)]")
    }

    private static let suspended = "{id: suspended, when: {claim: {status: suspended}}}"

    @Test("a rule overrides every `allow` and has a reason code of its own")
    func overrides() throws {
        let policy = try policy(
            "{id: suspended, when: {claim: {status: suspended}}, message: Account suspended.}")
        let mallory = try policy.principal(
            json: #"{"sub": "m", "roles": "admin", "status": "suspended"}"#)
        for path in ["/any", "/all", "/secret", "/nowhere"] {
            guard case .deny(let denial) = try policy.outcome("GET \(path)", as: mallory).decision
            else {
                Issue.record("\(path) is allowed")
                continue
            }
            #expect(denial.code == "deny.suspended" && denial.reason == .denied)
            #expect(denial.rule?.message == "Account suspended.")
            #expect(denial.isHidden == (path == "/secret"))
        }
        let alice = try policy.principal("alice", roles: ["admin"])
        #expect(try policy.outcome("GET /secret", as: alice).decision == .allow)
        #expect(policy.denyRules.map(\.conditionText) == ["claims.status = \"suspended\""])
    }

    @Test("public routes ask no rule")
    func publicRoutes() throws {
        let policy = try policy("{id: all, when: {in: [client.ip, [10.0.0.0/8]]}}")
        #expect(try policy.outcome("GET /open", from: "10.0.0.1").decision == .allow)
    }

    @Test("a rule about principals is never about strangers, negated or not")
    func strangers() throws {
        for rule in [
            Self.suspended, "{id: a, when: {not: {claim: {status: active}}}}",
            "{id: a, when: {not: {role: viewer}}}",
        ] {
            #expect(try policy(rule).outcome("GET /any").decision == .allow)
        }
    }

    @Test("a stranger whom a rule is about is asked for a credential")
    func strangerRefused() throws {
        let policy = try policy("{id: net, when: {in: [client.ip, [10.0.0.0/8]]}}")
        #expect(
            try policy.outcome("GET /any", from: "10.0.0.1").decision == .deny(.unauthenticated))
        #expect(try policy.outcome("GET /any", from: "11.0.0.1").decision == .allow)
    }

    @Test("an address that is not known is refused by rules about addresses, negated or not")
    func unknownAddress() throws {
        for rule in [
            "{in: [client.ip, [10.0.0.0/8]]}", "{not: {in: [client.ip, [10.0.0.0/8]]}}",
        ] {
            let policy = try policy("{id: net, when: \(rule)}")
            let alice = try policy.principal("alice")
            guard case .deny(let denial) = try policy.outcome("GET /all", as: alice).decision else {
                Issue.record("allowed")
                continue
            }
            #expect(denial.code == "deny.net")
        }
    }

    @Test("the first rule of the file that holds gives the reason")
    func order() throws {
        let policy = try policy("\(Self.suspended), {id: viewers, when: {role: viewer}}")
        let both = try policy.principal(
            json: #"{"sub": "m", "roles": "viewer", "status": "suspended"}"#)
        guard case .deny(let denial) = try policy.outcome("GET /all", as: both).decision else {
            Issue.record("allowed")
            return
        }
        #expect(denial.code == "deny.suspended")
    }

    @Test(
        "a rule that means nothing is a load error",
        arguments: [
            ("{when: {role: viewer}}", "missing key `id` in `deny`"),
            ("{id: a}", "missing key `when` in `deny`"),
            ("{id: a, when: {anyone: true}}", "deny rule `a` holds for everybody"),
            ("{id: a, when: {authenticated: true}}", "deny rule `a` holds for everybody"),
            ("{id: a b, when: {role: viewer}}", "`a b` is no valid deny rule name"),
            (
                "{id: a, when: {role: viewer}}, {id: a, when: {role: admin}}",
                "deny rule id `a` is already used"
            ),
            ("{id: a, when: {role: viewr}}", "did you mean `viewer`?"),
            (
                "{id: a, when: {equal: [path.user, claims.subject]}}",
                "a rule of `deny` is about all routes, which have no variable in common"
            ),
            (
                "{id: a, when: {equal: [query.user, claims.subject]}}",
                "a rule of `deny` is about all routes, which have no query parameter"
            ),
            ("{id: a, when: {role: viewer}, message: \"\"}", "`deny.message` must be one line"),
            (
                "{id: a, when: {role: viewer}, message: \"a\\nb\"}",
                "`deny.message` must be one line"
            ),
            ("{id: a, allow: {role: viewer}}", "unknown key `allow` in `deny`"),
        ])
    func mistakes(rules: String, message: String) {
        let found = errors(
            policyText(routes: "{id: one, match: GET /x, allow: {role: viewer}}")
                + "\ndeny: [\(rules)]")
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }
}
