import TestSupport
import Testing

/// Attacks by what follows a head: bodies, trailers, and the next message.
@Suite("attacks by bodies and trailers", .gateOverAllTransports, .serialized)
struct MessageAttackTests {
    private static let hostile = [
        "X-Auth-User: root", "x_auth_user: root", "X-Auth-Roles: admin", "Host: evil.test",
        "Authorization: Bearer root", "Cookie: session=root", "X-Ostiary-Assertion: e30.e30.e30",
        "X-Original-URL: /admin/root", "Connection: close", "Content-Type: text/root",
    ]

    private func chunked(trailers: [String]) -> Attack {
        Attack(
            "/api/x", method: "POST", token: "A", fields: ["Transfer-Encoding: chunked"],
            body: "5\r\nhello\r\n0\r\n" + trailers.map { $0 + "\r\n" }.joined() + "\r\n",
            label: "trailers")
    }

    @Test("H3: harmless trailers arrive, hostile ones do not")
    func trailers() throws {
        let received = try expectForwarded(
            chunked(trailers: ["X-Checksum: 1"] + Self.hostile + ["Digest: abc"]))
        #expect(received.trailerLines == ["X-Checksum: 1", "Digest: abc"])
        #expect(!received.everything.contains("root"))
        expectIdentity("alice", roles: "viewer", in: received)
    }

    @Test(
        "F4: trailers that frame the message anew are refused, and the connection closed",
        arguments: ["Content-Length: 5", "content-length:0", "Transfer-Encoding: chunked"])
    func framingTrailers(line: String) throws {
        let fixture = try currentFixture()
        let complete = fixture.upstream.requests.count
        let client = try fixture.gate.connect()
        _ = client.sendTolerantly(wireBytes(chunked(trailers: [line]).request))
        let response = try client.response()
        #expect(response.status == 400)
        #expect(response.reason == "bad_framing")
        #expect(client.isClosedByPeer())
        #expect(fixture.upstream.requests.count == complete)
    }

    @Test("F11: an answer's trailers and oddly spelt fields do not speak for the gateway")
    func answers() throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/public/trailers",
            .bytes(
                "HTTP/1.1 200 OK\r\nX_Auth_User: root\r\nX.Ostiary.Assertion: root\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Checksum: 1\r\n"
                    + "X-Auth-User: root\r\nSet-Cookie: session=root\r\n\r\n",
                thenClose: false))
        let client = try fixture.gate.connect()
        for _ in 1...2 {
            try client.send(Attack("/public/trailers").request)
            let response = try client.response()
            #expect(response.text == "ok")
            #expect(response.trailerLines == ["X-Checksum: 1"])
            #expect(!response.headerLines.contains { $0.contains("root") })
        }
    }

    @Test(
        "F11: an answer whose trailers frame it anew is cut off",
        arguments: ["Content-Length: 2", "X-A : b", "X-A: b\nX-C: d"])
    func malformedTrailers(line: String) throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/public/cut",
            .bytes(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\(line)\r\n\r\n",
                thenClose: false))
        let whole = (try? fixture.gate.exchange(Attack("/public/cut").request))?.status
        #expect(whole == nil || whole == 502)
    }

    @Test("M6: OPTIONS with a body is one request, forwarded or refused", arguments: ["A", nil])
    func options(token: String?) throws {
        let fixture = try currentFixture()
        let before = fixture.upstream.requests.count
        let client = try fixture.gate.connect()
        let smuggled = "GET /public/smuggled HTTP/1.1\r\nHost: app.test\r\n\r\n"
        let first = Attack(
            "/api/options", method: "OPTIONS", token: token,
            fields: ["Content-Length: \(smuggled.utf8.count)"], body: smuggled)
        _ = client.sendTolerantly(wireBytes(first.request + Attack("/public/second").request))
        #expect(try client.response().status == (token == nil ? 401 : 200))
        if token != nil { #expect(try client.response().text.contains("/public/second")) }
        let seen = fixture.upstream.requests.dropFirst(before).map(\.path)
        #expect(seen == (token == nil ? [] : ["/api/options", "/public/second"]))
    }

    @Test("an old client gets no chunks, no trailers and no informational answers")
    func oldClients() throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/public/old",
            .bytes(
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n",
                thenClose: false))
        let client = try fixture.gate.connect()
        try client.send("GET /public/old HTTP/1.0\r\nHost: app.test\r\n\r\n")
        let response = try client.response(interim: true)
        #expect(response.status == 200)
        #expect(response.framing == .close)
        #expect(response.text == "ok")
    }
}
