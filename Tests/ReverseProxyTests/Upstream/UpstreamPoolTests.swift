import Foundation
import ReverseProxy
import TestSupport
import Testing

@Suite("the pool of upstream connections", .serialized)
struct UpstreamPoolTests {
    private let request = "GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n"
    private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test("at the limit requests wait for an answer of another, and are then served")
    func waits() async throws {
        let upstream = try EchoUpstream()
        upstream.script(
            "/public/slow", .paced(["", ok], pause: .milliseconds(400), thenClose: false))
        try await RunningProxy.with(
            upstream: upstream.port,
            adjusting: {
                $0.limits.upstreamRequests = 1
                $0.timeouts.upstreamWait = .seconds(8)
            }
        ) { proxy in
            let clients = try (1...4).map { _ in try proxy.connect() }
            for client in clients {
                try client.send(request.replacing("/public/a", with: "/public/slow"))
            }
            for client in clients { #expect(try client.response().status == 200) }
            #expect(upstream.connectionCount == 1)
        }
    }

    @Test("who waits for too long, or is one too many, is told to come back")
    func busy() async throws {
        let upstream = try EchoUpstream()
        upstream.script("/public/silent", .silence)
        try await RunningProxy.with(
            upstream: upstream.port,
            adjusting: {
                $0.limits.upstreamRequests = 1
                $0.limits.upstreamWaiting = 1
                $0.timeouts.upstreamWait = .milliseconds(500)
            }
        ) { proxy in
            let holder = try proxy.connect()
            try holder.send(request.replacing("/public/a", with: "/public/silent"))
            #expect(Deadline.after(.seconds(3)).waits { upstream.hits == 1 })
            let waiting = try proxy.connect()
            try waiting.send(request)
            // Whichever of the two came first waits, and the other does not.
            let other = try proxy.connect()
            try other.send(request)
            for client in [waiting, other] {
                let response = try client.response()
                #expect(response.status == 503)
                #expect(response.reason == "upstream_busy")
                #expect(response.values("retry-after") == ["1"])
            }
            #expect(upstream.hits == 1)
            // Once the holder has gone there is room again, on the same client connections.
            holder.close()
            let served = try Deadline.after(.seconds(5)).waits {
                try waiting.send(request)
                return try waiting.response().status == 200
            }
            #expect(served)
        }
    }

    @Test("a waiting client that goes leaves its place to the next")
    func leavesQueue() async throws {
        let upstream = try EchoUpstream()
        upstream.script(
            "/public/slow", .paced(["", ok], pause: .milliseconds(900), thenClose: false))
        try await RunningProxy.with(
            upstream: upstream.port,
            adjusting: {
                $0.limits.upstreamRequests = 1
                $0.limits.upstreamWaiting = 1
                $0.timeouts.upstreamWait = .seconds(8)
            }
        ) { proxy in
            let holder = try proxy.connect()
            try holder.send(request.replacing("/public/a", with: "/public/slow"))
            #expect(Deadline.after(.seconds(3)).waits { upstream.hits == 1 })
            let impatient = try proxy.connect()
            try impatient.send(request)
            _ = try? impatient.nextBytes(within: .milliseconds(100))
            impatient.close()
            _ = try? impatient.nextBytes(within: .milliseconds(100))
            let patient = try proxy.connect()
            try patient.send(request)
            #expect(try holder.response().status == 200)
            #expect(try patient.response().status == 200)
            #expect(upstream.hits == 2)
        }
    }

    @Test("a connection is used for its lifetime and no longer")
    func lifetime() async throws {
        let upstream = try EchoUpstream()
        try await RunningProxy.with(
            upstream: upstream.port,
            adjusting: { $0.timeouts.upstreamLifetime = .milliseconds(600) }
        ) { proxy in
            let client = try proxy.connect()
            let end = Deadline.after(.milliseconds(1500))
            while !end.hasPassed {
                try client.send(request)
                #expect(try client.response().status == 200)
            }
            #expect((2...4).contains(upstream.connectionCount), "\(upstream.connectionCount)")
        }
    }

    @Test("an upstream that moves is found at its new address, and of several each is tried")
    func moves() async throws {
        let old = try EchoUpstream()
        let addresses = Locked(["127.0.0.1"])
        try await RunningProxy.with(
            upstream: old.port,
            adjusting: { settings in
                settings.upstream = .init(host: "app.internal", port: settings.upstream.port)
                settings.timeouts.upstreamLifetime = .milliseconds(300)
                settings.lookUp = { name in
                    name == "app.internal" ? addresses.withLock { $0 } : []
                }
            }
        ) { proxy in
            let client = try proxy.connect()
            try client.send(request)
            #expect(try client.response().status == 200)
            // It is still there, but its name leads nowhere; what is open lives on for a while only.
            addresses.withLock { $0 = [] }
            let isLost = try Deadline.after(.seconds(5)).waits {
                try client.send(request)
                return try client.response().status == 502
            }
            #expect(isLost)
            // Nobody listens at the first of the two.
            addresses.withLock { $0 = ["127.0.0.9", "127.0.0.1"] }
            try client.send(request)
            #expect(try client.response().status == 200)
        }
    }

    @Test("a request is sent a second time, and never a third")
    func repeats() async throws {
        let accepted = Locked(0)
        let upstream = try ScriptedUpstream { [ok] socket, number in
            accepted.withLock { $0 += 1 }
            _ = try socket.receive(by: .after(.seconds(5)))
            // The first connection answers once; whatever comes later is never answered.
            if number == 0 {
                try socket.send(wireBytes(ok), by: .after(.seconds(5)))
                _ = try socket.receive(by: .after(.seconds(5)))
            }
            socket.disconnect()
        }
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            try client.send(request)
            #expect(try client.response().status == 200)
            try client.send(request)
            #expect(try client.response().status == 502)
            #expect(accepted.withLock { $0 } == 2)
        }
    }
}
