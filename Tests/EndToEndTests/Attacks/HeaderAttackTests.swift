import TestSupport
import Testing

@Suite("attacks by forged identity headers", .gateOverAllTransports, .serialized)
struct HeaderAttackTests {
    /// Every byte that may stand in a header name and is no letter or digit (RFC 9110 § 5.6.2).
    static let separators = "!#$%&'*+-.^_`|~".map(String.init)

    static let spellings =
        separators.map { "X\($0)Auth\($0)User" } + ["X-AUTH-USER", "x-auth_user", "x_Auth.user"]

    @Test("H1: a public route passes on no identity")
    func publicRoute() throws {
        let attack = Attack("/public/a", fields: ["X-Auth-User: root", "X-Auth-Roles: admin"])
        expectAnonymous(try expectForwarded(attack))
    }

    @Test("H2: no spelling of an identity header passes a public route", arguments: spellings)
    func spellingOnPublicRoute(name: String) throws {
        let received = try expectForwarded(Attack("/public/a", fields: ["\(name): root"]))
        expectAnonymous(received)
        #expect(!received.everything.contains("root"))
    }

    @Test("H2: no spelling of an identity header joins ours", arguments: spellings)
    func spellingBesideOurs(name: String) throws {
        let received = try expectForwarded(Attack("/api/x", token: "A", fields: ["\(name): root"]))
        expectIdentity("alice", roles: "viewer", in: received)
        #expect(!received.everything.contains("root"))
    }

    @Test(
        "H2: invalid header names are refused",
        arguments: [
            "X Auth User: root", "X-Auth-User : root", "X-Auth-User\u{0}: root", "(X): root",
        ])
    func invalidName(field: String) throws {
        try expectBlocked(Attack("/public/a", fields: [field]), status: [400], closes: true)
    }

    @Test("H3: an identity header in the trailers is dropped", arguments: spellings)
    func trailer(name: String) throws {
        let received = try expectForwarded(
            Attack(
                "/api/x", method: "POST", token: "A", fields: ["Transfer-Encoding: chunked"],
                body: "5\r\nhello\r\n0\r\n\(name): root\r\n\r\n", label: name))
        #expect(received.body == Array("hello".utf8))
        expectIdentity("alice", roles: "viewer", in: received)
        #expect(!received.everything.contains("root"))
    }

    @Test("H4: repeated identity headers become exactly ours")
    func repeated() throws {
        let received = try expectForwarded(
            Attack(
                "/api/x", token: "A",
                fields: ["X-Auth-User: root", "X-Auth-User: root", "X-Auth-Roles: admin"]))
        expectIdentity("alice", roles: "viewer", in: received)
    }

    @Test("H5: where our header is absent, the client's is not put in its place")
    func absentClaim() throws {
        let token = try TestIssuer.shared.token { $0.removing("roles") }
        let received = try expectForwarded(
            Attack(
                "/users/alice/p",
                fields: ["Authorization: Bearer \(token)", "X-Auth-Roles: admin"],
                label: "no roles claim"))
        #expect(received.values(folded: "X-Auth-User") == ["alice"])
        #expect(received.values(folded: "X-Auth-Roles") == [])
    }

    @Test(
        "H6: Connection cannot nominate our headers away",
        arguments: [
            "Connection: close, X-Auth-User", "connection: x-auth-roles",
            "Connection: x-ostiary-assertion", "Connection: Host, Authorization",
            "Connection: X-Forwarded-For", "Connection: keep-alive, x_auth_user",
        ])
    func nomination(field: String) throws {
        let fixture = try currentFixture()
        let before = fixture.upstream.requests.count
        let attack = Attack("/api/x", token: "A", fields: [field])
        let response = try fixture.gate.exchange(attack.request)
        #expect([400, 200].contains(response.status))
        for received in fixture.upstream.requests.dropFirst(before) {
            expectIdentity("alice", roles: "viewer", in: received)
            #expect(received.values("Host") == ["app.test"])
            #expect(received.values("X-Forwarded-For") == [fixture.clientAddress])
        }
    }

