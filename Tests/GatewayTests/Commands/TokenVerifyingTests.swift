import Cryptography
import Foundation
import Gateway
import TestSupport
import Testing

/// What `ostiary token verify` says of good tokens and of each kind of bad one.
@Suite("Verifying tokens")
struct TokenVerifyingTests {
    private let folder: TemporaryFolder
    private let key: TestKey
    private let now: Int64 = 2_000_000_000

    init() throws {
        folder = try TemporaryFolder("verify")
        key = try TestKey(.edDSA, keyID: "k1")
        try folder.write("k.json", "{\"keys\":[\(key.publicJWK)]}")
        try folder.write(
            "ostiary.yaml",
            """
            version: 1
            policy: policy.yaml
            issuers: {corp: {keys: k.json, denied_keys: [gone]}}
            """)
        try folder.write(
            "policy.yaml",
            """
            version: 1
            issuers:
              corp:
                issuer: https://id.test/
                audience: [app, api]
                algorithms: [EdDSA, ES256]
                token_type: at+jwt
                require: [client_id]
                max_lifetime: 1h
            claims: {subject: sub, roles: {from: roles}, level: {type: integer, required: true}}
            roles: {viewer: {}}
            routes: [{id: home, match: GET /, allow: {role: viewer}}]
            """)
    }

