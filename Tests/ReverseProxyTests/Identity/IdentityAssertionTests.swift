import AccessPolicy
import Admission
import Cryptography
import StrictJSON
import TestSupport
import Testing
import TokenVerification

@testable import ReverseProxy

@Suite("IdentityAssertions")
struct IdentityAssertionTests {
    private let now = Int64(unixTime())
    private let signer = CountingSigner()
    private let alice: String

    init() throws { alice = try TestIssuer.shared.alice() }

    @Test("a token costs one signature for half the lifetime of what is signed")
    func cached() throws {
        let fixture = try AssertionFixture("{ttl: 60s}", signer: signer)
        for second in 0..<30 as Range<Int64> {
            #expect(
                try fixture.line(token: alice, now: now + second)
                    == "X-Ostiary-Assertion: one-1\r\n")
        }
        #expect(
            try fixture.line(token: alice, now: now + 30) == "X-Ostiary-Assertion: one-2\r\n")
        #expect(signer.orders.map(\.issuedAt) == [now, now + 30])
        #expect(signer.orders.map(\.expiresAt) == [now + 60, now + 90])
    }

    @Test("each token has its own, also two of one person")
    func ofTokens() throws {
        let fixture = try AssertionFixture(signer: signer)
        let other = try TestIssuer.shared.alice()
        let root = try TestIssuer.shared.root()
        for token in [alice, other, root, alice, other, root] {
            _ = try fixture.line(token: token)
        }
        let subjects = signer.orders.map { String(decoding: $0.principal.subject, as: UTF8.self) }
        #expect(subjects == ["alice", "alice", "root"])
    }

    @Test("none goes out on a public route, nor for somebody unknown")
    func nobody() throws {
        let fixture = try AssertionFixture(signer: signer)
        #expect(try fixture.line("/public/a", token: alice) == "")
        #expect(try fixture.line("/open/a", token: nil) == "")
        #expect(signer.orders.isEmpty)
        #expect(try fixture.line("/open/a", token: alice) == "X-Ostiary-Assertion: one-1\r\n")
    }

    @Test("none goes out where the policy asks for none")
    func notAsked() throws {
        let fixture = try AssertionFixture(signer: signer)
        fixture.assertions.use(nil as AssertionRule?)
        #expect(try fixture.line(token: alice) == "")
        #expect(signer.orders.isEmpty)
    }

    @Test("where the policy asks for one and there is no key, or signing fails, there is no line")
    func failures() throws {
        let without = try AssertionFixture(signer: nil)
        #expect(throws: AssertionFailure.self) { try without.line(token: alice) }
        let failure = AssertionFailure("the assertion cannot be signed")
        let failing = CountingSigner(failing: failure)
        let fixture = try AssertionFixture(signer: failing)
        for _ in 0..<2 {
            #expect(throws: failure) { try fixture.line(token: alice) }
        }
        // Nothing of the failure is kept.
        fixture.assertions.use(signer)
        #expect(try fixture.line(token: alice) == "X-Ostiary-Assertion: one-1\r\n")
    }

    @Test("a bound one is signed for each request, of what the app receives")
    func bound() throws {
        let fixture = try AssertionFixture("{bind: [method, host, path]}", signer: signer)
        _ = try fixture.line("/api/x?q=1", token: alice)
        _ = try fixture.line("/api/%7euser/%c3%a9", method: "POST", token: alice, host: "APP.test")
        _ = try fixture.line("/api/x?q=1", token: alice)
        #expect(
            signer.orders.map { $0.request.map(\.value) } == [
                ["GET", "app.test", "/api/x"], ["POST", "app.test", "/api/~user/%C3%A9"],
                ["GET", "app.test", "/api/x"],
            ])
        #expect(signer.orders[0].request.map(\.binding) == [.method, .host, .path])
    }

    @Test("after a change of the key everything is signed anew")
    func otherKey() throws {
        let fixture = try AssertionFixture(signer: signer)
        _ = try fixture.line(token: alice)
        fixture.assertions.use(CountingSigner("two"))
        #expect(try fixture.line(token: alice) == "X-Ostiary-Assertion: two-1\r\n")
    }

    @Test("after a change of the policy everything is signed anew, by the new policy's rule")
    func otherPolicy() throws {
        let fixture = try AssertionFixture(signer: signer)
        _ = try fixture.line(token: alice)
        let next = try PolicySet.load(
            AssertionFixture.policy("{header: X-Who, ttl: 20s, claims: [sub]}"), file: "next.yaml")
        fixture.gatekeeper.use(next, fixture.fixture.keyRing)
        fixture.assertions.use(next.assertion)
        #expect(try fixture.line(token: alice, now: now) == "X-Who: one-2\r\n")
        #expect(signer.orders[1].expiresAt == now + 20)
        #expect(signer.orders[1].principal.assertionClaims.map(\.name) == ["sub"])
    }

    @Test("a token that is revoked gets none, though there is one for it")
    func revoked() throws {
        let session = SessionID.random()
        let token = try TestIssuer.shared.token { $0.setting("sid", "\"\(session)\"") }
        let fixture = try AssertionFixture(signer: signer)
        #expect(try fixture.line(token: token) != nil)
        fixture.gatekeeper.deny([
            .session(SessionRevocation(session: session, until: now + 3600))
        ])
        #expect(try fixture.line(token: token) == nil)
    }

    @Test("it is good no longer than the token that it is about")
    func shortToken() throws {
        let fixture = try AssertionFixture("{ttl: 60s}", signer: signer)
        let token = try TestIssuer.shared.token { $0.setting("exp", "\(now + 10)") }
        _ = try fixture.line(token: token, now: now)
        // 30 seconds for clocks that differ: for so long the token is accepted.
        #expect(signer.orders.map(\.expiresAt) == [now + 40])
        #expect(try fixture.line(token: token, now: now + 40) == nil)
    }
}
