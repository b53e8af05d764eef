import Foundation
import TestSupport
import Testing

@Suite("what clients can make the gate hold", .gate({ $0.limits = ["body": "1GiB"] }), .serialized)
struct ResourceTests {
    @Test("an upload that the upstream does not read stops at the client, not in memory")
    func deafUpstream() throws {
        let fixture = try currentFixture()
        fixture.upstream.script("/api/deaf", .deaf)
        defer { fixture.upstream.dropConnections() }
        try expectBoundedMemory(fixture) {
            let client = try fixture.gate.connect()
            let attack = Attack(
                "/api/deaf", method: "POST", token: "A", fields: ["Content-Length: 500000000"])
            try client.send(attack.request)
            let piece = [UInt8](repeating: 0x61, count: 1 << 20)
            var sent = 0
            while sent < 400, client.sendTolerantly(piece, within: .milliseconds(700)) { sent += 1 }
            #expect(sent < 100, "\(sent) MiB were taken")
            return client
        }
    }

    @Test(
        "requests that are pipelined without reading the answers stop at the client",
        arguments: [
            Attack("/public/flood", label: "forwarded"), Attack("/admin/x", label: "refused"),
            Attack("/public/flood", method: "HEAD", label: "forwarded HEAD"),
            Attack("/api/x", token: "E", label: "refused token"),
        ])
    func pipelinedFlood(attack: Attack) throws {
        let fixture = try currentFixture()
        try expectBoundedMemory(fixture) {
            let client = try fixture.gate.connect(receiveBuffer: 8_192)
            let burst = wireBytes(String(repeating: attack.request, count: 2_000))
            // A gate that goes on taking them has no bound; the time only ends the test.
            let end = Deadline.after(.seconds(8))
            while !end.hasPassed, client.sendTolerantly(burst, within: .seconds(2)) {}
            return client
        }
    }

    @Test("connections that end anywhere give their descriptors back")
    func descriptors() throws {
        let fixture = try currentFixture()
        fixture.upstream.script("/public/silent", .silence)
        fixture.upstream.script(
            "/public/half",
            .bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", thenClose: false))
        let before = try settledDescriptors(fixture)
        let upload = Attack(
            "/api/x", method: "POST", token: "A", fields: ["Content-Length: 100"], body: "abc")
        let beginnings = [
            "", "GET /pub", "GET /public/a HTTP/1.1\r\nHost: app.te", upload.request,
            Attack("/public/silent").request, Attack("/public/half").request,
            Attack("/admin/x").request, "\u{0}\r\n\r\n",
            Attack("/public/a").request + Attack("/public/silent").request,
        ]
        for round in 0..<20 {
            for beginning in beginnings {
                let client = try fixture.gate.connect()
                try client.send(beginning)
                // Some leave at once, some when the gate has had time to act.
                if round % 2 == 0 { _ = try? client.nextBytes(within: .milliseconds(5)) }
                client.close()
            }
        }
        let freed = Deadline.after(.seconds(10)).waits {
            // The pool may keep a few upstream connections.
            (openDescriptors(of: fixture.gate.pid) ?? .max) <= before + 16
        }
        #expect(freed, "\(before) → \(openDescriptors(of: fixture.gate.pid) ?? 0)")
        #expect(try fixture.gate.exchange(Attack("/public/a").request).status == 200)
    }

    @Test(
        "a client that is gone before it is told to continue leaves no upstream connection behind")
    func goneBeforeContinue() throws {
        let fixture = try currentFixture()
        fixture.upstream.script("/public/silent", .silence)
        defer { fixture.upstream.dropConnections() }
        let request = Attack(
            "/public/silent", fields: ["Expect: 100-continue", "Content-Length: 5"]
        ).request
        let before = fixture.upstream.openConnections
        for _ in 1...40 {
            // Leaves a connection in the pool for the request that follows.
            #expect(try fixture.gate.exchange(Attack("/public/a").request).status == 200)
            // The gate finds the request and the reset at once.
            fixture.gate.send(SIGSTOP)
            defer { fixture.gate.send(SIGCONT) }
            try sendAndReset(request, fixture)
        }
        #expect(try fixture.gate.exchange(Attack("/public/a").request).status == 200)
        let freed = Deadline.after(.seconds(5)).waits {
            fixture.upstream.openConnections <= before + 4
        }
        #expect(freed, "\(before) → \(fixture.upstream.openConnections)")
    }

    private func sendAndReset(_ request: String, _ fixture: GateFixture) throws {
        let client = try fixture.gate.connect()
        client.endWithReset()
        try client.send(request)
    }

    private func settledDescriptors(_ fixture: GateFixture) throws -> Int {
        for _ in 1...4 { _ = try fixture.gate.exchange(Attack("/public/a").request) }
        return try #require(openDescriptors(of: fixture.gate.pid))
    }

    /// Runs the load, holds its connection open, and expects less than 32 MiB more resident memory
    /// and service for others.
    private func expectBoundedMemory(
        _ fixture: GateFixture, under load: () throws -> RawConnection,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for _ in 1...20 { _ = try fixture.gate.exchange(Attack("/public/a").request) }
        let before = try #require(residentMemory(of: fixture.gate.pid))
        let client = try load()
        let after = try #require(residentMemory(of: fixture.gate.pid))
        #expect(
            after - before < 32 << 20, "\(before) → \(after) bytes", sourceLocation: sourceLocation)
        let other = try fixture.gate.exchange(Attack("/public/a").request)
        #expect(other.status == 200, sourceLocation: sourceLocation)
        client.close()
    }
}
