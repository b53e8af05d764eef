import Foundation
import TestSupport
import Testing

@Suite(
    "bodies that drip",
    .gate({
        $0.timeouts = ["request_head": "1s"]
        $0.limits = ["body_rate": "100"]
    }), .serialized)
struct BodyRateTests {
    @Test("F9: a body that never stalls and never ends is cut off, and others are served")
    func drip() throws {
        let fixture = try currentFixture()
        let head = Attack(
            "/api/drip", method: "POST", token: "A", fields: ["Content-Length: 1000"]
        ).request
        let client = try fixture.gate.connect()
        try client.send(head)
        let start = ContinuousClock.now
        let end = Deadline.after(.seconds(8))
        while !end.hasPassed, client.sendTolerantly([0x61]) {
            usleep(100_000)
            #expect(try fixture.gate.exchange(Attack("/public/a").request).status == 200)
            if let bytes = try? client.nextBytes(within: .milliseconds(1)), !bytes.isEmpty {
                #expect(latin1(bytes).hasPrefix("HTTP/1.1 408 "))
                break
            }
        }
        #expect(!end.hasPassed)
        #expect(ContinuousClock.now - start > .milliseconds(900), "not within the grace")
    }

    @Test("a chunk is worth its content, not its wrapping")
    func chunks() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        try client.send(
            Attack(
                "/api/drip", method: "POST", token: "A", fields: ["Transfer-Encoding: chunked"]
            ).request)
        let end = Deadline.after(.seconds(8))
        // 600 bytes a second, of which 20 are content.
        let extensions = String(repeating: "x", count: 24)
        while !end.hasPassed, client.sendTolerantly(wireBytes("1;\(extensions)\r\na\r\n")) {
            usleep(50_000)
            if let bytes = try? client.nextBytes(within: .milliseconds(1)), !bytes.isEmpty { break }
        }
        #expect(!end.hasPassed)
    }

    @Test("a body that is fast enough arrives, however long it takes")
    func steady() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        try client.send(
            Attack(
                "/api/steady", method: "POST", token: "A", fields: ["Content-Length: 1500"]
            ).request)
        for _ in 1...30 {
            try client.send([UInt8](repeating: 0x61, count: 50))
            usleep(100_000)
        }
        #expect(try client.response().status == 200)
    }
}
