import AccessPolicy
import Cryptography
import TestSupport
import Testing
import TokenVerification

@testable import Admission

/// What a change of keys does to tokens that are known and to those that are not.
@Suite("Gatekeeper: keys that come and go")
struct GatekeeperKeyTests {
    private let fixture: Fixture
    private let issuer = TestIssuer.shared
    private let keys: KeySet

    init() throws {
        fixture = try Fixture()
        keys = try KeySet(jwks: issuer.keySet.span)
    }

    private func verdict(_ token: String, now: Int64 = Int64(unixTime())) throws -> Verdict {
        let request = RequestText(target: "/api/x", authorization: ["Bearer \(token)"])
        return try fixture.gatekeeper.verdict(request, now: now)
    }

    private func use(_ keys: KeySet, _ availability: KeyAvailability = .current) {
        fixture.gatekeeper.use(
            fixture.keyRing.replacing(
                issuerName: "test", keys: keys, availability: availability))
    }

    private func keySet(_ keys: TestKey...) throws -> KeySet {
        let members = keys.map(\.publicJWK).joined(separator: ",")
        return try KeySet(jwks: Array("{\"keys\":[\(members)]}".utf8).span)
    }

    private let admitted = Verdict.admitted(route: "api", subject: "alice")

    /// The key of that name, for ES256.
    private func evidence(_ keyID: String) -> Evidence {
        .key(MissingKey(issuerName: "test", name: KeyName(keyID: keyID, algorithm: .es256)))
    }

    @Test("a known token goes with its key, and those of other keys stay")
    func removal() throws {
        let (going, staying) = (try issuer.token(), try issuer.token(key: issuer.edDSA))
        #expect(try verdict(going) == admitted)
        #expect(try verdict(staying) == admitted)
        use(try keySet(issuer.edDSA, issuer.rs256).keeping(keys))
        #expect(
            try verdict(going) == .needs(evidence(issuer.es256.keyID), otherwise: .tokenUnknownKey))
        #expect(try verdict(staying) == admitted)
    }

    @Test(
        "another key of the same name is another key: what the first has signed is no longer known")
    func replacement() throws {
        let token = try issuer.token()
        #expect(try verdict(token) == admitted)
        let other = try TestKey(.es256, keyID: issuer.es256.keyID)
        use(try keySet(other).keeping(keys))
        #expect(try verdict(token) == .refused(.tokenSignature))
        #expect(try verdict(try issuer.token(key: other)) == admitted)
        #expect(try verdict(token) == .refused(.tokenSignature))
    }

    @Test(
        "without any key every token of the issuer is 503, known ones too, and keys bring them back"
    )
    func outage() throws {
        let token = try issuer.token()
        #expect(try verdict(token) == admitted)
        use(try keySet(), .unavailable)
        let own = evidence(issuer.es256.keyID)
        #expect(try verdict(token) == .needs(own, otherwise: .keysUnavailable))
        #expect(try verdict("garbage") == .refused(.tokenMalformed))
        #expect(try verdict(issuer.unsigned()) == .refused(.tokenAlgorithm))
        use(keys)
        #expect(try verdict(token) == admitted)
    }

    @Test("while the keys are in doubt known keys count, and unknown ones are nobody's fault")
    func doubt() throws {
        let token = try issuer.token()
        use(keys, .doubtful)
        #expect(try verdict(token) == admitted)
        let newcomer = try TestKey(.es256, keyID: "newcomer")
        #expect(
            try verdict(try issuer.token(key: newcomer))
                == .needs(evidence("newcomer"), otherwise: .keysUnavailable))
    }

    @Test("keys that nobody can fetch more of are asked for by nobody")
    func fixed() throws {
        let newcomer = try TestKey(.es256, keyID: "newcomer")
        #expect(try verdict(try issuer.token(key: newcomer)) == .refused(.tokenUnknownKey))
    }

    struct Denial: Sendable {
        let revocation: Revocation
        let claim: (name: String, json: String)
    }

    static let denials = [
        Denial(
            revocation: .key(issuerName: "test", keyID: TestIssuer.shared.es256.keyID),
            claim: ("x", "1")),
        Denial(
            revocation: .token(issuerName: "test", tokenID: "one", until: .max),
            claim: ("jti", "\"one\"")),
        Denial(
            revocation: .userVersion(subject: "alice", minimum: 3, until: .max), claim: ("uv", "2")),
    ]

    @Test(
        "a denied key, token or account version is refused at once, known or not",
        arguments: denials)
    func denial(_ denial: Denial) throws {
        let token = try issuer.token { $0.setting(denial.claim.name, denial.claim.json) }
        let other = try issuer.token(key: issuer.edDSA) { $0.setting("uv", "3") }
        #expect(try verdict(token) == admitted)
        fixture.gatekeeper.deny([denial.revocation])
        #expect(try verdict(token) == .refused(.tokenRevoked))
        #expect(try verdict(other) == admitted)
        let unseen = try issuer.token {
            $0.setting(denial.claim.name, denial.claim.json).setting("n", "1")
        }
        #expect(try verdict(unseen) == .refused(.tokenRevoked))
        // A change of keys forgets no denial.
        use(keys)
        #expect(try verdict(token) == .refused(.tokenRevoked))
    }

    @Test("a known token ends with its `exp` and the leeway, to the second")
    func expiry() throws {
        let now = Int64(unixTime())
        let token = try issuer.token { $0.setting("exp", "\(now + 100)") }
        for (time, expected) in [(0, admitted), (129, admitted), (130, .refused(.tokenExpired))] {
            #expect(try verdict(token, now: now + Int64(time)) == expected)
        }
    }

    @Test("a policy that grants less decides about tokens that another has seen")
    func otherPolicy() throws {
        let token = try issuer.token()
        #expect(try verdict(token) == admitted)
        let stricter = attackPolicy.replacing("allow: {role: viewer}", with: "allow: {role: admin}")
        try #require(stricter != attackPolicy)
        let gatekeeper = try Fixture(policy: stricter).gatekeeper
        let request = RequestText(target: "/api/x", authorization: ["Bearer \(token)"])
        #expect(try gatekeeper.verdict(request) == .refused(.roleMissing))
    }
}
