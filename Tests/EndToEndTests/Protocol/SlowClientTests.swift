import Foundation
import TestSupport
import Testing

@Suite(
    "slow and greedy clients",
    .gateOverAllTransports({
        $0.timeouts = ["request_head": "400ms", "idle": "1s", "stream_idle": "1s"]
        $0.limits = ["connections": "40", "body_rate": "0"]
        $0.threads = 1
    }), .serialized)
struct SlowClientTests {
    @Test("F9: a head that does not end is 408, however slowly it drips in")
    func drippingHead() throws {
        let client = try currentFixture().gate.connect()
        let end = Deadline.after(.milliseconds(1_500))
        for byte in wireBytes("GET /public/a HTTP/1.1\r\nHost: app.test\r\nX-Long: " + longValue) {
            guard !end.hasPassed, client.sendTolerantly([byte]) else { break }
            usleep(20_000)
        }
        let response = try client.response(within: .seconds(3))
        #expect(response.status == 408)
        #expect(response.reason == "request_timeout")
        #expect(client.isClosedByPeer())
    }

    @Test("F9: half a head and then silence is 408")
    func halfHead() throws {
        let client = try currentFixture().gate.connect()
        try client.send("GET /public/a HTTP/1.1\r\nHo")
        #expect(try client.response(within: .seconds(4)).status == 408)
        #expect(client.isClosedByPeer())
    }

    @Test("a body that stalls is 408; one that is slow arrives, however long it takes in all")
    func slowBody() throws {
        let fixture = try currentFixture()
        let head = Attack(
            "/api/upload", method: "POST", token: "A", fields: ["Content-Length: 12"]
        ).request
        let stalled = try fixture.gate.connect()
        try stalled.send(head + "abc")
        let slow = try fixture.gate.connect()
        try slow.send(head)
        for byte in wireBytes("twelve bytes") {
            try slow.send([byte])
            usleep(150_000)
        }
        #expect(try slow.response().status == 200)
        let response = try stalled.response(within: .seconds(4))
        #expect(response.status == 408)
        #expect(response.reason == "request_timeout")
        #expect(stalled.isClosedByPeer())
    }

    @Test("an idle connection is closed without an answer")
    func idle() throws {
        let fixture = try currentFixture()
        let unused = try fixture.gate.connect()
        let used = try fixture.gate.connect()
        try used.send(Attack("/public/a").request)
        #expect(try used.response().status == 200)
        #expect(used.isClosedByPeer(within: .seconds(5)))
        #expect(unused.isClosedByPeer(within: .seconds(5)))
    }

    @Test("F9: connections over the limit are turned away, and taken again when others have gone")
    func connectionLimit() throws {
        let fixture = try currentFixture()
        var clients = try (1...40).map { _ in try fixture.gate.connect() }
        for client in clients { try client.send("GET /public/a HTTP/1.1\r\n") }
        let surplus = try fixture.gate.connect()
        _ = surplus.sendTolerantly(wireBytes(Attack("/public/surplus").request))
        if let response = try? surplus.response(within: .seconds(5)) {
            #expect(response.status == 503)
            #expect(response.reason == "overloaded")
            #expect(response.value("Retry-After") != nil)
        }
        #expect(fixture.upstream.hits(path: "/public/surplus") == 0)
        clients.removeAll()
        let served = Deadline.after(.seconds(5)).waits {
            (try? fixture.gate.exchange(Attack("/public/a").request))?.status == 200
        }
        #expect(served)
    }

    private let longValue = String(repeating: "x", count: 200)
}
