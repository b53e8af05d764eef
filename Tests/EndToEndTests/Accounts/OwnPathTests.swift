import TestSupport
import Testing

/// The policy that would let everything through if it were asked.
private let openPolicy = accountPolicy + "  - {id: rest, match: \"ANY /**\", auth: public}\n"

@Suite(
    "the gateway's own paths, before an app that is open to all",
    .gate({
        $0.useAccounts(defaultRoles: ["viewer"])
        $0.policy = openPolicy
    }), .serialized)
struct OwnPathTests {
    @Test(
        "an own path that can be read in two ways is refused",
        arguments: [
            "/_ostiary/../x", "/_ostiary//v1/me", "//_ostiary/v1/me", "/_ostiary/./v1/me",
            "/x/../_ostiary/v1/me", "/_ostiary/v1/../v1/me", "/_ostiary/%2e%2e/x",
            "/_ostiary/%2e/v1/me", "/_ostiary%2fv1%2fme", "/_ostiary/v1%2fme", "/%2f_ostiary/v1/me",
            "/_ostiary/v1/..%2fme", #"/_ostiary\v1\me"#, "/_ostiary%5cv1/me", "/_ostiary/v1/me%00",
            "/_ostiary/%76%31/%252e", "/_ostiary/v1/m%c0%a5", "/_ostiary/v1/me#x",
            "/_ostiary/..;/x", "http://app.test/_ostiary/v1/me", "/.well-known/../x",
            "/.well-known//jwks.json",
            "/.well-known/%2e%2e/_ostiary/v1/me", "/.well-known/jwks.json%2f..",
        ], ["GET", "POST"])
    func ambiguous(target: String, method: String) throws {
        try expectBlocked(Attack(target, method: method), status: [400], reason: "bad_target")
    }

    @Test(
        "an own path in another spelling that means the same is the endpoint",
        arguments: [
            "/_ostiary/v1/me", "/%5fostiary/v1/me", "/%5Fostiary/v1/me", "/_ostiary/v1/%6de",
            "/_ostiary/v1/m%65", "/_%6Fstiary/%76%31/me", "/_ostiary/v1/me?x=/api/y",
        ])
    func canonical(target: String) throws {
        try expectBlocked(Attack(target), status: [401], reason: "unauthenticated")
        let gate = try currentFixture().gate
        let (person, tokens) = try gate.resident()
        let answer = try expectBlocked(
            Attack(target, fields: ["Authorization: Bearer \(tokens.access)"]), status: [200])
        #expect(try answer.object().string("username") == person.username)
    }

    @Test(
        "what lies below an own path and is no endpoint is not found, and not forwarded",
        arguments: [
            "/_ostiary", "/_ostiary/", "/_ostiary/v1", "/_ostiary/v1/", "/_ostiary/v1/me/",
            "/_ostiary/v1/me/x", "/_ostiary/v1/ME", "/_ostiary/v2/me", "/_ostiary/v1/me;x=1",
            "/_ostiary/v1;x/me", "/_ostiary/oauth", "/_ostiary/v1/me.", "/_ostiary/v1/me%20",
            "/_ostiary/v1/register/", "/_ostiary/health", "/_ostiary/v1/me%3Fx",
        ])
    func unknown(target: String) throws {
        let gate = try currentFixture().gate
        let (_, tokens) = try gate.resident()
        for fields in [[], ["Authorization: Bearer \(tokens.access)"]] {
            // Refused either as unknown or as ambiguous.
            try expectBlocked(Attack(target, fields: fields), status: [404, 400])
        }
    }

