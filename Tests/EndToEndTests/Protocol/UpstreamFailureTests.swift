import TestSupport
import Testing

@Suite(
    "a failing upstream", .gate({ $0.timeouts = ["response_head": "400ms", "connect": "500ms"] }),
    .serialized)
struct UpstreamFailureTests {
    @Test("an upstream that does not answer is 504, and the next request is served")
    func silence() throws {
        let fixture = try currentFixture()
        fixture.upstream.script("/public/silent", .silence)
        let client = try fixture.gate.connect()
        let time = try ContinuousClock().measure {
            try client.send(Attack("/public/silent").request)
            let response = try client.response()
            #expect(response.status == 504)
            #expect(response.reason == "upstream_timeout")
        }
        #expect(time > .milliseconds(300) && time < .seconds(3))
        #expect(try fixture.gate.exchange(Attack("/public/a").request).status == 200)
    }

    @Test("an upstream that closes without an answer is 502")
    func hangUp() throws {
        let fixture = try currentFixture()
        fixture.upstream.script("/api/hang-up", .hangUp)
        let attack = Attack(
            "/api/hang-up", method: "POST", token: "A", fields: ["Content-Length: 2"], body: "ab")
        let before = fixture.upstream.hits(path: "/api/hang-up")
        let response = try fixture.gate.exchange(attack.request)
        #expect(response.status == 502)
        #expect(["upstream_invalid", "upstream_unreachable"].contains(response.reason))
        // Not idempotent, and it may have been carried out: never sent twice.
        #expect(fixture.upstream.hits(path: "/api/hang-up") == before + 1)
    }

    @Test("a dead upstream is 502, and served again as soon as it is back, without a restart")
    func recovery() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        try client.send(Attack("/public/a").request)
        #expect(try client.response().status == 200)
        fixture.upstream.stop()
        do {
            defer { #expect(throws: Never.self) { try fixture.upstream.restart() } }
            for _ in 1...3 {
                try client.send(Attack("/public/a").request)
                let response = try client.response()
                #expect(response.status == 502)
                #expect(response.reason == "upstream_unreachable")
            }
        }
        let recovered = try Deadline.after(.seconds(5)).waits {
            try fixture.gate.exchange(Attack("/public/a").request).status == 200
        }
        #expect(recovered)
        // The client's own connection has survived it all.
        try client.send(Attack("/public/b").request)
        #expect(try client.response().status == 200)
    }

    @Test("a kept connection that the upstream has closed meanwhile costs no request")
    func staleConnection() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        for _ in 1...20 {
            try client.send(Attack("/public/a").request)
            #expect(try client.response().status == 200)
            fixture.upstream.dropConnections()
        }
    }

    @Test("a kept connection that the upstream closes right after its answer costs no request")
    func staleConnectionRace() throws {
        let fixture = try currentFixture()
        fixture.upstream.script("/public/last", .echoThenClose)
        let client = try fixture.gate.connect()
        for round in 1...200 {
            try client.send(Attack("/public/last").request)
            #expect(try client.response().status == 200, "round \(round)")
        }
    }

    @Test("upstream connections are kept and used again")
    func pooling() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        try client.send(Attack("/public/a").request)
        _ = try client.response()
        let before = fixture.upstream.connectionCount
        for _ in 1...50 {
            try client.send(Attack("/public/a").request)
            #expect(try client.response().status == 200)
        }
        #expect(fixture.upstream.connectionCount == before)
    }

    @Test("an answer before the whole body was sent is passed on")
    func earlyAnswer() throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/api/early", .early("HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\nno"))
        let client = try fixture.gate.connect()
        try client.send(
            Attack("/api/early", method: "POST", token: "A", fields: ["Content-Length: 100000"])
                .request + "first bytes")
        let response = try client.response()
        #expect(response.status == 409)
        #expect(response.text == "no")
    }

    @Test("a client that leaves early frees the upstream connection")
    func clientLeaves() throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/public/endless",
            .paced(
                ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
                    + Array(repeating: "1\r\na\r\n", count: 400), pause: .milliseconds(10),
                thenClose: true))
        let client = try fixture.gate.connect()
        let open = fixture.upstream.openConnections
        try client.send(Attack("/public/endless").request)
        _ = try client.responseHead()
        client.close()
        #expect(Deadline.after(.seconds(3)).waits { fixture.upstream.openConnections <= open })
        #expect(fixture.gate.isRunning)
    }
}
