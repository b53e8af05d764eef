import AccessPolicy
import TestSupport
import Testing
import TokenVerification

@testable import Admission

@Suite("Gatekeeper")
struct GatekeeperTests {
    private let fixture: Fixture
    private let issuer = TestIssuer.shared

    init() throws { fixture = try Fixture() }

    private func bearer(_ token: String) -> [String] { ["Bearer \(token)"] }

    @Test("a public route is open to everybody and passes nobody's identity on")
    func publicRoute() throws {
        let open = Verdict.admitted(route: "public", subject: nil)
        for credential in [
            [], ["Bearer garbage"], ["Basic x"], ["Bearer"], ["a", "b"],
            bearer(try issuer.root()), bearer(try issuer.expired()), bearer(issuer.unsigned()),
        ] {
            let request = RequestText(target: "/public/a", authorization: credential)
            #expect(try fixture.gatekeeper.verdict(request) == open)
            #expect(try fixture.withoutKeys().verdict(request) == open)
        }
    }

    struct Case: Sendable {
        let request: RequestText
        let verdict: Verdict

        init(_ target: String, _ verdict: Verdict, method: String = "GET") {
            request = RequestText(method: method, target: target)
            self.verdict = verdict
        }
    }

    @Test(
        "without a credential every other path is 401, known or not",
        arguments: ["/api/x", "/admin/x", "/users/alice/x", "/", "/nothing", "/users/alice"])
    func anonymous(_ target: String) throws {
        for method in ["GET", "HEAD", "POST", "OPTIONS"] {
            let request = RequestText(method: method, target: target)
            #expect(try fixture.gatekeeper.verdict(request) == .refused(.unauthenticated))
        }
    }

    @Test(
        "a viewer may do what viewers may",
        arguments: [
            Case("/api/x", .admitted(route: "api", subject: "alice")),
            Case("/api/x", .admitted(route: "api", subject: "alice"), method: "DELETE"),
            Case("/users/alice/x", .admitted(route: "user-space", subject: "alice")),
            Case("/users/%61lice/x", .admitted(route: "user-space", subject: "alice")),
            Case(
                "/users/alice/x", .admitted(route: "user-space", subject: "alice"), method: "HEAD"),
            Case("/users/root/x", .refused(.conditionFalse)),
            Case("/users/Alice/x", .refused(.conditionFalse)),
            Case("/users/alice/x", .refused(.noRoute), method: "POST"),
            Case("/admin/x", .refused(.roleMissing)),
            Case("/admin;x=1/y", .refused(.ambiguousPath)),
            Case("/nothing", .refused(.noRoute)),
        ])
    func viewer(_ row: Case) throws {
        var request = row.request
        request.authorization = bearer(try issuer.alice())
        #expect(try fixture.gatekeeper.verdict(request) == row.verdict)
        // The second time from the cache.
        #expect(try fixture.gatekeeper.verdict(request) == row.verdict)
    }

    @Test("the host is asked about first, before route and credential")
    func unknownHost() throws {
        for target in ["/public/a", "/api/x", "/nothing"] {
            for credential in [[], bearer(try issuer.root()), ["a", "b"]] {
                let request = RequestText(
                    target: target, host: "evil.test", authorization: credential)
                #expect(try fixture.gatekeeper.verdict(request) == .refused(.unknownHost))
            }
        }
    }

    @Test("the credential is judged before the route is told apart")
    func credentialBeforeRoute() throws {
        for target in ["/api/x", "/nothing", "/admin/x"] {
            let expired = RequestText(target: target, authorization: bearer(try issuer.expired()))
            #expect(try fixture.gatekeeper.verdict(expired) == .refused(.tokenExpired))
            let several = RequestText(
                target: target, authorization: bearer(try issuer.alice()) + ["Bearer x"])
            #expect(try fixture.gatekeeper.verdict(several) == .refused(.ambiguousCredentials))
            let basic = RequestText(target: target, authorization: ["Basic YTpi"])
            #expect(try fixture.gatekeeper.verdict(basic) == .refused(.unauthenticated))
        }
    }