    @Test(
        "a path that only looks like an own one is no endpoint",
        arguments: [
            "/_ostiaryx/v1/me", "/_ostiary.x/v1/me", "/x/_ostiary/v1/me", "/_ostiar/v1/me",
            "/.well-known/security.txt", "/well-known/jwks.json",
        ])
    func lookAlike(target: String) throws {
        let fixture = try currentFixture()
        let answer = try fixture.gate.exchange(Attack(target).request)
        // The app's answer, which echoes the request, or a refusal; never ours.
        #expect([200, 403, 404].contains(answer.status))
        #expect(!answer.text.contains("\"keys\""))
        if answer.status == 200 { #expect(answer.text.contains("\"hit\"")) }
    }

    @Test(
        "a path that somebody could take for an own one, and that is none, is refused",
        arguments: [
            "/_OSTIARY/v1/me", "/_Ostiary/v1/me", "/.well-known/JWKS.json",
            "/.Well-Known/jwks.json", "/.well-known/jwks.json/", "/.well-known/jwks.json;a",
            "/.well-known/jwks.json.", "/_ostiary.", "/x/..%2f_ostiary/v1/me", "/_%6Fstiary%20/",
        ])
    func twoReadings(target: String) throws {
        try expectBlocked(Attack(target), status: [400], reason: "bad_target")
    }

    @Test(
        "another method is refused with those that are possible, and never forwarded",
        arguments: [
            ("/_ostiary/v1/register", "POST"), ("/_ostiary/v1/sign-in", "POST"),
            ("/_ostiary/oauth/token", "POST"), ("/_ostiary/v1/sign-out", "POST"),
            ("/_ostiary/v1/me", "GET, HEAD, PATCH"), ("/.well-known/jwks.json", "GET, HEAD"),
            ("/.well-known/oauth-authorization-server", "GET, HEAD"),
        ])
    func methods(path: String, allowed: String) throws {
        let gate = try currentFixture().gate
        let (_, tokens) = try gate.resident()
        let possible = allowed.split(separator: ", ").map(String.init)
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        where !possible.contains(method) {
            for fields in [[], ["Authorization: Bearer \(tokens.access)"]] {
                let answer = try expectBlocked(
                    Attack(path, method: method, fields: fields + ["Content-Length: 0"]),
                    status: [405])
                let named = answer.value("Allow")?.split(separator: ", ").map(String.init)
                #expect(named?.sorted() == possible.sorted())
            }
        }
        for method in ["TRACE", "CONNECT", "get", "PROPFIND"] {
            try expectBlocked(Attack(path, method: method), status: [400, 405, 501])
        }
    }

    @Test("identity headers of the client's own make change nothing")
    func forgedIdentity() throws {
        let gate = try currentFixture().gate
        let (_, tokens) = try gate.resident()
        let forged = [
            "X-Auth-User: root", "X-Auth-Roles: admin", "X-Ostiary-Assertion: x",
            "x_auth_user: root", "X-Ostiary-Session: 00000000-0000-4000-8000-000000000000",
            "X-Forwarded-User: root", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: evil.test",
            "Forwarded: for=127.0.0.1;host=evil.test", "X-Original-URL: /_ostiary/v1/sign-in",
            "X-HTTP-Method-Override: PATCH", "Cookie: sessionid=root; access_token=root",
        ]
        let plain = try gate.exchange(AccountRequest.me(tokens.access))
        let bearer = ["Authorization: Bearer \(tokens.access)"]
        let dressed = try expectBlocked(
            Attack("/_ostiary/v1/me", fields: bearer + forged), status: [200])
        #expect(dressed.body == plain.body)
        try expectBlocked(Attack("/_ostiary/v1/me", fields: forged), status: [401])
        try expectBlocked(
            Attack("/_ostiary/v1/sign-out", method: "POST", fields: forged), status: [401])
        let path = "/.well-known/oauth-authorization-server"
        let document = try gate.exchange(AccountRequest.get(path))
        #expect(
            try expectBlocked(Attack(path, fields: forged), status: [200]).body == document.body)
        try expectBlocked(
            Attack(
                label: "another host",
                raw: "GET /_ostiary/v1/me HTTP/1.1\r\nHost: evil.test\r\n"
                    + "Authorization: Bearer \(tokens.access)\r\n\r\n"),
            status: [421], reason: "unknown_host")
    }

    @Test("a request for an upgrade is refused, and the connection speaks HTTP as before")
    func upgrade() throws {
        let gate = try currentFixture().gate
        let (_, tokens) = try gate.resident()
        let upgrade = [
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        for path in ["/_ostiary/v1/me", "/.well-known/jwks.json", "/_ostiary/v1/nothing"] {
            let fields = ["Authorization: Bearer \(tokens.access)"] + upgrade
            try expectBlocked(Attack(path, fields: fields), status: [403])
        }
        #expect(try gate.exchange(AccountRequest.me(tokens.access)).status == 200)
    }

    @Test("an own path is never a matter of the policy", arguments: ["deny", "public"])
    func ownRoutes(kind: String) throws {
        // Own paths in a policy are a mistake that is told, or have no effect.
        let configuration = try GateFixture {
            $0.useAccounts(defaultRoles: ["viewer"])
            let rule = kind == "public" ? "auth: public" : "allow: {role: admin}"
            $0.policy = accountPolicy + "  - {id: own, match: \"ANY /**\", \(rule)}\n"
        }
        defer { configuration.stop() }
        let (_, tokens) = try configuration.gate.newcomer()
        #expect(try configuration.gate.exchange(AccountRequest.me(tokens.access)).status == 200)
        #expect(
            try configuration.gate.exchange(AccountRequest.get("/_ostiary/v1/me")).status == 401)
        #expect(configuration.upstream.hits == 0)
    }
}
