import Cryptography
import StrictJSON
import Testing
import TokenVerification

/// The rows of the attack table that a token alone can carry out; each says what the token is, and
/// with which reason it is refused.
@Suite("Attack rows T5 to T24, as far as the token goes")
struct AttackRowTests {
    let forge: Forge

    init() throws {
        forge = try Forge.shared()
    }

    @Test("T5: alg none, missing alg, empty and two-character signatures")
    func noSignature() throws {
        let payload = Forge.base64URL(Forge.payload())
        for (header, outcome) in [
            (#"{"alg":"none"}"#, "token_alg"), (#"{"alg":"nOnE","kid":"ES256"}"#, "token_alg"),
            ("{}", "token_malformed"), (Forge.header(), "token_signature"),
        ] {
            for signature in ["", "AA"] {
                let token = Forge.base64URL(header) + "." + payload + "." + signature
                #expect(try forge.outcome(token) == outcome)
            }
        }
    }

    @Test("T9: a kid of a megabyte, an array, two of them")
    func keyIDs() throws {
        let megabyte = String(repeating: "k", count: 1 << 20)
        for (header, outcome) in [
            (#"{"alg":"ES256","kid":"\#(megabyte)"}"#, "token_too_large"),
            (#"{"alg":"ES256","kid":"' or 1=1--"}"#, "token_unknown_key"),
            (#"{"alg":"ES256","kid":["ES256"]}"#, "token_malformed"),
            (#"{"alg":"ES256","kid":"x","kid":"ES256"}"#, "token_malformed"),
        ] {
            #expect(try forge.outcome(forge.token(header: header)) == outcome)
        }
    }

    @Test("T11: a nested token, four parts, a detached payload")
    func otherForms() throws {
        let token = try forge.token()
        let parts = token.split(separator: ".")
        #expect(try forge.outcome(forge.token(payload: token)) == "token_malformed")
        #expect(try forge.outcome(token + ".x") == "token_malformed")
        #expect(try forge.outcome("\(parts[0])..\(parts[2])") == "token_malformed")
    }

    @Test("T14: expired, not yet valid, without end, and of ten years: four distinct reasons")
    func times() throws {
        let now = Forge.now
        let outcomes = try [
            [("exp", "\(now - 60)"), ("iat", "\(now - 120)")], [("nbf", "\(now + 60)")],
            [("iat", "\(now + 60)")], [("exp", nil)], [("exp", "\(now + 315_360_000)")],
        ].map { try forge.outcome(forge.token(payload: Forge.payload($0))) }
        #expect(
            outcomes == [
                "token_expired", "token_not_yet", "token_not_yet", "token_claim", "token_lifetime",
            ])
    }

    @Test("T15: an audience must be an exact member; others beside it do no harm")
    func audience() throws {
        for (value, outcome) in [
            (#""api2""#, "token_audience"), (#"["api2","ap"]"#, "token_audience"),
            (#"["other","api"]"#, "accepted"),
        ] {
            let token = try forge.token(payload: Forge.payload([("aud", value)]))
            #expect(try forge.outcome(token) { $0.audiences = ["api"] } == outcome)
        }
    }

    @Test("T24: 16 KiB and 64 KiB are refused before any cryptography")
    func large() throws {
        for count in [16 * 1024 + 1, 64 * 1024] {
            let token = String(repeating: "A", count: count - 2) + ".."
            #expect(try forge.outcome(token) == "token_too_large")
        }
    }

    @Test("T25: a bad token stays bad however often it is sent")
    func repeated() throws {
        let token = String(try forge.token().dropLast(4)) + "AAAA"
        let verifier = try forge.verifier()
        let outcomes = Set((0..<1_000).map { _ in outcomeOf(token, verifier) })
        #expect(outcomes == ["token_signature"])
    }
}
