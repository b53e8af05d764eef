import Foundation
import TestSupport
import Testing

@Suite("what the app and the client are told", .gate, .serialized)
struct IdentityTests {
    @Test("the app gets the verified identity and no credential")
    func identity() throws {
        let alice = try expectForwarded(Attack("/api/x", token: "A"))
        expectIdentity("alice", roles: "viewer", in: alice)
        // Roles come with those that they include, in alphabetical order.
        let root = try expectForwarded(Attack("/admin/x", token: "R"))
        expectIdentity("root", roles: "admin,viewer", in: root)
        let visitor = try expectForwarded(Attack("/api/status", token: "R"))
        expectAnonymous(visitor)
    }

    @Test("every algorithm of the policy is accepted")
    func algorithms() throws {
        let issuer = TestIssuer.shared
        for key in [issuer.es256, issuer.rs256, issuer.edDSA] {
            let token = try issuer.token(key: key)
            let received = try expectForwarded(
                Attack("/api/x", fields: ["Authorization: Bearer \(token)"], label: key.keyID))
            expectIdentity("alice", roles: "viewer", in: received)
        }
    }

    @Test("the request is otherwise as the client sent it")
    func untouched() throws {
        let received = try expectForwarded(
            Attack(
                "/public/a?x=1&y=%2e%2e//", fields: ["Accept: */*", "Cookie: a=b; c=d", "X-Own: 1"])
        )
        #expect(received.requestLine == "GET /public/a?x=1&y=%2e%2e// HTTP/1.1")
        #expect(received.values("Host") == ["app.test"])
        #expect(received.values("Accept") == ["*/*"])
        #expect(received.values("Cookie") == ["a=b; c=d"])
        #expect(received.values("X-Own") == ["1"])
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let attack: Attack
        let status: Int
        let reason: String
        let code: String
        var challenge: String?

        var testDescription: String { code }
    }

    @Test(
        "each refusal is a problem document with its public reason, and a log line with its code",
        arguments: [
            Refusal(
                attack: Attack("/api/x"), status: 401, reason: "unauthenticated",
                code: "unauthenticated", challenge: ""),
            Refusal(
                attack: Attack("/api/x", token: "E"), status: 401, reason: "token_expired",
                code: "token_expired", challenge: "invalid_token"),
            Refusal(
                attack: Attack("/api/x", token: "W"), status: 401, reason: "token_invalid",
                code: "token_audience", challenge: "invalid_token"),
            Refusal(
                attack: Attack("/api/x", token: "N"), status: 401, reason: "token_invalid",
                code: "token_", challenge: "invalid_token"),
            Refusal(
                attack: Attack("/api/x", token: "A", fields: ["Authorization: Bearer {R}"]),
                status: 400, reason: "ambiguous_credentials", code: "ambiguous_credentials",
                challenge: "invalid_request"),
            Refusal(
                attack: Attack("/admin/x", token: "A"), status: 403, reason: "forbidden",
                code: "role_missing"),
            Refusal(
                attack: Attack("/users/root/x", token: "A"), status: 403, reason: "forbidden",
                code: "condition_false"),
            Refusal(
                attack: Attack("/nowhere", token: "A"), status: 403, reason: "forbidden",
                code: "no_route"),
            Refusal(
                attack: Attack("/nowhere"), status: 401, reason: "unauthenticated",
                code: "unauthenticated", challenge: ""),
            Refusal(
                attack: Attack("/public/../x"), status: 400, reason: "bad_target",
                code: "bad_target"),
            Refusal(
                attack: Attack("/public/a", method: "TRACE"), status: 405, reason: "bad_method",
                code: "bad_method"),
            Refusal(
                attack: Attack("/public/a", method: "FOO"), status: 501, reason: "bad_method",
                code: "bad_method"),
            Refusal(
                attack: Attack(label: "host", raw: "GET / HTTP/1.1\r\nHost: evil\r\n\r\n"),
                status: 421, reason: "unknown_host", code: "unknown_host"),
            Refusal(
                attack: Attack(label: "LF", raw: "GET / HTTP/1.1\nHost: app.test\r\n\r\n"),
                status: 400, reason: "bad_framing", code: "bad_framing"),
            Refusal(
                attack: Attack("/" + String(repeating: "a", count: 17_000), label: "long"),
                status: 414, reason: "target_too_long", code: "target_too_long"),
            Refusal(
                attack: Attack("/", fields: (1...300).map { "X-\($0): 1" }, label: "large"),
                status: 431, reason: "head_too_large", code: "head_too_large"),
        ])
    func refusals(refusal: Refusal) throws {
        let fixture = try currentFixture()
        let mark = fixture.gate.log.utf8.count
        let response = try expectBlocked(
            refusal.attack, status: [refusal.status], reason: refusal.reason)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
        #expect(document["status"] as? Int == refusal.status)
        #expect(document["reason"] as? String == refusal.reason)
        #expect((document["title"] as? String)?.isEmpty == false)
        let challenge = response.value("WWW-Authenticate")
        if let error = refusal.challenge {
            #expect(challenge?.hasPrefix("Bearer realm=\"") == true)
            #expect(challenge?.contains("error=") == !error.isEmpty)
            #expect(challenge?.contains(error) == true || error.isEmpty)
        } else {
            #expect(challenge == nil)
        }
        #expect(fixture.gate.logLine(with: [refusal.code], since: mark) != nil)
    }

    @Test("each exchange is one line in the log")
    func accessLine() throws {
        let fixture = try currentFixture()
        for _ in 1...5 { _ = try fixture.gate.exchange(Attack("/public/counted").request) }
        _ = try fixture.gate.exchange(Attack("/public/last-of-all").request)
        func lines(with text: String) -> Int {
            fixture.gate.log.split(separator: "\n").count { $0.contains(text) }
        }
        let complete = Deadline.after(.seconds(3)).waits {
            lines(with: "/public/counted") >= 5 && lines(with: "/public/last-of-all") >= 1
        }
        #expect(complete)
        #expect(lines(with: "/public/counted") == 5)
    }
}