    @Test("H7: an assertion that the client brings is removed", arguments: ["/public/a", "/api/x"])
    func assertion(path: String) throws {
        for name in ["X-Ostiary-Assertion", "x_ostiary_assertion"] {
            let received = try expectForwarded(
                Attack(path, token: "A", fields: ["\(name): {R}"], label: name))
            #expect(received.values(folded: "X-Ostiary-Assertion") == [])
            #expect(!received.everything.contains("eyJ"))
        }
    }

    static let rewriteFields = [
        "X-Original-URL: /admin", "X-Rewrite-URL: /admin", "X-Original-Uri: /admin",
        "X-Forwarded-Uri: /admin", "X-Forwarded-Path: /admin", "X_Original_URL: /admin",
        "X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE",
    ]

    @Test(
        "H8: headers that rewrite the URL or method do not reach the upstream",
        arguments: rewriteFields)
    func rewriteHeader(field: String) throws {
        let received = try expectForwarded(Attack("/public/a", fields: [field]))
        let name = String(field.prefix { $0 != ":" })
        let value = String(field.split(separator: " ")[1])
        #expect(received.values(folded: name) == [])
        #expect(!received.everything.contains(value))
        #expect(received.requestLine == "GET /public/a HTTP/1.1")
    }

    @Test(
        "H8: headers that rewrite the URL do not change the decision",
        arguments: [
            "X-Original-URL: /public/a", "X-Rewrite-URL: /public/a", "X-Forwarded-Uri: /public/a",
        ])
    func rewriteHeaderForDecision(field: String) throws {
        try expectBlocked(Attack("/admin/x", fields: [field]), status: [401])
    }

    @Test(
        "H9: what the client says about the connection is rebuilt",
        arguments: [
            "X-Forwarded-Prefix: //evil.test", "X-Forwarded-Proto: https", "X-Forwarded-Port: 443",
            "X-Forwarded-Host: evil.test", "Forwarded: for=127.0.0.1;host=evil",
            "X_Forwarded_Host: evil.test", "X-Forwarded-Scheme: https", "X-Forwarded-Ssl: on",
            "X-Forwarded-Server: evil.test", "X-Real-IP: 10.9.8.7", "Front-End-Https: on",
        ])
    func forwardedFields(field: String) throws {
        let received = try expectForwarded(Attack("/public/a", fields: [field]))
        #expect(received.values(folded: "X-Forwarded-Proto") == ["http"])
        #expect(received.values(folded: "X-Forwarded-Host") == ["app.test"])
        #expect(received.values(folded: "X-Forwarded-Prefix") == [])
        let name = String(field.prefix { $0 != ":" })
        let value = String(field.split(separator: " ")[1])
        #expect(!received.values(folded: name).contains(value))
        #expect(!received.everything.contains("evil"))
    }

    @Test(
        "H10: X-Forwarded-For is the peer's address",
        arguments: [
            "127.0.0.1", "::1", "a", "unknown", "10.0.0.1, 127.0.0.1", "",
            Array(repeating: "10.1.2.3", count: 200).joined(separator: ", "),
        ])
    func forwardedFor(value: String) throws {
        let received = try expectForwarded(
            Attack(
                "/public/a",
                fields: ["X-Forwarded-For: \(value)", "x_forwarded_for: 9.9.9.9"]))
        let peer = try currentFixture().clientAddress
        #expect(received.values(folded: "X-Forwarded-For") == [peer])
    }

    @Test("H11: CGI variables as headers are dropped", arguments: ["SCRIPT_NAME", "PATH_INFO"])
    func cgiVariables(name: String) throws {
        let received = try expectForwarded(Attack("/public/a", fields: ["\(name): /admin"]))
        #expect(received.values(folded: name) == [])
    }

    static let foreignIdentityHeaders = [
        "Remote-User", "X-WEBAUTH-USER", "X-Forwarded-User", "X-authentik-username",
        "Tailscale-User-Login", "Cf-Access-Jwt-Assertion", "X-Goog-Authenticated-User-Email",
    ]

