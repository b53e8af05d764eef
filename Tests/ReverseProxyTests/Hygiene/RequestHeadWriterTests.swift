import TestSupport
import Testing

@testable import ReverseProxy

@Suite("RequestHeadWriter")
struct RequestHeadWriterTests {
    private let forwarding: Forwarding
    private let alice: String

    init() throws {
        forwarding = try Forwarding()
        alice = try TestIssuer.shared.alice()
    }

    @Test("writes the canonical request and the client's other fields, and nothing else")
    func plain() throws {
        let forwarded = try forwarding.forward(
            "GET /public/%61?x=%61#".dropLast() + " HTTP/1.1\r\nHOST:APP.Test.\r\nAccept: */*\r\n"
                + "Authorization: Bearer garbage\r\nCookie:a=b\r\n\r\n",
            forwarded: "X-Forwarded-For: 127.0.0.1\r\n")
        #expect(
            forwarded?.text == "GET /public/a?x=%61 HTTP/1.1\r\nHost: app.test\r\nAccept: */*\r\n"
                + "Cookie: a=b\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n")
    }

    @Test("says once who asks, and never passes the token on")
    func identity() throws {
        let forwarded = try #require(
            try forwarding.forward(fields: ["Accept: a"], token: alice))
        #expect(forwarded.values(folded: "X-Auth-User") == ["alice"])
        #expect(forwarded.values(folded: "X-Auth-Roles") == ["viewer"])
        #expect(forwarded.values(folded: "Authorization").isEmpty)
        #expect(!forwarded.text.contains(alice))
    }

    /// Every byte that a name may hold in place of a hyphen.
    static let separators = Array("!#$%&'*+-.^_`|~").map(String.init)

    @Test(
        "H1, H2, H4: a client's identity fields are gone in every spelling", arguments: separators)
    func spoofed(_ separator: String) throws {
        let name = ["X", "Auth", "User"].joined(separator: separator)
        for name in [name, name.lowercased(), name.uppercased()] {
            let field = "\(name): root"
            let open = try #require(try forwarding.forwardPublic("A: b", field, "C: d"))
            #expect(open.values(folded: "X-Auth-User").isEmpty)
            #expect(open.lines == ["Host: app.test", "A: b", "C: d"])
            let known = try #require(
                try forwarding.forward(fields: [field, "\(name):root2", field], token: alice))
            #expect(known.values(folded: "X-Auth-User") == ["alice"])
        }
    }

    @Test("a policy that injects a name with an underscore leaves no spelling to the client")
    func underscoredName() throws {
        let text = attackPolicy.replacing("X-Auth-User: subject", with: "my_user.name: subject")
        let forwarding = try Forwarding(policy: text)
        for name in ["My-User-Name", "my_user.name", "MY_USER_NAME", "my.user-name"] {
            let open = try #require(try forwarding.forwardPublic("\(name): root"))
            #expect(open.lines == ["Host: app.test"])
            let known = try #require(
                try forwarding.forward(fields: ["\(name): root"], token: alice))
            #expect(known.values(folded: "my_user_name") == ["alice"])
        }
    }

    @Test("H5: a claim that is absent leaves its field absent, whatever the client sent")
    func absentClaim() throws {
        let token = try TestIssuer.shared.token("alice", roles: [])
        let forwarded = try forwarding.forward(
            "GET /users/alice/x HTTP/1.1\r\nHost: app.test\r\nX-Auth-Roles: admin\r\n"
                + "Authorization: Bearer \(token)\r\n\r\n")
        #expect(forwarded?.values(folded: "X-Auth-Roles") == [])
        #expect(forwarded?.values(folded: "X-Auth-User") == ["alice"])
    }

    @Test(
        "H7 to H12, H15: what speaks for a gateway or for one hop is gone",
        arguments: [
            "X-Ostiary-Assertion: x", "X-Original-URL: /admin", "X-Rewrite-URL: /admin",
            "X-Original-Uri: /admin", "X-Forwarded-Uri: /public/a", "X-Forwarded-Path: /x",
            "X-Forwarded-Prefix: //evil.test", "X-Forwarded-Proto: https", "X-Forwarded-Port: 443",
            "X-Forwarded-Host: evil.test", "Forwarded: for=127.0.0.1;host=evil",
            "X-Forwarded-For: 127.0.0.1", "SCRIPT_NAME: /admin", "PATH_INFO: /admin",
            "Script-Name: /admin", "Path-Info: /admin", "Remote-User: root", "X-WEBAUTH-USER: root",
            "X-Forwarded-User: root", "X-authentik-username: root", "Tailscale-User-Login: root",
            "Cf-Access-Jwt-Assertion: x", "X-Goog-Authenticated-User-Email: root", "Proxy: evil",
            "X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE",
            "Proxy-Authorization: Basic x", "Proxy-Connection: keep-alive", "TE: trailers",
            "Keep-Alive: timeout=9", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAA",
            "Connection: Upgrade, HTTP2-Settings", "Trailer: X-Auth-User", "Expect: 100-continue",
            "OIDC-CLAIM-sub: root", "X-Middleware-Subrequest: middleware",
        ])
    func removed(_ field: String) throws {
        let forwarded = try #require(try forwarding.forwardPublic("A: b", field, "C: d"))
        #expect(forwarded.lines == ["Host: app.test", "A: b", "C: d"])
    }

    @Test(
        "H13: values that templates would read pass as they are",
        arguments: ["{env.SECRET}", "${SECRET}", "{{7*7}}", "%(x)s", "\u{e4}\u{80}", "a\tb"])
    func literal(_ value: String) throws {
        let forwarded = try #require(try forwarding.forwardPublic("X-Value: \(value)"))
        #expect(forwarded.lines.last == "X-Value: \(value)")
    }

    @Test("the body's framing is the received one, written once")
    func framing() throws {
        let rows: [([String], [String], [String])] = [
            ([], [], []), (["Content-Length: 5"], ["5"], []), (["Content-Length:0"], ["0"], []),
            (["transfer-encoding:  Chunked"], [], ["chunked"]),
            (["Content_Length: 7", "Content-Length: 5"], ["5"], []),
        ]
        for (fields, lengths, codings) in rows {
            let forwarded = try #require(try forwarding.forward(fields: fields, token: alice))
            #expect(forwarded.values(folded: "Content-Length") == lengths)
            #expect(forwarded.values(folded: "Transfer-Encoding") == codings)
        }
    }

    @Test("an HTTP/1.0 request goes on as HTTP/1.1 with a Host")
    func oldClient() throws {
        let open = attackPolicy.replacing("hosts: [app.test]", with: "")
        let forwarding = try Forwarding(policy: open)
        let forwarded = try forwarding.forward("GET /public/a HTTP/1.0\r\n\r\n")
        #expect(
            forwarded?.text == "GET /public/a HTTP/1.1\r\nHost: 127.0.0.1:8050\r\n\r\n")
    }

    @Test("what was matched is what is forwarded, and random fields change nothing in it")
    func randomRequests() throws {
        var random = SeededGenerator(for: "forwarded heads")
        for _ in 0..<propertyRounds(300) {
            let text = RandomHead.request(&random).replacing(" /a/b?c ", with: " /public/b?c ")
            guard let forwarded = try forwarding.forward(text) else { continue }
            #expect(forwarded.text.hasSuffix("\r\n\r\n"))
            #expect(forwarded.values(folded: "Host") == ["app.test"])
            #expect(forwarded.values(folded: "X-Auth-User").isEmpty)
            let reading = readRequest(forwarded.text)
            #expect(reading.head?.length == forwarded.text.unicodeScalars.count, "\(text)")
            #expect(reading.head?.framing == readRequest(text).head?.framing, "\(text)")
        }
    }
}
