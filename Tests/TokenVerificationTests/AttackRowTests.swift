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

    @Test("T6: a MAC under the text, the DER or the JWK of an RSA key")
    func keyConfusion() throws {
        let key = forge.rsa.publicKey
        let body = key.pem().split(separator: "\n").dropFirst().dropLast().joined()
        let der = try #require(
            Base64URL.decode(
                body.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")))
        for secret in [Array(key.pem().utf8), der, Array(jwk(key).utf8)] {
            for alg in ["HS256", "RS256"] {
                let message =
                    Forge.base64URL(#"{"alg":"\#(alg)","kid":"RS256"}"#) + "."
                    + Forge.base64URL(Forge.payload())
                let mac = hmacSHA256(key: secret, message: Array(message.utf8))
                let token = message + "." + Base64URL.encodeToString(mac.span)
                let expected = alg == "HS256" ? "token_alg" : "token_signature"
                #expect(try forge.outcome(token) == expected)
            }
        }
    }

    @Test("T7: an ECDSA signature of zeros, in DER, or of another length")
    func signatureForms() throws {
        let message = Forge.base64URL(Forge.header()) + "." + Forge.base64URL(Forge.payload())
        for count in [0, 1, 63, 64, 65, 70, 72, 132, 600] {
            let zeros = [UInt8](repeating: 0, count: count)
            let token = message + "." + Base64URL.encodeToString(zeros.span)
            #expect(try forge.outcome(token) == "token_signature")
        }
    }

    @Test("T8: a header that brings a key along, or says where one is")
    func broughtKeys() throws {
        let attacker = try PrivateKey.generate(.es256)
        for member in [
            #""jwk":\#(jwk(attacker.publicKey))"#, #""jku":"http://127.0.0.1:1/""#,
            #""x5u":"http://127.0.0.1:1/""#, #""x5c":["AAAA"]"#,
        ] {
            let token = try forge.token(
                header: Array(Forge.header(.es256, "," + member).utf8),
                payload: Array(Forge.payload().utf8), attacker, .es256)
            #expect(try forge.outcome(token) == "token_header")
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

    @Test("T12: two subjects, times that are none, ten thousand brackets, no UTF-8, a mark")
    func brokenJSON() throws {
        let twice = Forge.payload().dropLast() + #","sub":"root"}"#
        #expect(try forge.outcome(forge.token(payload: String(twice))) == "token_malformed")
        for time in [#""1800000600""#, "1e400", "-1", "9223372036854775808", "0.1e400"] {
            let token = try forge.token(payload: Forge.payload([("exp", time)]))
            #expect(try forge.outcome(token) == "token_claim")
        }
        let fraction = try forge.token(payload: Forge.payload([("exp", "1800000600.25")]))
        #expect(try forge.outcome(fraction) == "accepted")
        let deep = String(repeating: "[", count: 10_000)
        let tooDeep = try forge.token(payload: Forge.payload([("x", deep)]))
        #expect(try forge.outcome(tooDeep) == "token_too_large")
        for payload in [
            [0xEF, 0xBB, 0xBF] + Array(Forge.payload().utf8),
            Array(Forge.payload([("x", #""?""#)]).utf8).map { $0 == 0x3F ? 0xFF : $0 },
        ] {
            let token = try forge.token(
                header: Array(Forge.header().utf8), payload: payload, forge.ecdsa, .es256)
            #expect(try forge.outcome(token) == "token_malformed")
        }
    }

    @Test("T13: padding, white space, the other alphabet, bits that belong to no byte")
    func encodings() throws {
        let token = try forge.token()
        for change in ["=", " ", "\n", "+", "/"] {
            #expect(try forge.outcome(token + change) == "token_malformed")
        }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        // 64 bytes leave four bits of the last character unused.
        let last = try #require(token.last.flatMap(alphabet.firstIndex(of:)))
        for spare in 1..<16 {
            let changed = token.dropLast() + String(alphabet[last | spare])
            #expect(try forge.outcome(String(changed)) == "token_malformed")
        }
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

    @Test("T16: an issuer with a slash, another case, a look-alike or a user")
    func issuers() throws {
        for issuer in [
            "https://issuer.test/", "https://ISSUER.test", "https://\u{456}ssuer.test",
            "https://issuer.test@evil.test", "https://evil@issuer.test",
        ] {
            let token = try forge.token(payload: Forge.payload([("iss", "\"\(issuer)\"")]))
            #expect(try forge.outcome(token) == "token_issuer")
        }
    }

    @Test("T17: keys are bound to their issuer, though both issuers call theirs the same")
    func boundKeys() throws {
        let other = try PrivateKey.generate(.es256)
        var rules = Forge.rules
        rules.name = "other"
        rules.issuer = "https://other.test"
        let otherKeys = try KeySet(pem: Array(other.publicKey.pem().utf8).span, keyID: "ES256")
        let verifier = TokenVerifier(
            keyRing: KeyRing(issuers: [(Forge.rules, try forge.keySet()), (rules, otherKeys)]))
        let header = Array(Forge.header().utf8)
        let ours = Array(Forge.payload().utf8)
        let theirs = Array(Forge.payload([("iss", #""https://other.test""#)]).utf8)
        // Again and again, since headers that were seen before are not read anew.
        for _ in 0..<3 {
            for (payload, key, expected) in [
                (ours, forge.ecdsa, "accepted"), (theirs, other, "accepted"),
                (ours, other, "token_signature"), (theirs, forge.ecdsa, "token_signature"),
            ] {
                let token = try forge.token(header: header, payload: payload, key, .es256)
                #expect(outcomeOf(token, verifier) == expected)
            }
        }
    }

    @Test("T18: an ID token or a refresh token as access token")
    func otherPurposes() throws {
        let idToken = try forge.token(header: Forge.header(.es256, #","typ":"JWT""#))
        #expect(try forge.outcome(idToken) { $0.tokenTypes = ["at+jwt"] } == "token_type")
        for (claim, value) in [
            ("token_use", "id"), ("typ", "Refresh"), ("token_type", "refresh"), ("typ", "ID"),
        ] {
            let token = try forge.token(payload: Forge.payload([(claim, "\"\(value)\"")]))
            #expect(try forge.outcome(token) == "token_type")
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
