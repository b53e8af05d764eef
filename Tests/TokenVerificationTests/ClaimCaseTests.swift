import Cryptography
import StrictJSON
import Testing
import TokenVerification

@Suite("Token cases 84 to 103: claims")
struct ClaimCaseTests {
    let forge: Forge
    static let now = Forge.now

    init() throws {
        forge = try Forge.shared()
    }

    private func outcome(
        _ changes: [(String, String?)], _ change: (inout IssuerRules) -> Void = { _ in }
    ) throws -> String {
        try forge.outcome(forge.token(payload: Forge.payload(changes)), change)
    }

    @Test(
        "case 84: exp may be older by less than the leeway",
        arguments: [
            (30, 1, "accepted"), (30, 0, "accepted"), (30, -29, "accepted"),
            (30, -30, "token_expired"), (30, -31, "token_expired"), (0, 1, "accepted"),
            (0, 0, "token_expired"), (0, -1, "token_expired"), (120, -119, "accepted"),
        ] as [(Int64, Int64, String)])
    func expiry(leeway: Int64, offset: Int64, expected: String) throws {
        let changes = [("exp", "\(Self.now + offset)"), ("iat", "\(Self.now - 1_000)")]
        #expect(try outcome(changes) { $0.leeway = leeway } == expected)
    }

    @Test("case 85: a missing exp is a missing claim")
    func noExpiry() throws {
        #expect(try outcome([("exp", nil)]) == "token_claim")
    }

    @Test(
        "cases 86 and 88: an exp, nbf or iat that is no time is an invalid claim",
        arguments: [
            #""1800000600""#, "true", "null", "[]", "{}", "[1800000600]", "1e308",
            "9223372036854775808", "1e400", "-1", "-0", "-0.5", "253402300800", "1e12",
        ])
    func noTime(value: String) throws {
        for name in ["exp", "nbf", "iat"] {
            #expect(try outcome([(name, value)]) == "token_claim", "\(name)")
        }
    }

    @Test(
        "case 87: times may have an exponent or a fraction, which is rounded down",
        arguments: [
            ("1.8e9", 1_800_000_000), ("1800000000.9", 1_800_000_000),
            ("18000000005e-1", 1_800_000_000), ("1800000001.0", 1_800_000_001),
        ] as [(String, Int64)])
    func fractions(value: String, seconds: Int64) throws {
        let token = try forge.token(
            payload: Forge.payload([("exp", value), ("iat", "1799999000.5")]))
        let verified = try forge.verifier().verify(Array(token.utf8).span, now: Self.now)
        #expect(verified.expiresAt == seconds)
        #expect(verified.usableUntil == seconds + 30)
        #expect(try forge.outcome(token, now: seconds + 29) == "accepted")
        #expect(try forge.outcome(token, now: seconds + 30) == "token_expired")
    }

    @Test("case 88: the last second of the year 9999 is a time")
    func latestTime() throws {
        #expect(try outcome([("exp", "253402300799")]) { $0.maxLifetime = nil } == "accepted")
    }

    @Test("case 89: a token that lives too long is refused, with and without iat")
    func lifetime() throws {
        let day: Int64 = 86_400
        #expect(try outcome([("exp", "\(Self.now + day)")]) == "accepted")
        #expect(try outcome([("exp", "\(Self.now + day + 1)")]) == "token_lifetime")
        let tenYears = [("exp", "\(Self.now + 3_650 * day)")]
        #expect(try outcome(tenYears) == "token_lifetime")
        #expect(try outcome(tenYears + [("iat", nil)]) == "token_lifetime")
        #expect(try outcome(tenYears) { $0.maxLifetime = nil } == "accepted")
        let old = [("iat", "\(Self.now - day)"), ("exp", "\(Self.now + 10)")]
        #expect(try outcome(old) == "token_lifetime")
    }

