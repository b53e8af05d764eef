import Cryptography
import StrictJSON
import Testing
import TokenVerification

@Suite("Token inspection")
struct TokenInspectionTests {
    let forge: Forge

    init() throws {
        forge = try Forge.shared()
    }

    @Test("shows header, payload and times of a good token, and that nothing was verified")
    func good() throws {
        let token = try forge.token(payload: Forge.payload([("nbf", "\(Forge.now - 7_200)")]))
        let inspection = inspect(token)
        #expect(
            inspection.headerLines == ["{", #"  "alg": "ES256","#, #"  "kid": "ES256""#, "}"])
        #expect(inspection.payloadLines.contains(#"  "sub": "alice","#))
        #expect(
            inspection.timeLines == [
                "iat: 2027-01-15 08:00:00 UTC, now", "nbf: 2027-01-15 06:00:00 UTC, 2 hours ago",
                "exp: 2027-01-15 08:10:00 UTC, in 10 minutes",
            ])
        #expect(inspection.problems.isEmpty)
        #expect(inspection.lines.first == TokenInspection.notice)
        #expect(TokenInspection.notice.hasPrefix("not verified"))
        #expect(inspection.lines.contains("header:"))
        #expect(!inspection.lines.contains("problems:"))
    }

    @Test(
        "dates are those of the calendar",
        arguments: [
            (0, "1970-01-01 00:00:00"), (951_782_399, "2000-02-28 23:59:59"),
            (951_782_400, "2000-02-29 00:00:00"), (951_868_800, "2000-03-01 00:00:00"),
            (1_709_164_800, "2024-02-29 00:00:00"), (1_735_689_599, "2024-12-31 23:59:59"),
            (4_107_542_400, "2100-03-01 00:00:00"), (253_402_300_799, "9999-12-31 23:59:59"),
        ] as [(Int64, String)])
    func dates(seconds: Int64, text: String) throws {
        let token = try forge.token(payload: Forge.payload([("exp", "\(seconds)")]))
        #expect(inspect(token).timeLines.contains { $0.hasPrefix("exp: \(text) UTC, ") })
    }

    @Test(
        "times are told in the largest unit that fits",
        arguments: [
            (1, "in 1 second"), (59, "in 59 seconds"), (60, "in 1 minute"),
            (3_599, "in 59 minutes"), (3_600, "in 1 hour"), (86_400, "in 1 day"),
            (10 * 86_400, "in 10 days"),
            (-1, "1 second ago"), (-86_399, "23 hours ago"), (0, "now"),
        ] as [(Int64, String)])
    func relativeTimes(offset: Int64, text: String) throws {
        let token = try forge.token(payload: Forge.payload([("exp", "\(Forge.now + offset)")]))
        #expect(inspect(token).timeLines.contains { $0.hasSuffix(", \(text)") })
    }

