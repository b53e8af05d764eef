import Foundation
import TestSupport
import Testing

@Suite("how many connections there may be", .blocking, .serialized)
struct ConnectionLimitTests {
    @Test("one address has its share, exactly, whatever loop it meets; others have theirs")
    func perAddress() throws {
        let folder = try TemporaryFolder("limits")
        let fixture = try GateFixture {
            $0.limits = ["connections_per_address": "5"]
            $0.threads = 3
            $0.furtherListeners = ["unix:\(folder.path)/gate.sock"]
            $0.lines = ["public_url: https://app.test"]
        }
        defer { fixture.stop() }
        var clients = try (1...5).map { _ in try fixture.gate.connect() }
        for client in clients {
            try client.send(Attack("/public/a").request)
            #expect(try client.response().status == 200)
        }
        let surplus = try fixture.gate.connect()
        let response = try surplus.response()
        #expect(response.status == 503)
        #expect(response.reason == "overloaded")
        #expect(response.value("Retry-After") != nil)
        #expect(surplus.isClosedByPeer())
        let local = RawConnection(try Socket.connect(toFile: folder.path + "/gate.sock"))
        try local.send(Attack("/public/a").request)
        #expect(try local.response().status == 200)
        clients.removeLast()
        let served = Deadline.after(.seconds(5)).waits {
            (try? fixture.gate.exchange(Attack("/public/a").request))?.status == 200
        }
        #expect(served)
    }

    @Test("F9: without descriptors the gate waits for some, lives and does not spin")
    func descriptors() throws {
        let upstream = try EchoUpstream()
        let folder = try TemporaryFolder("limits")
        var configuration = GateProcess.Configuration(upstreamPort: upstream.port)
        configuration.issuerKeys = ["test": TestIssuer.shared.keySet]
        let file = try configuration.write(to: folder)
        // As a service manager starts it that allows few.
        let gate = try ChildProcess(
            "/bin/sh",
            [
                "-c", "ulimit -n 60; exec \"$0\" serve --config \"$1\"",
                try BuiltProgram.ostiary.path(), file,
            ])
        defer { gate.stop() }
        let line = try gate.line(containing: "listening on http", within: .seconds(20))
        let port = try #require(
            line.firstRange(of: "http://127.0.0.1:").flatMap { range in
                UInt16(line[range.upperBound...].prefix { $0.isNumber })
            })
        var clients = try (1...120).map { _ in try RawConnection(port: port) }
        #expect(
            Deadline.after(.seconds(5)).waits { (openDescriptors(of: gate.pid) ?? 0) >= 59 })
        let before = try #require(processorTicks(of: gate.pid))
        usleep(3_000_000)
        let used = try #require(processorTicks(of: gate.pid)) - before
        #expect(used < 100, "\(used) ticks of 10 ms in 3 s")
        #expect(gate.exitStatus == nil)
        clients.removeAll()
        let served = Deadline.after(.seconds(10)).waits {
            guard let client = try? RawConnection(port: port),
                (try? client.send(Attack("/public/a").request)) != nil
            else { return false }
            return (try? client.response(within: .seconds(3)))?.status == 200
        }
        #expect(served)
    }

    @Test("idle connections that have been used cost at most 8 KiB each")
    func idleCost() throws {
        let fixture = try GateFixture { $0.limits = ["connections_per_address": "3000"] }
        defer { fixture.stop() }
        func use(_ count: Int) throws -> [RawConnection] {
            try (1...count).map { _ in
                let client = try fixture.gate.connect()
                try client.send(Attack("/public/a").request)
                #expect(try client.response().status == 200)
                return client
            }
        }
        // What the first connections bring about belongs to the base.
        var clients = try use(200)
        usleep(600_000)
        let base = try #require(residentMemory(of: fixture.gate.pid))
        let count = 1_500
        clients += try use(count)
        usleep(600_000)
        let cost = try (#require(residentMemory(of: fixture.gate.pid)) - base) / count
        #expect(cost <= 8 << 10, "\(cost) bytes each")
        #expect(clients.count == 200 + count)
    }
}
