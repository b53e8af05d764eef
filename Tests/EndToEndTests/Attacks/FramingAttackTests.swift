import TestSupport
import Testing

@Suite("attacks on framing", .gateOverAllTransports, .serialized)
struct FramingAttackTests {
    @Test(
        "F1: other spellings of the host are the same host", arguments: ["APP.test", "app.test."])
    func hostSpelling(host: String) throws {
        let raw = "GET /public/a HTTP/1.1\r\nHost: \(host)\r\n\r\n"
        _ = try expectForwarded(Attack(label: host, raw: raw))
    }

    @Test(
        "F1, F2: any other host is refused",
        arguments: ["app.test:80@evil", "app.test, evil", "", "evil.test", "app.test/", "app test"])
    func foreignHost(host: String) throws {
        let raw = "GET /public/a HTTP/1.1\r\nHost: \(host)\r\n\r\n"
        let response = try expectBlocked(Attack(label: host, raw: raw), status: [400, 421])
        #expect(!response.headerLines.contains { $0.contains("evil") })
    }

    @Test(
        "F1: a request has exactly one Host",
        arguments: ["", "Host: app.test\r\nHost: app.test\r\n", "Host: app.test\r\nHost: evil\r\n"])
    func hostCount(fields: String) throws {
        let raw = "GET /public/a HTTP/1.1\r\n\(fields)\r\n"
        try expectBlocked(Attack(label: fields, raw: raw), status: [400])
    }

    /// With a body that another reading of the head would take for a request.
    static func ambiguous(_ label: String, _ fields: String...) -> Attack {
        Attack(
            "/api/x", method: "POST", token: "A", fields: fields,
            body: "0\r\n\r\nGET /public/smuggled HTTP/1.1\r\nHost: app.test\r\n\r\n", label: label)
    }

