import TestSupport
import Testing

/// F11: an upstream that is broken or hostile.
@Suite("attacks by the upstream's answers", .gateOverAllTransports, .serialized)
struct UpstreamAttackTests {
    @Test(
        "F11: a malformed answer becomes 502",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nX-A: b\rSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX-A: b\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX A: b\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX-A : b\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n: b\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX-A: \u{0}\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
            "ICY 200 OK\r\nContent-Length: 0\r\n\r\n", "not HTTP at all\r\n\r\n", "\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\nConnection: upgrade\r\n\r\nfoo",
        ])
    func malformedAnswer(bytes: String) throws {
        let fixture = try currentFixture()
        fixture.upstream.script("/public/bad", .bytes(bytes, thenClose: true))
        let response = try fixture.gate.exchange(Attack("/public/bad").request)
        #expect(response.status == 502)
        #expect(response.reason == "upstream_invalid")
        #expect(!response.headerLines.contains { $0.contains("Set-Cookie") })
    }

    @Test("F11: an answer with a huge head becomes 502")
    func hugeHead() throws {
        let fixture = try currentFixture()
        let head = "HTTP/1.1 200 OK\r\nX-A: \(String(repeating: "a", count: 200_000))\r\n\r\n"
        fixture.upstream.script("/public/huge", .bytes(head, thenClose: true))
        let response = try fixture.gate.exchange(Attack("/public/huge").request)
        #expect(response.status == 502)
        #expect(response.reason == "upstream_invalid")
    }

    @Test("F11: an answer that ends early is not passed off as complete")
    func truncated() throws {
        let fixture = try currentFixture()
        for bytes in [
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n",
        ] {
            fixture.upstream.script("/public/short", .bytes(bytes, thenClose: true))
            let complete = (try? fixture.gate.exchange(Attack("/public/short").request))?.status
            #expect(complete == nil || complete == 502, "\(bytes)")
        }
    }

    @Test("F11: identity headers and hop-by-hop headers of an answer are dropped")
    func sanitized() throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/public/leaky",
            .bytes(
                "HTTP/1.1 200 OK\r\nX-Auth-User: root\r\nX-Auth-Roles: admin\r\nX-Kept: yes\r\n"
                    + "Connection: X-Gone\r\nX-Gone: 1\r\nKeep-Alive: timeout=5\r\n"
                    + "Proxy-Authenticate: Basic\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nok",
                thenClose: false))
        let response = try fixture.gate.exchange(Attack("/public/leaky").request)
        #expect(response.status == 200)
        #expect(response.text == "ok")
        #expect(response.values("X-Kept") == ["yes"])
        let dropped = [
            "X-Auth-User", "X-Auth-Roles", "X-Gone", "Keep-Alive", "Proxy-Authenticate", "Upgrade",
        ]
        for name in dropped { #expect(response.values(name) == [], "\(name)") }
    }

    @Test("F11: bytes after an answer are not the answer to the next request")
    func answerSplitting() throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/public/double",
            .bytes(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", thenClose: false))
        let client = try fixture.gate.connect()
        for _ in 1...5 {
            try client.send(Attack("/public/double").request)
            #expect(try client.response().text == "ok")
            try client.send(Attack("/public/next").request)
            #expect(try client.response().text.contains("/public/next"))
        }
    }

    @Test("F11: a flood of interim answers does no harm")
    func interimFlood() throws {
        let fixture = try currentFixture()
        let interim = "HTTP/1.1 103 Early Hints\r\nX-Auth-User: root\r\n\r\n"
        fixture.upstream.script(
            "/public/flood",
            .bytes(
                String(repeating: interim, count: 2_000)
                    + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", thenClose: true))
        let client = try fixture.gate.connect()
        try client.send(Attack("/public/flood").request)
        var response = try client.response(interim: true)
        while response.status < 200 {
            #expect(response.values("X-Auth-User") == [])
            response = try client.response(interim: true)
        }
        #expect([200, 502].contains(response.status))
        #expect(try fixture.gate.exchange(Attack("/public/after").request).status == 200)
    }
}