    @Test("case 90: iat may be in the future by the leeway only, and be missing unless required")
    func issuedAt() throws {
        #expect(try outcome([("iat", "\(Self.now + 30)")]) == "accepted")
        #expect(try outcome([("iat", "\(Self.now + 31)")]) == "token_not_yet")
        #expect(try outcome([("iat", nil)]) == "accepted")
        #expect(try outcome([("iat", nil)]) { $0.requiredClaims = ["iat"] } == "token_claim")
        #expect(try outcome([("iat", "\(Self.now + 601)")]) == "token_claim")
    }

    @Test("case 90: tokens of our own always say when they were issued")
    func ownIssuedAt() throws {
        #expect(try outcome([("iat", nil)]) { $0.hasSessions = true } == "token_claim")
        #expect(try outcome([]) { $0.hasSessions = true } == "accepted")
    }

    @Test("case 91: nbf may be in the future by the leeway only, and not be later than exp")
    func notBefore() throws {
        #expect(try outcome([("nbf", "\(Self.now)")]) == "accepted")
        #expect(try outcome([("nbf", "\(Self.now + 30)")]) == "accepted")
        #expect(try outcome([("nbf", "\(Self.now + 31)")]) == "token_not_yet")
        #expect(try outcome([("nbf", "\(Self.now + 601)")]) == "token_claim")
        let late = [("nbf", "\(Self.now + 20)"), ("exp", "\(Self.now + 10)")]
        #expect(try outcome(late) == "token_claim")
    }

    @Test(
        "cases 92 and 93: an iss that differs by a byte is another issuer",
        arguments: [
            #""https://issuer.test/""#, #""https://issuer.tes""#, #""https://issuer.testx""#,
            #""HTTPS://issuer.test""#, #""https://Issuer.test""#, #""http://issuer.test""#,
            #"" https://issuer.test""#, #""https://issuer.test ""#, #""https://ıssuer.test""#,
            #""https://user@issuer.test""#, #""https://issuer.test:443""#,
            #""https://issuer.test\u0000""#, #""https://i\u0307ssuer.test""#, #""""#, "1", "null",
            #"["https://issuer.test"]"#, #"["https://issuer.test","https://evil.test"]"#,
            #"{"https://issuer.test":1}"#,
        ])
    func issuers(value: String) throws {
        #expect(try outcome([("iss", value)]) == "token_issuer")
    }

    @Test("case 92: a missing iss names no issuer")
    func noIssuer() throws {
        #expect(try outcome([("iss", nil)]) == "token_issuer")
    }

