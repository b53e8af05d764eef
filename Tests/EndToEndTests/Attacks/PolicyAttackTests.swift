import TestSupport
import Testing

/// The rows whose rules need more of the policy language than the attack fixture's policy has.
@Suite(
    "attacks on what a policy says", .gateOverAllTransports { $0.policy = widePolicy }, .serialized)
struct PolicyAttackTests {
    private let issuer = TestIssuer.shared

    @Test(
        "P6, P9, P16: what somebody could take for the admin route needs what it needs",
        arguments: [
            "/ADMIN/x", "/Admin/x", "/aDmIn", "/admin;x=1/y", "/admin./x", "/admin%20/x",
            "/admin%20",
            "/admin..", "/admin.", "/ADMIN;a/x",
        ])
    func adminLookAlikes(target: String) throws {
        try expectBlocked(Attack(target), status: [401], reason: "unauthenticated")
        try expectBlocked(Attack(target, token: "A"), status: [403], reason: "forbidden")
        let line = try currentFixture().gate.logLine(with: ["refusal.code=ambiguous_path"])
        #expect(line != nil)
        let received = try expectForwarded(Attack(target, token: "R"))
        #expect(received.target == target)
    }

    @Test("P16: /admin and /admin/ are one route, and forwarded as they were sent")
    func trailingSlash() throws {
        for target in ["/admin", "/admin/"] {
            try expectBlocked(Attack(target, token: "A"), status: [403], reason: "forbidden")
            #expect(try expectForwarded(Attack(target, token: "R")).target == target)
        }
    }

    @Test(
        "P1 to P8, P10, P17, P18: a broad route opens nothing that has two readings",
        arguments: [
            "/public/../admin/x", "/public/%2e%2e/admin/x", "/public/..%2fadmin/x",
            "/public/..%5cadmin/x", "/public/..;/admin/x", "//admin/x", "/public//../admin",
            "/%2fadmin", "/public/%252e%252e/admin", "/admin%00.png", "/a/../b", "/a%2fb",
            "/a%3fb", "/a%23b", "/a%3bb", "/a%25b", "/public/%c0%ae%c0%ae/", "/%u002e",
        ])
    func twoReadings(target: String) throws {
        for token in ["A", "R"] {
            try expectBlocked(Attack(target, token: token), status: [400], reason: "bad_target")
        }
    }

    @Test(
        "P19: look-alikes of letters are letters of their own, and forwarded as they were matched",
        arguments: ["/%EF%BD%81dmin/x", "/a%CC%81dmin/x", "/%ef%bd%81dmin"])
    func lookAlikeLetters(target: String) throws {
        let received = try expectForwarded(Attack(target, token: "A"))
        #expect(received.target.uppercased() == target.uppercased())
        expectIdentity("alice", roles: "viewer", in: received)
    }

    @Test(
        "P20: with `encoded_slash: keep` the variable must fit in both readings",
        arguments: [
            "/users/alice/..%2froot/p", "/users/alice/..%2Froot%2fp", "/users/alice%2f..%2froot/p",
            "/users/alice/x%2f..%2f..%2froot", "/users/root/..%2falice/p", "/users/Alice/p",
            "/users/root%2fx/p",
        ])
    func userVariable(target: String) throws {
        try expectBlocked(Attack(target, token: "A"), status: [403], reason: "forbidden")
        try expectBlocked(Attack(target), status: [401])
    }

    @Test(
        "P20, P21: what is the user's own in both readings is served, byte for byte as it was matched",
        arguments: [
            ("/users/alice/a%2fb/p", "/users/alice/a%2Fb/p"),
            ("/users/%61lice/p", "/users/alice/p"), ("/users/alice/a%2Fb", "/users/alice/a%2Fb"),
        ])
    func ownSpace(target: String, forwarded: String) throws {
        let received = try expectForwarded(Attack(target, token: "A"))
        #expect(received.target == forwarded)
    }

