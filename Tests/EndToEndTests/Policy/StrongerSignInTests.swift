import TestSupport
import Testing

/// Refusals that tell the client what a token would have to bring (RFC 6750 § 3.1, RFC 9470 § 3), and
/// paths that an app's own spelling makes necessary.
@Suite(
    "what a client is told to bring, and relaxed paths, through the gate",
    .gate { $0.policy = demandingPolicy }, .serialized)
struct StrongerSignInTests {
    private let issuer = TestIssuer.shared

    private func attack(
        _ target: String, method: String = "GET", _ change: (ClaimSet) -> ClaimSet
    ) throws -> Attack {
        Attack(
            target, method: method,
            fields: [
                "Authorization: Bearer \(try issuer.token(changing: change))"
            ])
    }

    @Test("scope_missing: 403, and the challenge names the scope")
    func scope() throws {
        let refused = try expectBlocked(
            try attack("/payments") { $0.setting("scope", "\"payments.read\"") }, status: [403],
            reason: "scope_missing")
        let challenge = try #require(refused.values("WWW-Authenticate").first)
        #expect(challenge.contains("error=\"insufficient_scope\""))
        #expect(challenge.contains("scope=\"payments.write\""))
        let line = try currentFixture().gate.logLine(with: ["refusal.code=scope_missing"])
        #expect(line != nil)
        for scopes in ["\"payments.read payments.write\"", "\"payments.write\""] {
            _ = try expectForwarded(try attack("/payments") { $0.setting("scope", scopes) })
        }
        // What begins like it is another scope.
        try expectBlocked(
            try attack("/payments") { $0.setting("scope", "\"payments.write.own\"") },
            status: [403], reason: "scope_missing")
    }

    @Test("step_up: 401, and the challenge says how strong and how fresh a sign-in is wanted")
    func stepUp() throws {
        let old = unixTime() - 3_600
        let refused = try expectBlocked(
            try attack("/vault") {
                $0.setting("acr", "\"urn:test:mfa\"").setting("auth_time", "\(old)")
            }, status: [401], reason: "step_up")
        let challenge = try #require(refused.values("WWW-Authenticate").first)
        #expect(challenge.contains("error=\"insufficient_user_authentication\""))
        #expect(challenge.contains("max_age=\"600\"") || challenge.contains("max_age=600"))
        #expect(challenge.contains("acr_values=\"urn:test:mfa\""))
        let line = try currentFixture().gate.logLine(with: ["refusal.code=step_up"])
        #expect(line != nil)

        let weak = try attack("/vault") {
            $0.setting("acr", "\"urn:test:pwd\"").setting("auth_time", "\(unixTime())")
        }
        try expectBlocked(weak, status: [401], reason: "step_up")
        // A token that says nothing of its sign-in is no fresh one.
        try expectBlocked(try attack("/vault") { $0 }, status: [401], reason: "step_up")
        _ = try expectForwarded(
            try attack("/vault") {
                $0.setting("acr", "\"urn:test:mfa\"").setting("auth_time", "\(unixTime() - 5)")
            })
    }

    @Test("who could not pass with the strongest sign-in either is not asked for one")
    func noUse() throws {
        let stranger = try issuer.token("eve", roles: [])
        try expectBlocked(
            Attack("/vault", fields: ["Authorization: Bearer \(stranger)"]), status: [403],
            reason: "forbidden")
    }

    @Test(
        "relaxed slashes and dots: what is forwarded is the path that was matched",
        arguments: [
            ("//public///a", "/public/a"), ("/public/./a", "/public/a"),
            ("/other/../public/a//b?x=//..", "/public/a/b?x=//.."),
            ("/public/%2e%2e/public/a", "/public/a"),
        ])
    func relaxed(target: String, forwarded: String) throws {
        #expect(try expectForwarded(Attack(target)).target == forwarded)
    }

    @Test(
        "relaxed slashes and dots open nothing: the path that comes out is what is decided about",
        arguments: [
            "/public/../payments", "/public//..//payments", "/public/%2e%2e/payments",
            "//payments", "/./payments", "/../payments", "/public/../../payments",
        ])
    func relaxedClimb(target: String) throws {
        try expectBlocked(Attack(target), status: [401], reason: "unauthenticated")
        try expectBlocked(Attack(target, token: "A"), status: [403], reason: "scope_missing")
    }

    @Test(
        "relaxations are about slashes and dots alone",
        arguments: [
            "/public/..%2fpayments", "/public/..;/payments", "/public/%252e%252e/payments",
            "/public\\..\\payments", "/public/%2e%2e%2fpayments",
        ])
    func stillRefused(target: String) throws {
        try expectBlocked(Attack(target, token: "A"), status: [400], reason: "bad_target")
    }
}

private let demandingPolicy = """
    version: 1
    hosts: [app.test]
    upstreams: {app: {slashes: merge, dots: resolve}}
    issuers:
      test: {issuer: "https://issuer.test", audience: [app], algorithms: [ES256]}
    claims: {subject: sub, roles: {from: roles}}
    roles: {viewer: {}}
    routes:
      - {id: public, match: GET /public/**, auth: public}
      - {id: payments, match: ANY /payments, allow: {all: [{role: viewer}, {scope: payments.write}]}}
      - id: vault
        match: GET /vault
        allow: {all: [{role: viewer}, {acr: "urn:test:mfa"}, {auth_age: 10m}]}

    """
