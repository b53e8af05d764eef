import Cryptography
import Foundation
import TestSupport
import Testing

/// How a token travels: the last of the token cases. Cookies are no credential yet.
@Suite("token cases 104 to 110: transport", .gateOverAllTransports, .serialized)
struct TransportCaseTests {
    private let issuer = TestIssuer.shared

    private func attack(_ fields: String..., target: String = "/api/x") -> Attack {
        Attack(target, fields: fields, label: fields.joined())
    }

    @Test("case 104: more than one credential is ambiguous, whichever comes first")
    func several() throws {
        let (alice, root) = (try issuer.alice(), try issuer.root())
        for (one, other) in [(alice, root), (root, alice), (alice, alice)] {
            let answer = try expectBlocked(
                attack("Authorization: Bearer \(one)", "Authorization: Bearer \(other)"),
                status: [400], reason: "ambiguous_credentials")
            #expect(answer.value("www-authenticate")?.contains("invalid_request") == true)
            try expectBlocked(
                attack("Authorization: Bearer \(one), Bearer \(other)"), status: [401],
                reason: "token_invalid")
        }
    }

    @Test(
        "T3: a token in the query beside the one in the field is ambiguous, however it is spelled",
        arguments: [
            "access_token={R}", "a=1&access_token={R}", "access%5Ftoken={R}", "access_token",
            "a=1;ACCESS_TOKEN={R}", "access_token[]={R}", "access_token={A}",
        ])
    func queryToken(query: String) throws {
        let session = "Cookie: session={R}; sessionid={R}"
        try expectBlocked(
            Attack("/api/x?\(query)", token: "A", fields: [session], label: query), status: [400],
            reason: "ambiguous_credentials")
    }

    @Test("T3: a cookie is no credential, and other parameters are the app's own")
    func otherCredentials() throws {
        let received = try expectForwarded(
            Attack(
                "/api/x?token=1&access_tokens=2&x=access_token", token: "A",
                fields: ["Cookie: session={R}"]))
        expectIdentity("alice", roles: "viewer", in: received)
        try expectBlocked(
            Attack("/api/x", fields: ["Cookie: session={R}; access_token={R}"]), status: [401],
            reason: "unauthenticated")
    }

    @Test("case 105: any case of the scheme, and exactly one space behind it")
    func scheme() throws {
        let token = try issuer.alice()
        for scheme in ["bearer", "BEARER", "bEaReR"] {
            _ = try expectForwarded(attack("Authorization: \(scheme) \(token)"))
        }
        for gap in ["  ", "\t", " \t", "\t ", "\u{A0}", "   "] {
            let path = "/api/\(UInt64.random(in: 0 ... .max))"
            try expectBlocked(
                attack("Authorization: Bearer\(gap)\(token)", target: path), status: [400, 401])
            guard gap.allSatisfy({ $0 == " " || $0 == "\t" }) else { continue }
            let line = try currentFixture().gate.logLine(with: [path])
            #expect(line?.contains("token_malformed") == true, "\(line ?? "no line")")
        }
    }

    @Test("case 106: a token in the query is no credential, and is in no log")
    func query() throws {
        let token = try issuer.root()
        try expectBlocked(
            attack(target: "/api/x?access_token=\(token)"), status: [401],
            reason: "unauthenticated")
        let fixture = try currentFixture()
        #expect(fixture.gate.logLine(with: ["unauthenticated"]) != nil)
        #expect(!fixture.gate.log.contains(token.suffix(20)))
    }

    @Test("case 107: other schemes get 401 and the challenge", arguments: ["Basic", "Digest"])
    func otherScheme(_ scheme: String) throws {
        let answer = try expectBlocked(
            attack("Authorization: \(scheme) cm9vdDpyb290"), status: [401],
            reason: "unauthenticated")
        let challenge = answer.value("www-authenticate") ?? ""
        #expect(challenge.hasPrefix("Bearer realm="))
        #expect(!challenge.contains("error"))
    }

    @Test("case 108: identity that the client writes itself never arrives, however it is spelled")
    func identity() throws {
        let received = try expectForwarded(
            attack(
                "Authorization: Bearer \(try issuer.alice())", "X-Auth-User: root",
                "x-auth-user: root", "X_Auth_User: root", "X-Auth-User: root"))
        expectIdentity("alice", roles: "viewer", in: received)
    }

    @Test("case 109: the client is told that its token is bad, and the log why, by hash and `jti`")
    func reasons() throws {
        let fixture = try currentFixture()
        let wrongAudience = try issuer.token {
            $0.setting("aud", "\"other\"").setting("jti", "\"one-of-many\"")
        }
        let forged = String(wrongAudience.dropLast(4)) + "AAAA"
        for (token, code, name) in [
            (wrongAudience, "token_audience", "one-of-many" as String?),
            (forged, "token_signature", nil), ("gar.ba.ge", "token_malformed", nil),
        ] {
            let path = "/api/\(UInt64.random(in: 0 ... .max))"
            let answer = try expectBlocked(
                attack("Authorization: Bearer \(token)", target: path), status: [401],
                reason: "token_invalid")
            #expect(!answer.text.contains(code))
            let line = try #require(fixture.gate.logLine(with: [path]))
            #expect(line.contains("refusal.code=\(code)"))
            let hash = SHA256.hash(Array(token.utf8).span).prefix(8)
                .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(line.contains("token.hash=\(hash)"), "\(line)")
            #expect(line.contains("token.jti") == (name != nil), "\(line)")
            if let name { #expect(line.contains("token.jti=\(name)")) }
            if token.count > 20 { #expect(!fixture.gate.log.contains(token.suffix(20))) }
        }
    }

    @Test(
        "case 110: 401 with `invalid_token` for a bad token, without for none, 403 for too few roles"
    )
    func statuses() throws {
        let bad = try expectBlocked(attack("Authorization: Bearer a.b.c"), status: [401])
        #expect(bad.value("www-authenticate")?.contains(#"error="invalid_token""#) == true)
        let none = try expectBlocked(attack(), status: [401], reason: "unauthenticated")
        #expect(none.value("www-authenticate") == #"Bearer realm="ostiary""#)
        let few = try expectBlocked(
            attack("Authorization: Bearer \(try issuer.alice())", target: "/admin/x"),
            status: [403], reason: "forbidden")
        #expect(few.value("www-authenticate") == nil)
    }
}
