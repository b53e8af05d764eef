import TestSupport
import Testing

@Suite("the log holds no secret", .gate({ $0.logLevel = "trace" }), .serialized)
struct LogSecrecyTests {
    /// Words that stand in tokens only.
    private static let subject = "zebra-subject-5c1d"
    private static let secret = "walrus-claim-91ab"

    @Test("no token, part of a token, claim or key is logged, whatever becomes of the request")
    func nothingSecret() throws {
        let fixture = try currentFixture()
        let tokens = try self.tokens()
        for token in tokens {
            for target in ["/api/x", "/admin/x", "/public/a", "/nowhere", "/public/../a"] {
                let attack = Attack(
                    target, fields: ["Authorization: Bearer \(token)"], label: target)
                _ = try fixture.gate.exchange(attack.request)
            }
            let others = [
                Attack("/api/x", fields: ["Authorization: Bearer \(token) \(token)"]),
                Attack("/api/x", fields: ["Authorization: Bearer \(token)", "Authorization: x"]),
                Attack("/api/x", fields: ["Authorization: \(token)"]),
                Attack("/api/x?access_token=\(token)"), Attack("/public/a?access_token=\(token)"),
                Attack("/public/a", fields: ["X-Auth-User : \(token)"]),
                Attack("/public/a", fields: ["Cookie: session=\(token)"]),
            ]
            for attack in others { _ = try fixture.gate.exchange(attack.request) }
        }
        fixture.gate.stop()
        let log = fixture.gate.log
        #expect(log.split(separator: "\n").count > tokens.count * 12, "the exchanges were logged")
        for token in tokens {
            #expect(!log.contains(token))
            for part in token.split(separator: ".") where part.count >= 12 {
                #expect(!log.contains(part))
            }
        }
        for word in [Self.subject, Self.secret, "issuer.test", "evil-audience"] {
            #expect(!log.contains(word), "\(word)")
        }
        let issuer = fixture.issuer
        for key in [issuer.es256, issuer.rs256, issuer.edDSA] {
            for part in key.publicJWK.split(separator: "\"") where part.count >= 20 {
                #expect(!log.contains(part), "a key's number")
            }
        }
    }

    private func tokens() throws -> [String] {
        let issuer = TestIssuer.shared
        func claims(_ set: ClaimSet) -> ClaimSet {
            set.setting("sub", "\"\(Self.subject)\"").setting("walrus", "\"\(Self.secret)\"")
        }
        let now = unixTime()
        var tokens = try [issuer.es256, issuer.rs256, issuer.edDSA].map {
            try issuer.token(key: $0, changing: claims)
        }
        tokens += [
            try issuer.token(roles: ["admin"], changing: claims),
            try issuer.token { claims($0).setting("exp", "\(now - 3_600)").setting("iat", "1") },
            try issuer.token { claims($0).setting("aud", "\"evil-audience\"") },
            try issuer.token { claims($0).setting("iss", "\"https://\(Self.secret).test\"") },
            try issuer.token { claims($0).setting("sub", "\"\(Self.subject)\\r\\nx: y\"") },
            try issuer.token { claims($0).setting("roles", "\"\(Self.secret)\"") },
            try issuer.token { claims($0).setting("nbf", "\"\(Self.secret)\"") },
            TokenForger.token(
                header: #"{"alg":"none"}"#, payload: claims(ForgedToken.rootClaims).json,
                signature: []),
            TokenForger.token(
                header: TokenForger.header(issuer.es256),
                payload: claims(ForgedToken.rootClaims).json,
                signature: [UInt8](repeating: 7, count: 64)),
            TokenForger.token(
                header: #"{"alg":"ES256","kid":"\#(Self.secret)"}"#,
                payload: claims(ForgedToken.rootClaims).json,
                signature: [UInt8](repeating: 7, count: 64)),
            TokenForger.token(
                header: #"{"alg":"\#(Self.secret)","kid":"test-es256"}"#, payload: "{",
                signature: [UInt8](repeating: 7, count: 64)),
        ]
        return tokens
    }
}
