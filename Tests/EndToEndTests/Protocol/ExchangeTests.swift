import TestSupport
import Testing

@Suite("HTTP/1.1 exchanges", .gate({ $0.limits["body"] = "1MiB" }), .serialized)
struct ExchangeTests {
    @Test("a connection is kept from one request to the next")
    func keepAlive() throws {
        let client = try currentFixture().gate.connect()
        for number in 1...20 {
            try client.send(Attack("/public/\(number)").request)
            let response = try client.response()
            #expect(response.status == 200)
            #expect(response.text.contains("GET /public/\(number) HTTP/1.1"))
        }
    }

    @Test("Connection: close is obeyed and announced")
    func close() throws {
        let client = try currentFixture().gate.connect()
        try client.send(Attack("/public/a", fields: ["Connection: close"]).request)
        let response = try client.response()
        #expect(response.value("Connection")?.lowercased() == "close")
        #expect(client.isClosedByPeer())
    }

    @Test("pipelined requests are answered in their order, even when the first is slow")
    func pipelining() throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/public/slow",
            .paced(
                ["HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", "slow"],
                pause: .milliseconds(100), thenClose: false))
        let client = try fixture.gate.connect()
        let targets = ["/public/slow", "/public/2", "/admin/x", "/public/4", "/public/5"]
        try client.send(targets.map { Attack($0).request }.joined())
        #expect(try client.response().text == "slow")
        #expect(try client.response().text.contains("/public/2"))
        #expect(try client.response().status == 401)
        #expect(try client.response().text.contains("/public/4"))
        #expect(try client.response().text.contains("/public/5"))
    }

    @Test("a request after a body with a length or chunks is found where it begins")
    func pipelinedBodies() throws {
        let client = try currentFixture().gate.connect()
        let first = Attack(
            "/api/1", method: "POST", token: "A", fields: ["Content-Length: 5"], body: "hello")
        let second = Attack(
            "/api/2", method: "PUT", token: "A", fields: ["Transfer-Encoding: chunked"],
            body: "3\r\nabc\r\n0\r\n\r\n")
        // M6 of the attack table: OPTIONS may have a body as well.
        let third = Attack(
            "/api/3", method: "OPTIONS", token: "A", fields: ["Content-Length: 5"], body: "GET /")
        try client.send(
            first.request + second.request + third.request + Attack("/public/4").request)
        for path in ["POST /api/1", "PUT /api/2", "OPTIONS /api/3", "GET /public/4"] {
            #expect(try client.response().text.contains(path))
        }
    }

    @Test("HEAD is answered without a body, and the connection goes on")
    func head() throws {
        let client = try currentFixture().gate.connect()
        for _ in 1...3 {
            try client.send(Attack("/public/a", method: "HEAD").request)
            let response = try client.response(toHead: true)
            #expect(response.status == 200)
            #expect(response.value("Content-Length") != nil)
        }
        // A refusal of HEAD has no body either.
        try client.send(Attack("/admin/a", method: "HEAD").request)
        #expect(try client.response(toHead: true).status == 401)
        try client.send(Attack("/public/b").request)
        #expect(try client.response().text.contains("/public/b"))
    }

    @Test(
        "answers without a body end with their head",
        arguments: [
            "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        ])
    func noBody(bytes: String) throws {
        let fixture = try currentFixture()
        fixture.upstream.script("/public/empty", .bytes(bytes, thenClose: false))
        let client = try fixture.gate.connect()
        for _ in 1...2 {
            try client.send(Attack("/public/empty").request)
            let response = try client.response()
            #expect(bytes.contains(" \(response.status) "))
            #expect(response.body.isEmpty)
        }
        try client.send(Attack("/public/after").request)
        #expect(try client.response().text.contains("/public/after"))
    }

    @Test("a chunked answer stays whole, trailers or not")
    func chunkedAnswer() throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/public/chunked",
            .paced(
                [
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
                    "llo\r\n6\r\n",
                    " world\r\n0\r\nX-Checksum: 1\r\n", "\r\n",
                ],
                pause: .milliseconds(10), thenClose: false))
        let client = try fixture.gate.connect()
        for _ in 1...2 {
            try client.send(Attack("/public/chunked").request)
            let response = try client.response()
            #expect(response.framing == .chunked)
            #expect(response.text == "hello world")
        }
    }

    @Test("an HTTP/1.0 client gets a chunked answer without chunks, and then the end")
    func oldClient() throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/public/old",
            .bytes(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", thenClose: false))
        let client = try fixture.gate.connect()
        try client.send("GET /public/old HTTP/1.0\r\nHost: app.test\r\n\r\n")
        let response = try client.response()
        #expect(response.values("Transfer-Encoding") == [])
        #expect(response.text == "hello world")
        #expect(client.isClosedByPeer())
    }

    @Test("a close-delimited answer arrives whole")
    func closeDelimited() throws {
        let fixture = try currentFixture()
        let body = String(repeating: "0123456789", count: 20_000)
        fixture.upstream.script(
            "/public/until-close", .bytes("HTTP/1.1 200 OK\r\n\r\n" + body, thenClose: true))
        for version in ["1.1", "1.0"] {
            let client = try fixture.gate.connect()
            try client.send("GET /public/until-close HTTP/\(version)\r\nHost: app.test\r\n\r\n")
            #expect(try client.response().text == body)
        }
    }

    @Test(
        "bodies arrive at the upstream byte by byte as they were sent",
        arguments: [0, 1, 5_000, 900_000])
    func uploads(size: Int) throws {
        let fixture = try currentFixture()
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let counted = Attack(
            "/api/upload", method: "POST", token: "A", fields: ["Content-Length: \(size)"])
        let chunked = Attack(
            "/api/upload", method: "PUT", token: "A", fields: ["Transfer-Encoding: chunked"])
        let before = fixture.upstream.requests.count
        let client = try fixture.gate.connect()
        try client.send(wireBytes(counted.request) + body)
        #expect(try client.response().status == 200)
        try client.send(wireBytes(chunked.request) + chunks(of: body))
        #expect(try client.response().status == 200)
        let received = fixture.upstream.requests.dropFirst(before)
        #expect(received.count == 2)
        #expect(received.allSatisfy { $0.body == body })
    }

    @Test("Expect: 100-continue is answered after the decision, and the body then forwarded")
    func expectContinue() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        try client.send(
            Attack(
                "/api/x", method: "POST", token: "A",
                fields: ["Expect: 100-continue", "Content-Length: 5"]
            ).request)
        #expect(try client.response(interim: true).status == 100)
        try client.send("hello")
        #expect(try client.response().status == 200)
        #expect(fixture.upstream.requests.last?.body == Array("hello".utf8))
    }

    @Test("a body that does not wait for 100 Continue is forwarded all the same")
    func impatientExpectation() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        let attack = Attack(
            "/api/x", method: "POST", token: "A",
            fields: ["Expect: 100-continue", "Content-Length: 5"], body: "hello")
        for _ in 1...3 {
            try client.send(attack.request)
            #expect(try client.response().status == 200)
            #expect(fixture.upstream.requests.last?.body == Array("hello".utf8))
        }
    }

    @Test("a refused Expect: 100-continue gets its refusal and nothing else")
    func refusedExpectation() throws {
        let client = try currentFixture().gate.connect()
        try client.send(
            Attack(
                "/admin/x", method: "POST", token: "A",
                fields: ["Expect: 100-continue", "Content-Length: 5"]
            ).request)
        #expect(try client.response(interim: true).status == 403)
    }

    @Test("a body over the limit is 413")
    func bodyLimit() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        let attack = Attack(
            "/api/x", method: "POST", token: "A", fields: ["Content-Length: 1048577"])
        try client.send(attack.request)
        let response = try client.response()
        #expect(response.status == 413)
        #expect(response.reason == "body_too_large")
        #expect(client.isClosedByPeer())
    }

    @Test("a chunked body that grows over the limit is 413")
    func chunkedBodyLimit() throws {
        let fixture = try currentFixture()
        let before = fixture.upstream.requests.count
        let client = try fixture.gate.connect()
        let attack = Attack(
            "/api/x", method: "POST", token: "A", fields: ["Transfer-Encoding: chunked"])
        let body = chunks(of: [UInt8](repeating: 0x61, count: 1_100_000))
        _ = client.sendTolerantly(wireBytes(attack.request) + body)
        let response = try client.response()
        #expect(response.status == 413)
        #expect(response.reason == "body_too_large")
        #expect(fixture.upstream.requests.count == before)
    }

    private func chunks(of body: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = body[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(4_099)
            result += wireBytes(String(chunk.count, radix: 16) + "\r\n") + chunk + wireBytes("\r\n")
            rest = rest.dropFirst(4_099)
        }
        return result + wireBytes("0\r\n\r\n")
    }
}