    @Test(
        "M4: a preflight is answered by the gate, and says nothing of routes without `cors`",
        arguments: [
            "/admin/x", "/secret/x", "/nothing", "/public/a", "/_ostiary/v1/me", "/spa/x",
        ])
    func foreignPreflight(target: String) throws {
        let fields = [
            "Origin: https://evil.test", "Access-Control-Request-Method: GET", "X-Auth-User: root",
        ]
        for token in [nil, "R"] {
            let answer = try expectBlocked(
                Attack(target, method: "OPTIONS", token: token, fields: fields), status: [204])
            let names = answer.headerLines.map { $0.prefix { $0 != ":" }.lowercased() }
            #expect(names.sorted() == ["date", "vary"])
        }
    }

    @Test("M4: the pages that a route's `cors` names may go on, with what it names")
    func allowedPreflight() throws {
        func ask(_ fields: [String], origin: String = "https://spa.test") throws -> RawResponse {
            try expectBlocked(
                Attack("/spa/x", method: "OPTIONS", fields: ["Origin: \(origin)"] + fields),
                status: [204])
        }
        let yes = try ask([
            "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: Authorization",
        ])
        #expect(yes.value("access-control-allow-origin") == "https://spa.test")
        #expect(yes.value("access-control-allow-credentials") == "true")
        #expect(yes.value("access-control-allow-methods")?.contains("GET") == true)
        #expect(yes.value("access-control-allow-headers") == "authorization")
        #expect(yes.value("vary")?.contains("Origin") == true)
        for no in [
            try ask(["Access-Control-Request-Method: PURGE"]),
            try ask(["Access-Control-Request-Method: get"]),
            try ask([
                "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: x-other",
            ]),
            try ask(["Access-Control-Request-Method: GET"], origin: "https://spa.test.evil.test"),
            try ask(["Access-Control-Request-Method: GET"], origin: "null"),
            try ask(["Access-Control-Request-Method: GET", "Origin: https://spa.test"]),
        ] {
            #expect(no.headerLines.allSatisfy { !$0.lowercased().hasPrefix("access-control") })
        }
    }

    @Test("M4: answers of a `cors` route carry its fields, refusals too, and to no other origin")
    func corsAnswers() throws {
        let gate = try currentFixture().gate
        func answer(_ token: String?, _ origin: String) throws -> RawResponse {
            try gate.exchange(Attack("/spa/x", token: token, fields: ["Origin: \(origin)"]).request)
        }
        for (token, status) in [("A", 200), (nil, 401)] {
            let mine = try answer(token, "https://spa.test")
            #expect(mine.status == status)
            #expect(mine.values("access-control-allow-origin") == ["https://spa.test"])
            let foreign = try answer(token, "https://evil.test")
            #expect(foreign.values("access-control-allow-origin") == [])
            #expect(foreign.values("vary").contains("Origin"))
        }
    }

    @Test(
        "M5: OPTIONS without a preflight's fields is an ordinary request",
        arguments: [
            [], ["Origin: https://spa.test"], ["Access-Control-Request-Method: GET"],
        ])
    func plainOptions(fields: [String]) throws {
        try expectBlocked(
            Attack("/admin/x", method: "OPTIONS", fields: fields), status: [401],
            reason: "unauthenticated")
        let received = try expectForwarded(
            Attack("/admin/x", method: "OPTIONS", token: "R", fields: fields))
        #expect(received.method == "OPTIONS")
    }

    @Test("M3: HEAD on a GET route follows its rules")
    func headFollowsGet() throws {
        for target in ["/mail/x", "/users/root/p", "/sized/x"] {
            try expectBlocked(Attack(target, method: "HEAD"), status: [401])
        }
        try expectBlocked(Attack("/users/root/p", method: "HEAD", token: "A"), status: [403])
    }

