import Cryptography
import TestSupport
import Testing
import TokenVerification

@testable import Admission

@Suite("Gatekeeper: sessions and own endpoints")
struct GatekeeperSessionTests {
    private let fixture: Fixture
    private let session = SessionID.random()

    init() throws { fixture = try Fixture() }

    private func token(_ session: SessionID?, roles: [String] = ["viewer"]) throws -> String {
        try TestIssuer.shared.token(roles: roles) { claims in
            session.map { claims.setting("sid", "\"\($0)\"") } ?? claims
        }
    }

    private func request(_ token: String?, target: String = "/api/x") -> RequestText {
        RequestText(target: target, authorization: token.map { ["Bearer \($0)"] } ?? [])
    }

    private func locally(
        _ text: RequestText, needsBearer: Bool = true
    ) throws -> Verdict {
        let outcome = fixture.gatekeeper.admitLocally(
            try text.canonical(), endpoint: "own", needsBearer: needsBearer,
            now: Int64(unixTime()))
        switch outcome {
        case .admitted(let bearer): return .admitted(route: "own", subject: bearer?.token.subject)
        case .preflight(let answer):
            return .preflight(String(decoding: answer.fields, as: UTF8.self))
        case .refused(let refusal):
            #expect(refusal.routeID == "own")
            return .refused(refusal.code)
        }
    }

    @Test("a denied session's tokens are refused at once, cached or new, and no others")
    func denial() throws {
        let cached = try token(session)
        let admitted = Verdict.admitted(route: "api", subject: "alice")
        #expect(try fixture.gatekeeper.verdict(request(cached)) == admitted)
        #expect(try locally(request(cached)) == .admitted(route: "own", subject: "alice"))
        let until = Int64(unixTime()) + 300
        fixture.gatekeeper.deny([.session(SessionRevocation(session: session, until: until))])
        for token in [cached, try token(session)] {
            #expect(try fixture.gatekeeper.verdict(request(token)) == .refused(.tokenRevoked))
            #expect(try locally(request(token)) == .refused(.tokenRevoked))
        }
        #expect(try fixture.gatekeeper.verdict(request(try token(.random()))) == admitted)
        #expect(try fixture.gatekeeper.verdict(request(try token(nil))) == admitted)
        fixture.gatekeeper.forgetExpired(now: until)
        #expect(try fixture.gatekeeper.verdict(request(cached)) == admitted)
    }

    @Test("a session identifier that cannot be read is refused: it could never be revoked")
    func malformedSession() throws {
        let upperCase = "\"00000000-0000-4000-8000-ABCDEFABCDEF\""
        for claim in ["\"x\"", "7", "null", "[]", "\"\(session)x\"", upperCase] {
            let forged = try TestIssuer.shared.token { $0.setting("sid", claim) }
            #expect(try fixture.gatekeeper.verdict(request(forged)) == .refused(.tokenClaim))
        }
    }

    @Test("an endpoint for bearers takes only tokens with a session of the embedded issuer")
    func bearers() throws {
        #expect(try locally(request(nil)) == .refused(.unauthenticated))
        #expect(try locally(request("garbage")) == .refused(.tokenMalformed))
        #expect(try locally(request(token(nil))) == .refused(.tokenClaim))
        #expect(try locally(request(TestIssuer.shared.expired())) == .refused(.tokenExpired))
        let two = RequestText(
            authorization: ["Bearer \(try token(session))", "Bearer \(try token(session))"])
        #expect(try locally(two) == .refused(.ambiguousCredentials))
    }

    @Test("elsewhere no credential is looked at, but host and upgrade are")
    func open() throws {
        let welcome = Verdict.admitted(route: "own", subject: nil)
        fixture.gatekeeper.deny([.session(SessionRevocation(session: session, until: .max))])
        for token in [nil, "garbage", try TestIssuer.shared.expired(), try token(session)] {
            #expect(try locally(request(token), needsBearer: false) == welcome)
        }
        let elsewhere = RequestText(host: "evil.test")
        #expect(try locally(elsewhere, needsBearer: false) == .refused(.unknownHost))
        let upgrade = RequestText(wantsUpgrade: true)
        #expect(try locally(upgrade, needsBearer: false) == .refused(.upgradeNotAllowed))
    }
}