    @Test(
        "canonically equivalent spellings of an issuer or audience are not the same",
        arguments: [#""\u212A""#, #"["\u212A"]"#])
    func canonicalEquivalence(audience: String) throws {
        // U+212A KELVIN SIGN is equal to K for String's ==.
        let token = try forge.token(
            payload: Forge.payload([("iss", #""\u212A""#), ("aud", audience)]))
        for (issuer, audience, outcome) in [
            ("K", "\u{212A}", "token_issuer"), ("\u{212A}", "K", "token_audience"),
            ("\u{212A}", "\u{212A}", "accepted"),
        ] {
            let found = try forge.outcome(token) {
                $0.issuer = issuer
                $0.audiences = [audience]
            }
            #expect(found == outcome)
        }
    }

    @Test("an iss with escapes is the issuer that it spells")
    func escapedIssuer() throws {
        #expect(try outcome([("iss", #""https:\/\/issuer.test""#)]) == "accepted")
        #expect(try outcome([("iss", #""https:\/\/issuer\u002etest""#)]) == "accepted")
    }

    @Test(
        "case 95: a token must be for us, by an exact member of aud",
        arguments: [
            (nil, "token_audience"), (#""other""#, "token_audience"), (#""""#, "token_audience"),
            ("[]", "token_audience"), (#"["other","app"]"#, "accepted"), (#"["app"]"#, "accepted"),
            (#"["app",1]"#, "token_claim"), (#"[null,"app"]"#, "token_claim"),
            (#"[["app"]]"#, "token_claim"), ("1", "token_claim"), ("null", "token_claim"),
            (#"{"app":1}"#, "token_claim"), (#""ap""#, "token_audience"),
            (#""app2""#, "token_audience"), (#""APP""#, "token_audience"),
            (#""app ""#, "token_audience"), (#""app,other""#, "token_audience"),
        ] as [(String?, String)])
    func audiences(value: String?, expected: String) throws {
        #expect(try outcome([("aud", value)]) == expected)
    }

    @Test(
        "case 96: where the rules ask for one audience, an array is refused, even one with only ours",
        arguments: [
            (#""app""#, "accepted"), (#"["app"]"#, "token_audience"),
            (#"["app","other"]"#, "token_audience"), ("[]", "token_audience"),
            (#"["app",1]"#, "token_audience"), (#""other""#, "token_audience"),
            (nil, "token_audience"), ("1", "token_claim"),
        ] as [(String?, String)])
    func singleAudience(value: String?, expected: String) throws {
        #expect(try outcome([("aud", value)]) { $0.singleAudience = true } == expected)
    }

    @Test("any of several audiences of ours will do, and none is nobody")
    func severalAudiences() throws {
        #expect(try outcome([]) { $0.audiences = ["api", "app"] } == "accepted")
        #expect(try outcome([]) { $0.audiences = [] } == "token_audience")
    }

    @Test(
        "case 97: sub must be a text of 1 to 255 bytes without control characters",
        arguments: [
            nil, #""""#, "1", "null", #"["alice"]"#, #""a\r\nb""#, #""a\u0000""#, #""a\tb""#,
            #""\u007f""#, #""\u0085""#, #""\u009b2J""#,
            "\"" + String(repeating: "a", count: 256) + "\"",
            "\"" + String(repeating: "é", count: 128) + "\"",
        ] as [String?])
    func subjects(value: String?) throws {
        #expect(try outcome([("sub", value)]) == "token_claim")
    }

    @Test(
        "case 97: other subjects are kept as they are",
        arguments: [
            "a", "auth0|5f7c", "alice@corp.test", "Zoë", "a b", "日本", "__proto__",
            String(repeating: "a", count: 255),
        ])
    func goodSubjects(subject: String) throws {
        let token = try forge.token(payload: Forge.payload([("sub", "\"\(subject)\"")]))
        let verified = try forge.verifier().verify(Array(token.utf8).span, now: Self.now)
        #expect(verified.subject.utf8.elementsEqual(subject.utf8))
    }

    @Test("case 100: claims that the rules require must be there and not null")
    func requiredClaims() throws {
        func require(_ rules: inout IssuerRules) { rules.requiredClaims = ["client_id", "jti"] }
        let both = [("client_id", #""cli""#), ("jti", #""1""#)]
        #expect(try outcome(both, require) == "accepted")
        #expect(try outcome([both[0]], require) == "token_claim")
        #expect(try outcome([both[1]], require) == "token_claim")
        #expect(try outcome([both[0], ("jti", "null")], require) == "token_claim")
    }

    @Test(
        "case 102: a token bound to a key is refused as a plain bearer token",
        arguments: [#"{"jkt":"x"}"#, #"{"x5t#S256":"x"}"#, "{}", "null"])
    func bound(value: String) throws {
        #expect(try outcome([("cnf", value)]) == "token_binding")
    }

    @Test("case 103: claims named like parts of a language's runtime are plain data")
    func plainData() throws {
        let token = try forge.token(
            payload: Forge.payload([("__proto__", #"{"roles":["admin"]}"#), ("constructor", "1")]))
        let verified = try forge.verifier().verify(Array(token.utf8).span, now: Self.now)
        #expect(verified.claims["roles"] == .array([.string("viewer")]))
        #expect(verified.claims["__proto__"]?["roles"] == .array([.string("admin")]))
    }

    @Test("claims are read only once the signature holds")
    func order() throws {
        let expired = try forge.token(payload: Forge.payload([("exp", "1")]))
        #expect(try forge.outcome(expired) == "token_expired")
        #expect(try forge.outcome(String(expired.dropLast(4)) + "AAAA") == "token_signature")
        let duplicate = try forge.token(payload: Forge.payload().dropLast() + #","sub":"x"}"#)
        #expect(try forge.outcome(duplicate) == "token_malformed")
        #expect(try forge.outcome(String(duplicate.dropLast(4)) + "AAAA") == "token_signature")
    }

    @Test("a verifier that has refused a thousand tokens still verifies")
    func endurance() throws {
        let verifier = try forge.verifier()
        let good = try forge.token()
        let bad = [
            "", "a.b.c", String(good.dropLast(4)) + "AAAA", try forge.token(payload: "[]"),
            try forge.token(payload: Forge.payload([("aud", #""other""#)])),
        ]
        for _ in 0..<200 {
            for token in bad { #expect(outcomeOf(token, verifier) != "accepted") }
        }
        #expect(outcomeOf(good, verifier) == "accepted")
    }

    @Test("equal verifiers give equal answers: the time is an argument, not the clock")
    func pure() throws {
        let token = try forge.token()
        #expect(try forge.outcome(token, now: Self.now) == "accepted")
        #expect(try forge.outcome(token, now: Self.now + 629) == "accepted")
        #expect(try forge.outcome(token, now: Self.now + 630) == "token_expired")
        #expect(try forge.outcome(token, now: Self.now - 31) == "token_not_yet")
        #expect(try forge.outcome(token, now: 0) == "token_not_yet")
    }

    @Test("a rejection names the `jti` of a genuine token, and of no other")
    func rejectedTokenID() throws {
        func tokenID(_ changes: [(String, String?)], signature: String? = nil) throws -> String? {
            var token = try forge.token(payload: Forge.payload(changes))
            if let signature { token = String(token.dropLast(signature.count)) + signature }
            do throws(TokenRejection) {
                _ = try forge.verifierOrFail().verify(Array(token.utf8).span, now: Self.now)
                Issue.record("accepted")
                return nil
            } catch {
                return error.tokenID
            }
        }
        #expect(try tokenID([("jti", #""t-1""#), ("exp", "1")]) == "t-1")
        #expect(try tokenID([("jti", #""t-1""#), ("aud", #""other""#)]) == "t-1")
        #expect(try tokenID([("jti", #""t-1""#)], signature: "AAAA") == nil)
        #expect(try tokenID([("exp", "1")]) == nil)
        let long = String(repeating: "j", count: 64)
        #expect(try tokenID([("jti", "\"\(long)\""), ("exp", "1")]) == long)
        for hostile in [#""\#(long)j""#, #""a\nb""#, #""\u001b[2J""#, #""é""#, "1", "null", "[]"] {
            #expect(try tokenID([("jti", hostile), ("exp", "1")]) == nil)
        }
    }

    @Test("no rejection tells anything of the token")
    func silentRejections() throws {
        let secret = "s3cr3tvalue"
        for claim in ["sub", "aud", "iss", "exp"] {
            let token = try forge.token(payload: Forge.payload([(claim, "[\"\(secret)\"]")]))
            do throws(TokenRejection) {
                _ = try forge.verifierOrFail().verify(Array(token.utf8).span, now: Self.now)
                Issue.record("accepted")
            } catch {
                #expect(!error.description.contains(secret))
                #expect(!error.detail.isEmpty)
            }
        }
    }
}

extension Forge {
    /// The default verifier where only a rejection may be thrown.
    fileprivate func verifierOrFail() -> TokenVerifier {
        guard let verifier = try? verifier() else {
            preconditionFailure("the keys of the tests are good")
        }
        return verifier
    }
}