    @Test("names the part, the byte and what is wrong there")
    func encodingProblems() throws {
        let token = try forge.token()
        let parts = token.split(separator: ".").map(String.init)
        let first = parts[0].utf8.count
        #expect(
            inspect("=" + token).problems
                == ["header: `=` at byte 0 of the token is not base64url"])
        #expect(
            inspect(parts[0] + ".A\n." + parts[2]).problems
                == [
                    "payload: a line break at byte \(first + 2) of the token is not base64url; "
                        + "remove all white space from it"
                ])
        #expect(
            inspect(parts[0] + ".AAAAA." + parts[2]).problems
                == ["payload: no base64url text has a length of 5 characters"])
        #expect(
            inspect(parts[0] + ".AB." + parts[2]).problems
                == [
                    "payload: the last character, at byte \(first + 2) of the token, "
                        + "has bits that belong to no byte"
                ])
        #expect(
            inspect(parts[0] + "." + parts[1] + ".AAAAA").problems == [
                "signature: no base64url text has a length of 5 characters; the token may have been "
                    + "cut off"
            ])
        #expect(inspect(parts[0] + "." + parts[1] + ".").problems == ["signature: it is empty"])
        #expect(
            inspect("abc").problems == [
                "token_malformed: the token has fewer than three parts",
                "token: it has no dots, as opaque tokens have none; a JWT has three parts",
            ])
        #expect(
            inspect(String(repeating: "a", count: 9_000)).problems
                == ["token_too_large: the token is longer than 8192 bytes"])
    }

    @Test(
        "a text that has not three parts is called what it may be",
        arguments: [
            ("e30.e30", "it has 2 parts: the signature is missing, with the dot before it"),
            ("a.b.c.d", "it has 4 parts, and a signed token has 3"),
            ("a.b.c.d.e", "it has 5 parts: it is encrypted (JWE), and only signed tokens are read"),
            ("a.b c", "it has a space at byte 3; remove all white space from it"),
            ("a\nb", "it has a line break at byte 1; remove all white space from it"),
        ])
    func otherForms(token: String, form: String) {
        #expect(inspect(token).problems.dropFirst() == ["token: \(form)"])
    }

    @Test(
        "a signature that is too long or too short for its algorithm is told with both lengths",
        arguments: [
            ("ES256", [UInt8](repeating: 1, count: 63), "it has 63 bytes, and one of ES256 has 64"),
            ("EdDSA", [1], "it has 1 bytes, and one of EdDSA has 64"),
            ("HS384", [1], "it has 1 bytes, and one of HS384 has 48"),
            (
                "ES512", [0x30, 0x45, 0x02],
                "it has 3 bytes, and one of ES512 has 132; it seems to be in DER, and a JWT has the "
                    + "two bare numbers"
            ),
        ])
    func signatureLength(algorithm: String, signature: [UInt8], found: String) throws {
        let token = try forge.token().split(separator: ".")
        let header = Base64URL.encodeToString(Array("{\"alg\":\"\(algorithm)\"}".utf8).span)
        let text = "\(header).\(token[1]).\(Base64URL.encodeToString(signature.span))"
        #expect(inspect(text).problems == ["signature: \(found)"])
    }

    @Test(
        "times in a smaller unit are told so",
        arguments: [
            ("exp", 1_000, "milliseconds"), ("iat", 1_000_000, "microseconds"),
            ("nbf", 1_000_000_000, "nanoseconds"),
        ] as [(String, Int64, String)])
    func smallUnits(claim: String, factor: Int64, unit: String) throws {
        let token = try forge.token(
            payload: Forge.payload([(claim, "\(Forge.now * factor)")]))
        #expect(
            inspect(token).problems.first
                == "payload: the claim `\(claim)` is not a time in seconds since 1970; these seem to "
                + "be \(unit)")
    }

    @Test("names the byte at which JSON is broken, and still shows the other part")
    func jsonProblems() throws {
        let token = try forge.token(payload: #"{"sub":"a","sub":"b"}"#)
        let inspection = inspect(token)
        #expect(
            inspection.problems
                == [
                    "payload: the object already has a member of this name: \"sub\" (decoded byte 11)"
                ])
        #expect(!inspection.headerLines.isEmpty)
        #expect(inspection.payloadLines.isEmpty)
        #expect(
            inspect(try forge.token(payload: #"{"iss":}"#)).problems
                == ["payload: this byte cannot stand here: `}` (decoded byte 7)"])
    }

    @Test("tells why a header would be refused, and shows it")
    func headerProblems() throws {
        for (header, code) in [
            (#"{"alg":"none"}"#, "token_alg"), (#"{"alg":"ES256","jku":"x"}"#, "token_header"),
            ("{}", "token_malformed"),
        ] {
            let inspection = inspect(try forge.token(header: header))
            #expect(inspection.problems.count == 1)
            #expect(inspection.problems.allSatisfy { $0.hasPrefix("header: \(code): ") })
            #expect(!inspection.headerLines.isEmpty)
        }
    }

    @Test("names the extensions that a header makes critical, but not without end")
    func criticalExtensions() throws {
        func told(_ names: String) throws -> String? {
            let header = #"{"alg":"ES256","crit":[\#(names)]}"#
            return inspect(try forge.token(header: header)).problems.last
        }
        #expect(
            try told(#""exp""#) == "header: `crit` names \"exp\", and no extension is understood")
        #expect(
            try told((1...9).map { "\"x\($0)\"" }.joined(separator: ","))
                == "header: `crit` names \"x1\", \"x2\", \"x3\", \"x4\" and 5 more, and no extension "
                + "is understood")
    }

    @Test("tells what is wrong with the claims")
    func claimProblems() throws {
        func problems(_ changes: [(String, String?)]) throws -> [String] {
            inspect(try forge.token(payload: Forge.payload(changes))).problems
        }
        #expect(try problems([("exp", nil)]) == ["payload: the claim `exp` is missing"])
        #expect(
            try problems([("exp", #""x""#)])
                == ["payload: the claim `exp` is not a time in seconds since 1970"])
        #expect(
            try problems([("exp", "\(Forge.now)")]) == ["payload: the token has expired"])
        #expect(
            try problems([("nbf", "\(Forge.now + 1)")])
                == ["payload: the claim `nbf` is in the future"])
        #expect(try problems([("cnf", "{}")]).count == 1)
        #expect(
            inspect(try forge.token(payload: "[]")).problems == ["payload: it is not an object"])
    }

    @Test(
        "tells what no issuer's rules would let pass",
        arguments: [
            ("sub", #""""#, "payload: `sub` is not a text of 1 to 255 bytes"),
            ("sub", #""a\nb""#, "payload: `sub` holds a control character"),
            ("jti", "7", "payload: `jti` is not a text"),
            ("aud", "7", "payload: the claim `aud` is neither a text nor a list of texts"),
            (
                "aud", #"["app",null]"#,
                "payload: the claim `aud` is neither a text nor a list of texts"
            ),
            ("aud", "[]", "payload: the claim `aud` names nobody"),
            (
                "token_type", #""refresh""#,
                "payload: `token_type` says that this is no access token"
            ),
            ("token_use", #""id""#, "payload: `token_use` says that this is no access token"),
            ("typ", #""ID""#, "payload: the claim `typ` says that this is no access token"),
            (
                "events", #"{"http://schemas.openid.net/event/backchannel-logout":{}}"#,
                "payload: this is a logout token"
            ),
        ])
    func meaning(claim: String, value: String, problem: String) throws {
        let token = try forge.token(payload: Forge.payload([(claim, value)]))
        #expect(inspect(token).problems == [problem])
    }

    @Test("tells of a start behind the end, and of a header of another kind of token")
    func otherMeaning() throws {
        let late = "\(Forge.now - 5)"
        let ended = try forge.token(
            payload: Forge.payload([("nbf", late), ("exp", "\(Forge.now - 9)"), ("iat", nil)]))
        #expect(
            inspect(ended).problems
                == [
                    "payload: the token has expired",
                    "payload: the claim `nbf` is later than `exp`",
                ])
        let logout = try forge.token(header: Forge.header(.es256, #","typ":"logout+jwt""#))
        #expect(
            inspect(logout).problems
                == ["header: `typ` names another kind of token than an access token"])
    }

    @Test("of an accepted token, times within the leeway are told and are no problem")
    func acceptedLeeway() throws {
        let now = Forge.now
        let expired = try forge.token(
            payload: Forge.payload([("exp", "\(now - 1)"), ("iat", "\(now - 90)")]))
        #expect(inspect(expired).problems == ["payload: the token has expired"])
        let late = inspect(expired, acceptedLeeway: 30)
        #expect(late.problems == [])
        #expect(
            late.timeLines.contains {
                $0.hasPrefix("exp: ")
                    && $0.hasSuffix(" UTC, expired 1 second ago, within the leeway of 30 s")
            })
        let early = inspect(
            try forge.token(payload: Forge.payload([("nbf", "\(now + 2)")])), acceptedLeeway: 30)
        #expect(early.problems == [])
        #expect(
            early.timeLines.contains {
                $0.hasSuffix(" UTC, in 2 seconds, within the leeway of 30 s")
            })
        let good = inspect(try forge.token(), acceptedLeeway: 30)
        #expect(!good.timeLines.contains { $0.contains("leeway") })
    }

    @Test("what it prints cannot repaint a terminal")
    func safeOutput() throws {
        let hostile = #""\u001b[2J\u202e\u009b""#
        let token = try forge.token(
            payload: Forge.payload([("sub", hostile), (#"\u001b]0;x"#, "1")]))
        for text in [token, "\u{1B}[2J." + token, try forge.token(payload: "{\"a\":\"\u{9B}\"}")] {
            for line in inspect(text).lines {
                #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
            }
        }
    }

    private func inspect(_ token: String, acceptedLeeway: Int64? = nil) -> TokenInspection {
        TokenInspection(
            Array(token.utf8).span, now: Forge.now, acceptedLeeway: acceptedLeeway)
    }
}