    @Test("a good token is told with whom the policy sees, by which key and until when")
    func good() async throws {
        let report = try await verify(try token())
        #expect(report.isGood)
        #expect(
            report.lines == [
                "valid: accepted from the issuer `corp`", "  subject   alice", "  roles     viewer",
                "  key       k1, EdDSA", "  expires   2033-05-18 03:38:20 UTC, in 5 minutes",
            ])
    }

    /// A token that is good but for one thing, and what is said of it.
    struct Bad: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var header = #"{"typ":"at+jwt","alg":"EdDSA","kid":"k1"}"#
        var claims: [String: String?] = [:]
        let lines: [String]
    }

    @Test(
        "a bad token is told with the code, the place, what was found and what is accepted",
        arguments: [
            Bad(
                testDescription: "expired", claims: ["exp": "1999999960", "iat": "1999999900"],
                lines: [
                    "not valid: token_expired: …", "  where     payload, `exp`",
                    "  found     2033-05-18 03:32:40 UTC, 40 seconds ago",
                    "  accepted  30 s of difference (`leeway`) of the issuer `corp`",
                    "  to do     get a new token",
                ]),
            Bad(
                testDescription: "not yet", claims: ["nbf": "2000000120"],
                lines: [
                    "not valid: token_not_yet: …",
                    "  where     payload, `nbf`",
                    "  found     2033-05-18 03:35:20 UTC, in 2 minutes",
                    "  accepted  30 s of difference (`leeway`) of the issuer `corp`",
                    "  to do     compare the clocks of the issuer and of this machine",
                ]),
            Bad(
                testDescription: "too long", claims: ["exp": "2000007200"],
                lines: [
                    "not valid: token_lifetime: …",
                    "  where     payload, `iat` to `exp`",
                    "  found     7200 s, 2033-05-18 05:33:20 UTC, in 2 hours",
                    "  accepted  `1h` at most (`max_lifetime`) of the issuer `corp`",
                    "  to do     let the issuer give shorter tokens, or raise `max_lifetime`",
                ]),
            Bad(
                testDescription: "a slash is missing", claims: ["iss": "\"https://id.test\""],
                lines: [
                    "not valid: token_issuer: …",
                    "  where     payload, `iss`", "  found     \"https://id.test\"",
                    "  accepted  `https://id.test/`, byte for byte",
                    "  to do     mind the slash at the end and the case: `https://id.test/`",
                ]),
            Bad(
                testDescription: "another audience", claims: ["aud": "[\"other\",\"App\"]"],
                lines: [
                    "not valid: token_audience: …",
                    "  where     payload, `aud`",
                    "  found     [ \"other\", \"App\" ]",
                    "  accepted  `app`, `api` of the issuer `corp`",
                    "  to do     ask the issuer for a token for this service",
                ]),
            Bad(
                testDescription: "an ID token",
                header: #"{"typ":"JWT","alg":"EdDSA","kid":"k1"}"#,
                lines: [
                    "not valid: token_type: …",
                    "  where     header, `typ`", "  found     \"JWT\"",
                    "  accepted  `at+jwt` of the issuer `corp`",
                    "  to do     send the access token, not an ID token or a refresh token",
                ]),
            Bad(
                testDescription: "a claim is missing", claims: ["client_id": nil],
                lines: [
                    "not valid: token_claim: …",
                    "  where     payload", "  found     no `client_id`",
                    "  to do     let the issuer put it in, or change `require` in the policy",
                ]),
            Bad(
                testDescription: "a claim of the policy is missing",
                claims: ["level": nil],
                lines: [
                    "not valid: token_claim: …",
                    "  where     payload",
                    "  to do     compare the token's claims with `claims` and `issuers` of the policy",
                ]),
            Bad(
                testDescription: "another algorithm",
                header: #"{"typ":"at+jwt","alg":"RS256","kid":"k1"}"#,
                lines: [
                    "not valid: token_alg: …",
                    "  where     header, `alg`", "  found     \"RS256\"",
                    "  accepted  ES256, EdDSA of the issuer `corp`",
                    "  to do     let the issuer sign with one of these, or add it to `algorithms`",
                ]),
            Bad(
                testDescription: "an algorithm that nobody may accept",
                header: #"{"typ":"at+jwt","alg":"none","kid":"k1"}"#,
                lines: [
                    "not valid: token_alg: …",
                    "  where     header, `alg`", "  found     \"none\"",
                    "  accepted  ES256, EdDSA of the issuer `corp`",
                    "  to do     do not trust this token: no policy can accept that algorithm",
                ]),
            Bad(
                testDescription: "a secret where there are key pairs",
                header: #"{"typ":"at+jwt","alg":"HS256","kid":"k1"}"#,
                lines: [
                    "not valid: token_alg: …",
                    "  where     header, `alg`", "  found     \"HS256\"",
                    "  accepted  ES256, EdDSA of the issuer `corp`",
                    "  to do     let the issuer sign with one of these; secrets and key pairs never go together",
                ]),
            Bad(
                testDescription: "not the key's algorithm",
                header: #"{"typ":"at+jwt","alg":"ES256","kid":"k1"}"#,
                lines: [
                    "not valid: token_alg: …",
                    "  where     header, `alg`", "  found     \"ES256\"",
                    "  accepted  EdDSA with the key \"k1\"",
                    "  to do     compare the token's `alg` and `kid` with the issuer's keys",
                ]),
            Bad(
                testDescription: "an unknown key",
                header: #"{"typ":"at+jwt","alg":"EdDSA","kid":"\u001b[2Jx"}"#,
                lines: [
                    "not valid: token_unknown_key: …",
                    "  where     header, `kid`", "  found     \"\\u001b[2Jx\"",
                    "  accepted  `k1` of the issuer `corp`",
                    "  to do     bring the keys up to date, or ask whether the token is an old one",
                ]),
            Bad(
                testDescription: "no key is named", header: #"{"typ":"at+jwt","alg":"EdDSA"}"#,
                lines: [
                    "not valid: token_unknown_key: …",
                    "  where     header, `kid`", "  found     nothing",
                    "  accepted  only tokens that name their key of the issuer `corp`",
                    "  to do     write `allow_missing_kid: true` for the issuer in the policy",
                ]),
            Bad(
                testDescription: "bound to a key", claims: ["cnf": "{\"jkt\":\"x\"}"],
                lines: [
                    "not valid: token_binding: …",
                    "  where     payload, `cnf`",
                    "  to do     let the issuer give a token that is not bound to a key",
                ]),
            Bad(
                testDescription: "a critical extension",
                header: #"{"typ":"at+jwt","alg":"EdDSA","kid":"k1","crit":["exp"]}"#,
                lines: [
                    "not valid: token_header: …",
                    "  where     header",
                    "  found     `crit` names \"exp\", and no extension is understood",
                    "  to do     let the issuer leave that out of the header",
                ]),
            Bad(
                testDescription: "milliseconds", claims: ["exp": "2000000300000"],
                lines: [
                    "not valid: token_claim: …", "  where     payload",
                    "  found     the claim `exp` is not a time in seconds since 1970; these seem to "
                        + "be milliseconds",
                    "  to do     let the issuer write this claim as the registry of JWT claims has it",
                ]),
        ])
    func bad(_ bad: Bad) async throws {
        let report = try await verify(try token(header: bad.header, claims: bad.claims))
        #expect(!report.isGood)
        #expect(plain(report) == bad.lines)
    }

    @Test("a token that was changed is told so")
    func changed() async throws {
        let parts = try token().split(separator: ".")
        let other = try token(claims: ["sub": "\"root\""]).split(separator: ".")
        let report = try await verify("\(parts[0]).\(other[1]).\(parts[2])")
        #expect(
            plain(report) == [
                "not valid: token_signature: …", "  where     signature",
                "  found     it does not match header and payload under the key \"k1\" of the issuer "
                    + "`corp`",
                "  to do     the token was changed on the way, or another key has signed it",
            ])
    }

    @Test(
        "a payload that is no strict JSON is told so, whatever was looked at first",
        arguments: [
            (
                #"{"iss":}"#, "k1", "token_issuer",
                "this byte cannot stand here: `}` (decoded byte 7)"
            ),
            (
                #"{"iss":"https://id.test/","sub":"a","sub":"b"}"#, "unknown", "token_unknown_key",
                "the object already has a member of this name: \"sub\" (decoded byte 36)"
            ),
            (
                #"{"iss":"https://id.test/""#, "k1", "token_malformed",
                "the text ends too early (decoded byte 25)"
            ),
        ])
    func brokenPayload(payload: String, keyID: String, code: String, found: String) async throws {
        let header = #"{"typ":"at+jwt","alg":"EdDSA","kid":"\#(keyID)"}"#
        let report = try await verify(
            try TokenForger.token(header: header, payload: payload, signedBy: key))
        #expect(
            plain(report) == [
                "not valid: \(code): …", "  where     payload", "  found     \(found)",
                "  to do     use the token exactly as the issuer gave it; mend the issuer if it came so",
            ])
    }

    @Test("a signature that is cut off is told with the length that it should have")
    func cutOff() async throws {
        let report = try await verify(String(try token().dropLast(2)))
        #expect(
            plain(report) == [
                "not valid: token_signature: …", "  where     signature",
                "  found     it has 63 bytes",
                "  accepted  64 bytes for EdDSA of the issuer `corp`",
                "  to do     use the whole token, exactly as the issuer gave it",
            ])
        let rsa = try TestKey(.rs256, keyID: "r")
        try folder.write("r.json", "{\"keys\":[\(rsa.publicJWK)]}")
        let signed = try token(header: #"{"alg":"RS256","kid":"r"}"#, key: rsa)
        let named = NamedIssuer(keys: .file("\(folder.path)/r.json"), issuer: nil)
        let cut = try await TokenVerifying(.issuer(named)).run(
            Array(signed.dropLast(2).utf8), now: now)
        #expect(
            cut.lines.contains("  found     it has 255 bytes")
                && cut.lines.contains("  accepted  256 bytes for RS256"), "\(cut.lines)")
    }

    @Test(
        "what is no signed token at all is called what it is, and inspecting says it once",
        arguments: [
            (
                "garbage", "it has no dots, as opaque tokens have none; a JWT has three parts",
                "ask the issuer for an access token that is a JWT"
            ),
            (
                "a.b.c.d.e",
                "it has 5 parts: it is encrypted (JWE), and only signed tokens are read",
                "let the issuer sign the token without encrypting it"
            ),
            (
                "eyJ9.e30. AAAA\n.", "it has a space at byte 9; remove all white space from it",
                "use the token exactly as the issuer gave it; mend the issuer if it came so"
            ),
        ])
    func otherForm(text: String, form: String, advice: String) async throws {
        let report = try await TokenInspecting(.configuration(sources())).run(
            Array(text.utf8), now: now)
        #expect(
            plain(report).prefix(4) == [
                "not valid: token_malformed: …", "  where     token", "  found     \(form)",
                "  to do     \(advice)",
            ])
        #expect(!report.lines.contains("problems:"), "\(report.lines)")
    }

    @Test("who and what a token is bound to is not told by an explanation")
    func nothingPersonal() async throws {
        let personal = ["sub": "\"marker-1\"", "cnf": "{\"jkt\":\"marker-2\"}"]
        let changes: [[String: String]] = [
            [:], ["exp": "1"], ["aud": "\"x\""], ["iss": "\"x\""], ["jti": "[\"marker-3\"]"],
            ["sub": "[\"marker-4\"]"], ["sub": "\"marker-5\\u0000\""],
            ["email": "\"marker-6\"", "client_id": "null"],
        ]
        for change in changes {
            let claims = personal.merging(change) { $1 }.mapValues { Optional($0) }
            let report = try await verify(try token(claims: claims))
            #expect(!report.isGood)
            #expect(!report.lines.contains { $0.contains("marker") }, "\(report.lines)")
        }
    }

    @Test("a token of a denied key is told so")
    func denied() async throws {
        let other = try TestKey(.edDSA, keyID: "gone")
        try folder.write("k.json", "{\"keys\":[\(key.publicJWK),\(other.publicJWK)]}")
        let header = #"{"typ":"at+jwt","alg":"EdDSA","kid":"gone"}"#
        let report = try await verify(try token(header: header, key: other))
        #expect(report.lines.first?.hasPrefix("not valid: token_revoked: ") == true)
        #expect(
            report.lines.dropFirst() == [
                "  where     header, `kid`", "  found     \"gone\"",
                "  accepted  any but `issuers.corp.denied_keys`",
                "  to do     let the issuer sign with another key",
            ])
    }

    @Test("a malformed token is told with the byte")
    func malformed() async throws {
        let report = try await verify("eyJhbGciOiJFZERTQSJ9.e30=.AAAA")
        #expect(!report.isGood)
        #expect(report.lines.first?.hasPrefix("not valid: token_malformed: ") == true)
        #expect(
            report.lines.contains {
                $0.contains("`=` at byte 24 of the token is not base64url")
            }, "\(report.lines)")
    }

    @Test("inspecting with a configuration says the same, and shows the token")
    func inspecting() async throws {
        let sources = sources()
        let token = Array(try token(claims: ["aud": "\"other\""]).utf8)
        let report = try await TokenInspecting(.configuration(sources)).run(token, now: now)
        #expect(!report.isGood)
        #expect(
            plain(report).prefix(3) == [
                "not valid: token_audience: …", "  where     payload, `aud`",
                "  found     \"other\"",
            ])
        #expect(report.lines.contains("header:") && report.lines.contains("payload:"))
    }

    @Test("without a configuration only what was asked for is judged")
    func named() async throws {
        func verify(_ issuer: String?, _ audiences: [String]) async throws -> [String] {
            let named = NamedIssuer(
                keys: .file("\(folder.path)/k.json"), issuer: issuer, audiences: audiences)
            return try await TokenVerifying(.issuer(named)).run(
                Array(try token().utf8), now: now
            ).lines
        }
        #expect(
            try await verify(nil, []) == [
                "valid: the signature and the times are right; issuer and audience were not judged",
                "  issuer    https://id.test/", "  subject   alice", "  key       k1, EdDSA",
                "  expires   2033-05-18 03:38:20 UTC, in 5 minutes",
            ])
        #expect(
            try await verify("https://id.test/", []).first
                == "valid: the signature, the times and the issuer are right; audience was not judged"
        )
        #expect(
            try await verify("https://id.test/", ["app"]).first
                == "valid: the signature, the times, the issuer and the audience are right")
        #expect(
            try await verify("https://other.test/", [])[3]
                == "  accepted  `https://other.test/`, byte for byte")
        #expect(try await verify(nil, ["x", "y"])[3] == "  accepted  `x`, `y`")
    }

    /// The lines, without the verifier's own words behind the code.
    private func plain(_ report: TokenReport) -> [String] {
        report.lines.map { line in
            guard line.hasPrefix("not valid: ") else { return line }
            return line.split(separator: ": ").prefix(2).joined(separator: ": ") + ": …"
        }
    }

    @Test("a secret verifies what was signed with it, and no key pair's algorithm")
    func secret() async throws {
        let bytes = Array("a secret of more than 32 bytes, for tests".utf8)
        let path = try folder.write("s.key", String(decoding: bytes, as: UTF8.self) + "\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        func verify(_ token: String, key: NamedIssuer.Keys) async throws -> TokenReport {
            try await TokenVerifying(.issuer(NamedIssuer(keys: key, issuer: nil))).run(
                Array(token.utf8), now: now)
        }
        let parts = try token(header: #"{"alg":"HS256","typ":"JWT"}"#).split(separator: ".")
        let input = "\(parts[0]).\(parts[1])"
        let signed =
            "\(input).\(base64URL(TokenForger.hmacSHA256(key: bytes, Array(input.utf8))))"
        let good = try await verify(signed, key: .secret(path))
        #expect(good.isGood && good.lines.contains("  key       (without a `kid`), HS256"))
        let pair = try await verify(try token(), key: .secret(path))
        #expect(plain(pair).first == "not valid: token_alg: …")
        #expect(plain(pair).contains("  accepted  HS256, HS384, HS512"))
        let confused = try await verify(signed, key: .file("\(folder.path)/k.json"))
        #expect(plain(confused).first == "not valid: token_alg: …")
    }

    private func sources() -> ConfigurationSources {
        ConfigurationSources(
            file: "\(folder.path)/ostiary.yaml", flags: [], environment: ["HOME": folder.path])
    }

    private func verify(_ token: String) async throws -> TokenReport {
        try await TokenVerifying(.configuration(sources())).run(Array(token.utf8), now: now)
    }

    /// A token that is good but for what is changed; a claim of nil is left out.
    private func token(
        header: String = #"{"typ":"at+jwt","alg":"EdDSA","kid":"k1"}"#,
        claims changes: [String: String?] = [:], key: TestKey? = nil
    ) throws -> String {
        var claims: [String: String] = [
            "iss": "\"https://id.test/\"", "sub": "\"alice\"", "aud": "\"app\"",
            "iat": "\(now)", "exp": "\(now + 300)", "client_id": "\"c\"", "roles": "[\"viewer\"]",
            "level": "1",
        ]
        for (name, value) in changes { claims[name] = value }
        let payload = claims.sorted { $0.key < $1.key }
            .map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
        return try TokenForger.token(
            header: header, payload: "{\(payload)}", signedBy: key ?? self.key)
    }
}