    @Test(
        "T20: only the very address counts, and only when it is verified",
        arguments: [
            (#""root@corp.test@evil.test""#, "true"), (#""root@corp.test\u0000""#, "true"),
            (#""ROOT@corp.test""#, "true"), (#"" root@corp.test""#, "true"),
            (#""root@corp.test""#, "false"), (#""root@corp.test""#, #""true""#),
            (#""root@corp.test""#, "null"), (#"["root@corp.test"]"#, "true"),
        ])
    func email(value: String, verified: String) throws {
        let token = try issuer.token {
            $0.setting("email", value).setting("email_verified", verified)
        }
        try expectBlocked(
            Attack("/mail/x", fields: ["Authorization: Bearer \(token)"], label: value),
            status: [401, 403])
    }

    @Test("T20: the verified address is let in")
    func verifiedEmail() throws {
        let token = try issuer.token {
            $0.setting("email", #""root@corp.test""#).setting("email_verified", "true")
        }
        _ = try expectForwarded(Attack("/mail/x", fields: ["Authorization: Bearer \(token)"]))
    }

    @Test("T22: on an optional route no token is nobody, a bad one is refused")
    func optional() throws {
        expectAnonymous(try expectForwarded(Attack("/embed/x")))
        expectIdentity(
            "alice", roles: "viewer", in: try expectForwarded(Attack("/embed/x", token: "A")))
        for token in ["E", "W", "N"] {
            try expectBlocked(Attack("/embed/x", token: token), status: [401])
        }
        for credential in ["Bearer garbage", "Bearer", "Basic YTpi", ""] {
            try expectBlocked(
                Attack("/embed/x", fields: ["Authorization: \(credential)"]), status: [401])
        }
    }

    @Test("a rule of `deny` overrides every allow, and says what the policy has it say")
    func deny() throws {
        let token = try issuer.token { $0.setting("status", #""suspended""#) }
        let answer = try expectBlocked(
            Attack("/a", fields: ["Authorization: Bearer \(token)"]), status: [403],
            reason: "forbidden")
        #expect(answer.text.contains(#""detail":"Account \"suspended\".""#))
        let gate = try currentFixture().gate
        #expect(gate.logLine(with: ["refusal.code=deny.suspended"]) != nil)
    }

    @Test("a hidden route is not there for whoever may not pass")
    func hidden() throws {
        try expectBlocked(Attack("/secret/x"), status: [401], reason: "unauthenticated")
        try expectBlocked(Attack("/secret/x", token: "A"), status: [404], reason: "not_found")
        _ = try expectForwarded(Attack("/secret/x", token: "R"))
    }

    @Test("only the route that says so passes the verified token on, and nothing else of it")
    func forwardedCredential() throws {
        let token = try issuer.alice()
        let attack = Attack("/passed-on/x", fields: ["authorization: bearer \(token)"])
        #expect(
            try expectForwarded(attack).values(folded: "Authorization") == ["bearer \(token)"])
        let other = try expectForwarded(Attack("/other", token: "A"))
        #expect(other.values(folded: "Authorization") == [])
        try expectBlocked(Attack("/passed-on/x", token: "E"), status: [401])
    }

    @Test("a route's own limit of bodies holds, by their length and by what comes")
    func body() throws {
        let fits = Attack(
            "/small/x", method: "POST", token: "A", fields: ["Content-Length: 16"],
            body: String(repeating: "a", count: 16))
        #expect(try expectForwarded(fits).body.count == 16)
        try expectBlocked(
            Attack("/small/x", method: "POST", token: "A", fields: ["Content-Length: 17"]),
            status: [413], reason: "body_too_large", closes: true)
    }

    @Test("a route's own waiting time holds")
    func slow() throws {
        let fixture = try currentFixture()
        fixture.upstream.script("/slow/x", .silence)
        let answer = try fixture.gate.exchange(Attack("/slow/x", token: "A").request)
        #expect(answer.status == 504 && answer.reason == "upstream_timeout")
    }

    @Test("what the app says of other origins does not get through where the policy speaks")
    func corsOfTheApp() throws {
        let fixture = try currentFixture()
        for path in ["/spa/own", "/own"] {
            fixture.upstream.script(
                path,
                .bytes(
                    "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n",
                    thenClose: false))
            let answer = try fixture.gate.exchange(
                Attack(path, token: "A", fields: ["Origin: https://spa.test"]).request)
            #expect(
                answer.values("access-control-allow-origin")
                    == [path == "/own" ? "*" : "https://spa.test"])
        }
    }

    @Test(
        "a query parameter that the route names is one number, or the request is refused",
        arguments: ["?n=1&n=2", "?n=x", "?n=1&%6E=1", "?n", "?n=1;n=1", "?n=+1", "?n=%00"])
    func query(text: String) throws {
        try expectBlocked(
            Attack("/sized/x" + text, token: "A"), status: [400], reason: "bad_target")
        _ = try expectForwarded(Attack("/other" + text, token: "A"))
    }

    @Test("H10: a rule about addresses believes the connection, not what a stranger writes")
    func address() throws {
        for claim in ["192.0.2.1", "127.0.0.1, 192.0.2.1", "unknown", "::ffff:192.0.2.1"] {
            try expectBlocked(
                Attack("/inside/x", token: "R", fields: ["X-Forwarded-For: \(claim)"]),
                status: [403], reason: "forbidden")
        }
    }

    @Test("W1, W6: a WebSocket needs a credential, and an app that answers 200 opens no tunnel")
    func webSocket() throws {
        let upgrade = [
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        try expectBlocked(Attack("/feed", fields: upgrade), status: [401])
        let received = try expectForwarded(Attack("/feed", token: "A", fields: upgrade))
        #expect(received.values("upgrade") == ["websocket"])
        expectIdentity("alice", roles: "viewer", in: received)
        for origin in ["https://evil.test", "null", "https://app.test.evil.test"] {
            try expectBlocked(
                Attack("/feed", token: "A", fields: upgrade + ["Origin: \(origin)"]),
                status: [403], reason: "origin")
        }
    }

    @Test("C6: one bucket per user, whatever the path's spelling, and whatever token he comes with")
    func rateLimit() throws {
        let carol = try (1...6).map { _ in try issuer.token("carol") }
        #expect(Set(carol).count == 6)
        let targets = [
            "/limited/x", "/limited/x/", "/limited", "/LIMITED/x", "/limited;a/x", "/limited./y",
        ]
        var statuses: [Int] = []
        for (token, target) in zip(carol, targets) {
            let answer = try currentFixture().gate.exchange(
                Attack(target, fields: ["Authorization: Bearer \(token)"]).request)
            statuses.append(answer.status)
            guard answer.status == 429 else { continue }
            #expect(answer.reason == "rate_limited")
            #expect(answer.value("ratelimit-policy") == #""subject";q=3;w=10800"#)
            let seconds = try #require(answer.value("retry-after").flatMap { Int($0) })
            #expect((3500...3600).contains(seconds))
            #expect(answer.value("ratelimit") == #""subject";r=0;t=\#(seconds)"#)
        }
        #expect(statuses == [200, 200, 200, 429, 429, 429])
        for target in ["//limited/x", "/limited/./x"] {
            try expectBlocked(
                Attack(target, fields: ["Authorization: Bearer \(carol[0])"]), status: [400])
        }
        let dave = try issuer.token("dave")
        _ = try expectForwarded(Attack("/limited/x", fields: ["Authorization: Bearer \(dave)"]))
    }

    @Test("C6: strangers count by address, before anything of their token is looked at")
    func addressRate() throws {
        let fixture = try currentFixture()
        let statuses = try (1...6).map { _ in
            try fixture.gate.exchange(
                Attack(
                    "/per-address/x",
                    fields: [
                        "Authorization: Bearer garbage",
                        "X-Forwarded-For: 192.0.2.\(Int.random(in: 1...254))",
                    ]
                ).request
            ).status
        }
        #expect(statuses == [401, 401, 401, 401, 429, 429])
    }
}