    @Test(
        "F3: ambiguous framing is refused and the connection closed",
        arguments: [
            ambiguous("CL.TE", "Content-Length: 5", "Transfer-Encoding: chunked"),
            ambiguous("TE.CL", "Transfer-Encoding: chunked", "Content-Length: 5"),
            ambiguous("TE: xchunked", "Transfer-Encoding: xchunked"),
            ambiguous("TE: chunked, identity", "Transfer-Encoding: chunked, identity"),
            ambiguous("TE: identity", "Transfer-Encoding: identity"),
            ambiguous("TE: gzip, chunked", "Transfer-Encoding: gzip, chunked"),
            ambiguous("TE: chunked, chunked", "Transfer-Encoding: chunked, chunked"),
            ambiguous("TE twice", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
            ambiguous("TE twice, one odd", "Transfer-Encoding: chunked", "Transfer-Encoding: x"),
            ambiguous("TE: VT chunked", "Transfer-Encoding: \u{B}chunked"),
            ambiguous("TE: chunked;x", "Transfer-Encoding: chunked;x"),
            ambiguous("TE: \"chunked\"", "Transfer-Encoding: \"chunked\""),
            ambiguous("TE empty", "Transfer-Encoding: "),
            ambiguous("TE with a folded line", "Transfer-Encoding:\r\n chunked"),
            ambiguous("TE name with a space", "Transfer-Encoding : chunked"),
            ambiguous("CL 5,5", "Content-Length: 5,5"),
            ambiguous("CL 5, 6", "Content-Length: 5, 6"),
            ambiguous("CL twice, equal", "Content-Length: 5", "Content-Length: 5"),
            ambiguous("CL twice, different", "Content-Length: 5", "Content-Length: 6"),
            ambiguous("CL +5", "Content-Length: +5"), ambiguous("CL -1", "Content-Length: -1"),
            ambiguous("CL 0x5", "Content-Length: 0x5"), ambiguous("CL empty", "Content-Length: "),
            ambiguous("CL 5 5", "Content-Length: 5 5"),
            ambiguous("CL 2^64 + 5", "Content-Length: 18446744073709551621"),
            ambiguous("CL 5e0", "Content-Length: 5e0"), ambiguous("CL 5.0", "Content-Length: 5.0"),
            Attack(
                label: "HTTP/1.0 with TE",
                raw: "POST /api/x HTTP/1.0\r\nHost: app.test\r\nAuthorization: Bearer {A}\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ])
    func ambiguousFraming(attack: Attack) throws {
        let response = try expectBlocked(
            attack, status: [400], reason: "bad_framing", closes: true)
        #expect(response.values("Connection").joined().lowercased().contains("close"))
    }

    /// An upload by alice whose body is not what the chunked coding allows (RFC 9112 § 7.1).
    static func chunked(_ label: String, _ body: String) -> Attack {
        Attack(
            "/api/x", method: "POST", token: "A", fields: ["Transfer-Encoding: chunked"],
            body: body, label: label)
    }

    @Test(
        "F4: malformed chunks are refused and the connection closed",
        arguments: [
            chunked("0x5", "0x5\r\nhello\r\n0\r\n\r\n"),
            chunked("5 ;ext", "5 ;ext\r\nhello\r\n0\r\n\r\n"),
            chunked("bare LF after the size", "5\nhello\r\n0\r\n\r\n"),
            chunked("no CRLF after the data", "5\r\nhelloXX0\r\n\r\n"),
            chunked("bare LF after the data", "5\r\nhello\n0\r\n\r\n"),
            chunked("-5", "-5\r\nhello\r\n0\r\n\r\n"),
            chunked("+5", "+5\r\nhello\r\n0\r\n\r\n"),
            chunked("no size", "\r\nhello\r\n0\r\n\r\n"),
            chunked("space before the size", " 5\r\nhello\r\n0\r\n\r\n"),
            chunked("space after the size", "5 \r\nhello\r\n0\r\n\r\n"),
            chunked("g", "g\r\nhello\r\n0\r\n\r\n"),
            chunked("NUL in an extension", "5;a\u{0}b\r\nhello\r\n0\r\n\r\n"),
            chunked("bare CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
            chunked("bare LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
            chunked(
                "an extension of 70 kB",
                "5;\(String(repeating: "e", count: 70_000))\r\nhello\r\n0\r\n\r\n"),
            chunked("a size beyond 2^64", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
            chunked("CR CR LF", "5\r\r\nhello\r\n0\r\n\r\n"),
            chunked("trailer with a space", "5\r\nhello\r\n0\r\nX-T : 1\r\n\r\n"),
            chunked("trailer with a bare LF", "5\r\nhello\r\n0\r\nX-T: a\nb: c\r\n\r\n"),
            chunked("folded trailer", "5\r\nhello\r\n0\r\nX-T: a\r\n b\r\n\r\n"),
        ])
    func malformedChunks(attack: Attack) throws {
        let fixture = try currentFixture()
        let complete = fixture.upstream.requests.count
        let client = try fixture.gate.connect()
        _ = client.sendTolerantly(wireBytes(attack.request))
        let response = try client.response()
        #expect(response.status == 400)
        #expect(response.reason == "bad_framing")
        #expect(client.isClosedByPeer())
        // The head may have been forwarded before the body was seen; a whole request never was.
        #expect(fixture.upstream.requests.count == complete)
        #expect(fixture.upstream.faults.allSatisfy { $0.contains("ends") })
    }

    @Test(
        "F4: a chunk extension is dropped or refused, never passed on", arguments: ["5;a=b", "5;a"])
    func chunkExtension(size: String) throws {
        let fixture = try currentFixture()
        let before = fixture.upstream.requests.count
        let attack = Attack(
            "/api/x", method: "POST", token: "A", fields: ["Transfer-Encoding: chunked"],
            body: "\(size)\r\nhello\r\n0\r\n\r\n")
        let response = try fixture.gate.exchange(attack.request)
        #expect([200, 400].contains(response.status))
        for received in fixture.upstream.requests.dropFirst(before) {
            #expect(latin1(received.rawBody) == "5\r\nhello\r\n0\r\n\r\n")
        }
    }

    @Test(
        "F5: malformed heads are refused and the connection closed",
        arguments: [
            Attack(
                label: "bare LF after the request line",
                raw: "GET /public/a HTTP/1.1\nHost: app.test\r\n\r\n"),
            Attack(
                label: "bare LF after a field",
                raw: "GET /public/a HTTP/1.1\r\nHost: app.test\n\r\n"),
            Attack(label: "bare LFs only", raw: "GET /public/a HTTP/1.1\nHost: app.test\n\n"),
            Attack("/public/a", fields: ["X-A: b\nX-C: d"], label: "bare LF in a value"),
            Attack("/public/a", fields: ["X-A: b\rX-C: d"], label: "bare CR in a value"),
            Attack("/public/a", fields: ["X-A: b\r"], label: "CR CR LF"),
            Attack("/public/a", fields: ["X-A: b\r\n c"], label: "folded line"),
            Attack("/public/a", fields: ["X-A: b\r\n\tc"], label: "folded line with a tab"),
            Attack("/public/a", fields: ["X-A : b"], label: "space before the colon"),
            Attack("/public/a", fields: [": b"], label: "empty name"),
            Attack("/public/a", fields: ["X-A"], label: "no colon"),
            Attack("/public/a", fields: ["X-A: \u{0}"], label: "NUL in a value"),
            Attack("/public/a", fields: ["X-\u{0}A: b"], label: "NUL in a name"),
            Attack("/public/a", fields: ["X-A: \u{1}"], label: "control byte in a value"),
            Attack("/public/a", fields: ["X-A: \u{7F}"], label: "DEL in a value"),
            Attack("/public/a", fields: ["X-\u{E9}: b"], label: "byte above 127 in a name"),
            Attack(label: "space first", raw: "GET /public/a HTTP/1.1\r\n Host: app.test\r\n\r\n"),
            Attack(label: "two spaces", raw: "GET  /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n"),
            Attack(label: "tab", raw: "GET\t/public/a\tHTTP/1.1\r\nHost: app.test\r\n\r\n"),
            Attack(
                label: "space at the end", raw: "GET /public/a HTTP/1.1 \r\nHost: app.test\r\n\r\n"),
            Attack(
                label: "space in the target",
                raw: "GET /public/a b HTTP/1.1\r\nHost: app.test\r\n\r\n"),
            Attack(label: "HTTP/0.9", raw: "GET /public/a\r\n\r\n"),
            Attack(label: "HTTP/1.2", raw: "GET /public/a HTTP/1.2\r\nHost: app.test\r\n\r\n"),
            Attack(label: "HTTP/2.0", raw: "GET /public/a HTTP/2.0\r\nHost: app.test\r\n\r\n"),
            Attack(label: "http/1.1", raw: "GET /public/a http/1.1\r\nHost: app.test\r\n\r\n"),
            Attack(label: "HTTP/1.1x", raw: "GET /public/a HTTP/1.1x\r\nHost: app.test\r\n\r\n"),
            Attack(label: "HTTP/2 preface", raw: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            Attack(label: "TLS", raw: "\u{16}\u{3}\u{1}\u{0}\u{5}hello\r\n\r\n"),
        ])
    func malformedHead(attack: Attack) throws {
        try expectBlocked(attack, status: [400, 505], closes: true)
    }

    @Test(
        "F7: the body of a refused request is never read as a request", arguments: ["A", nil, "E"])
    func bodyOfRefused(token: String?) throws {
        let fixture = try currentFixture()
        let smuggled = "GET /public/smuggled HTTP/1.1\r\nHost: app.test\r\n\r\n"
        let attack = Attack(
            "/admin/x", method: "POST", token: token,
            fields: ["Content-Length: \(smuggled.utf8.count)"], body: smuggled)
        let client = try fixture.gate.connect()
        try client.send(attack.request)
        #expect([401, 403].contains(try client.response().status))
        expectNothingMore(from: client)
        #expect(fixture.upstream.hits(path: "/public/smuggled") == 0)
    }

    @Test("F7: a chunked body of a refused request is never read as a request")
    func chunkedBodyOfRefused() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        let attack = Attack(
            "/admin/x", method: "POST", fields: ["Transfer-Encoding: chunked"],
            body: "GET /public/smuggled HTTP/1.1\r\nHost: app.test\r\n\r\n")
        try client.send(attack.request)
        #expect(try client.response().status == 401)
        expectNothingMore(from: client)
        #expect(fixture.upstream.hits(path: "/public/smuggled") == 0)
    }

    @Test(
        "F7: after a refusal without a body, the next request is answered or the connection closed")
    func pipelinedAfterRefusal() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        try client.send(
            Attack("/admin/x").request + Attack("/public/second").request)
        #expect(try client.response().status == 401)
        do {
            #expect(try client.response().status == 200)
        } catch {
            #expect(client.isClosedByPeer())
        }
    }

    @Test("F8: an unauthenticated upload is refused before any of its body is read")
    func expectContinue() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        try client.send(
            Attack(
                "/api/x", method: "POST",
                fields: ["Expect: 100-continue", "Content-Length: 1073741824"]
            ).request)
        let first = try client.response(interim: true)
        // A body over the limit may be refused as such, but only to those who may send one.
        #expect(first.status == 401)
    }

    @Test(
        "F9: heads over the limits are refused",
        arguments: [
            Attack("/public/a", fields: (1...300).map { "X-\($0): y" }, label: "300 headers"),
            Attack(
                "/public/a", fields: ["Cookie: c=" + String(repeating: "x", count: 100_000)],
                label: "100 KB cookie"),
        ])
    func hugeHead(attack: Attack) throws {
        try expectBlocked(attack, status: [431], reason: "head_too_large")
    }

    /// Expects silence or the end of the connection: no answer to bytes that were a body.
    private func expectNothingMore(
        from client: RawConnection, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let more = try? client.nextBytes(within: .milliseconds(300))
        #expect(
            more == nil || more == .some(nil), "\(latin1((more ?? nil) ?? []))",
            sourceLocation: sourceLocation)
    }
}