    @Test("H12: identity headers of other gateways are dropped", arguments: foreignIdentityHeaders)
    func foreignIdentity(name: String) throws {
        for spelling in [name, name.uppercased(), name.map { $0 == "-" ? "_" : "\($0)" }.joined()] {
            let received = try expectForwarded(
                Attack("/public/a", token: "A", fields: ["\(spelling): root"]))
            #expect(received.values(folded: name) == [])
            #expect(!received.everything.contains("root"))
        }
    }

    @Test(
        "H13: template text in a header stays text",
        arguments: ["{env.SECRET}", "${HOME}", "{{7*7}}"])
    func templates(value: String) throws {
        let received = try expectForwarded(Attack("/public/a", fields: ["X-Note: \(value)"]))
        #expect(received.values("X-Note") == [value])
    }

    @Test(
        "H15: hop-by-hop headers are not passed on",
        arguments: [
            "Proxy-Authorization: Basic eDp5", "Proxy: http://evil", "Proxy-Connection: keep-alive",
            "TE: trailers", "Keep-Alive: timeout=5",
        ])
    func hopByHop(field: String) throws {
        let received = try expectForwarded(Attack("/public/a", fields: [field]))
        #expect(received.values(folded: String(field.prefix { $0 != ":" })) == [])
    }

    @Test(
        "H14: a claim that cannot be a header value is refused or encoded, and splits nothing",
        arguments: [
            "\"al\u{C3}\u{AF}ce\"", #""al\u00efce""#, #""a\u0080b""#,
            #""a\r\nX-Auth-Roles: admin""#,
            #""a\nb""#, #""a\u0000b""#, "\"a,b\"", "\"a;b\"", #""a\u007fb""#, #"" a""#, #""a ""#,
        ])
    func unsafeClaim(subject: String) throws {
        let fixture = try currentFixture()
        let claims = ClaimSet(subject: "alice", roles: ["viewer"]).setting("sub", subject)
        let key = TestIssuer.shared.es256
        let token = try TokenForger.token(
            header: wireBytes(TokenForger.header(key)), payload: wireBytes(claims.json),
            signedBy: key)
        let before = fixture.upstream.requests.count
        let attack = Attack("/api/x", fields: ["Authorization: Bearer \(token)"], label: subject)
        let response = try fixture.gate.exchange(attack.request)
        #expect([200, 401, 403].contains(response.status))
        for received in fixture.upstream.requests.dropFirst(before) {
            #expect(received.values(folded: "X-Auth-User").count == 1)
            #expect(received.values(folded: "X-Auth-Roles") == ["viewer"])
        }
    }

    @Test(
        "W2, W7: an upgrade is no way around the policy",
        arguments: ["websocket", "WebSocket", "foo", "h2c", "websocket, foo"])
    func upgrades(protocolName: String) throws {
        let fields = [
            "Connection: keep-alive, Upgrade", "Upgrade: \(protocolName)",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        let anonymous = Attack("/api/feed", fields: fields, label: protocolName)
        try expectBlocked(anonymous, status: [401, 400])
        let viewer = Attack("/admin/feed", token: "A", fields: fields, label: protocolName)
        try expectBlocked(viewer, status: [403, 400])
    }

    @Test("W7: a WebSocket to a route that is not marked for it is refused")
    func unmarkedWebSocket() throws {
        let fields = [
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        try expectBlocked(
            Attack("/api/feed", token: "A", fields: fields), status: [403],
            reason: "upgrade_not_allowed")
    }

    @Test("H15: an upgrade to h2c does not reach the upstream")
    func h2cUpgrade() throws {
        let fixture = try currentFixture()
        let before = fixture.upstream.requests.count
        let attack = Attack(
            "/public/a",
            fields: [
                "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
            ])
        let response = try fixture.gate.exchange(attack.request)
        #expect(response.status != 101)
        for received in fixture.upstream.requests.dropFirst(before) {
            #expect(received.values(folded: "Upgrade") == [])
            #expect(received.values(folded: "HTTP2-Settings") == [])
        }
    }
}
