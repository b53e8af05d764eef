import Foundation
import TestSupport
import Testing

/// Each test has a gate of its own, because it ends it.
@Suite("stopping", .blocking, .serialized)
struct ShutdownTests {
    @Test("SIGTERM ends an idle gate with status 0", arguments: [SIGTERM, SIGINT])
    func idle(signal: Int32) throws {
        let fixture = try GateFixture()
        defer { fixture.stop() }
        let client = try fixture.gate.connect()
        try client.send(Attack("/public/a").request)
        #expect(try client.response().status == 200)
        fixture.gate.send(signal)
        #expect(Deadline.after(.seconds(8)).waits { !fixture.gate.isRunning })
        #expect(fixture.gate.exitStatus == 0)
        #expect(client.isClosedByPeer())
    }

    @Test("a request in flight is finished after SIGTERM")
    func inFlight() throws {
        let fixture = try GateFixture()
        defer { fixture.stop() }
        fixture.upstream.script(
            "/public/slow",
            .paced(
                ["HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", "abc", "def"],
                pause: .milliseconds(300), thenClose: false))
        let client = try fixture.gate.connect()
        try client.send(Attack("/public/slow").request)
        let head = try client.responseHead()
        #expect(head.status == 200)
        fixture.gate.send(SIGTERM)
        #expect(try client.bytes(6) == Array("abcdef".utf8))
        #expect(Deadline.after(.seconds(12)).waits { !fixture.gate.isRunning })
        #expect(fixture.gate.exitStatus == 0)
    }
}