    @Test("each failed check of a token has its own code")
    func tokenCodes() throws {
        let foreign = try TestKey.foreign(keyID: "nobody")
        let samesName = try TestKey.foreign(keyID: issuer.es256.keyID)
        let rows: [(String, ReasonCode)] = [
            ("garbage", .tokenMalformed), (issuer.unsigned(), .tokenAlgorithm),
            (try issuer.expired(), .tokenExpired), (try issuer.wrongAudience(), .tokenAudience),
            (try issuer.token(key: foreign), .tokenUnknownKey),
            (try issuer.token(key: samesName), .tokenSignature),
            (try issuer.token { $0.setting("iss", "\"https://other.test\"") }, .tokenIssuer),
            (try issuer.token { $0.removing("exp") }, .tokenClaim),
            (String(repeating: "a", count: 9_000), .tokenTooLarge),
        ]
        for (token, code) in rows {
            let request = RequestText(target: "/api/x", authorization: bearer(token))
            #expect(try fixture.gatekeeper.verdict(request) == .refused(code), "\(code)")
            #expect(try fixture.gatekeeper.verdict(request) == .refused(code), "again: \(code)")
        }
    }

    @Test("a subject that no header can carry is refused once a route would pass it on")
    func unsafeClaim() throws {
        let token = try issuer.token("x,admin")
        for (target, verdict) in [
            ("/api/x", Verdict.refused(.claimNotHeaderSafe)),
            ("/api/status", .admitted(route: "status", subject: nil)),
        ] {
            let request = RequestText(target: target, authorization: bearer(token))
            #expect(try fixture.gatekeeper.verdict(request) == verdict)
        }
    }

    @Test("no route allows an upgrade, and who may not enter does not learn that")
    func upgrade() throws {
        let rows: [(String, [String], ReasonCode)] = [
            ("/public/a", [], .upgradeNotAllowed),
            ("/api/x", bearer(try issuer.alice()), .upgradeNotAllowed),
            ("/api/x", [], .unauthenticated),
            ("/admin/x", bearer(try issuer.alice()), .roleMissing),
        ]
        for (target, credential, code) in rows {
            let request = RequestText(
                target: target, authorization: credential, wantsUpgrade: true)
            #expect(try fixture.gatekeeper.verdict(request) == .refused(code))
        }
    }

    @Test("a token is remembered by the gatekeeper that verified it and by no other")
    func ownCache() throws {
        let request = RequestText(target: "/api/x", authorization: bearer(try issuer.alice()))
        let admitted = Verdict.admitted(route: "api", subject: "alice")
        let cache = VerifiedTokenCache()
        let first = try Fixture(cache: cache)
        #expect(try first.gatekeeper.verdict(request) == admitted)
        #expect(cache.storedBytes > 0)
        // With the keys gone only the cache can know the token.
        #expect(try first.withoutKeys(cache: cache).verdict(request) == admitted)
        #expect(try first.withoutKeys().verdict(request) == .refused(.tokenIssuer))
    }

    @Test("a principal of another policy is allowed nothing, should a cache ever be shared")
    func cacheOfOtherPolicy() throws {
        let request = RequestText(target: "/api/x", authorization: bearer(try issuer.alice()))
        let cache = VerifiedTokenCache()
        #expect(
            try Fixture(cache: cache).gatekeeper.verdict(request)
                == .admitted(route: "api", subject: "alice"))
        #expect(
            try Fixture(cache: cache).gatekeeper.verdict(request) == .refused(.conditionFalse))
    }

    @Test("refused tokens are not remembered, however often they come")
    func noNegativeCache() throws {
        let cache = VerifiedTokenCache()
        let fixture = try Fixture(cache: cache)
        let request = RequestText(target: "/api/x", authorization: bearer(try issuer.expired()))
        for _ in 0..<200 {
            #expect(try fixture.gatekeeper.verdict(request) == .refused(.tokenExpired))
        }
        #expect(cache.storedBytes == 0)
    }

    @Test("a remembered token opens nothing more than the first time")
    func cachedTokenIsStillDecided() throws {
        let token = bearer(try issuer.alice())
        for _ in 0..<3 {
            for (target, verdict) in [
                ("/api/x", Verdict.admitted(route: "api", subject: "alice")),
                ("/admin/x", .refused(.roleMissing)),
                ("/users/root/x", .refused(.conditionFalse)),
            ] {
                let request = RequestText(target: target, authorization: token)
                #expect(try fixture.gatekeeper.verdict(request) == verdict)
            }
        }
    }
}
