import Foundation
import ReverseProxy
import TestSupport
import Testing

/// What only two real connections show: who may still write when one of them has gone wrong.
@Suite("a client's and an upstream's connection", .serialized, .blocking)
struct ConnectionTests {
    @Test("a request body that goes wrong behind an early answer puts no second answer into it")
    func faultBehindEarlyAnswer() async throws {
        let upstream = try EchoUpstream()
        upstream.script("/api/early", .early("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nstart"))
        let token = try TestIssuer.shared.alice()
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            try client.send(
                "POST /api/early HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            #expect(try client.responseHead().status == 200)
            #expect(latin1(try client.bytes(5)) == "start")
            try client.send("no chunk size\r\n")
            #expect(client.isClosedByPeer())
        }
    }

    @Test("a broken answer looks broken to an HTTP/1.0 client, which has only the connection's end")
    func brokenAnswerToOldClient() async throws {
        let upstream = try EchoUpstream()
        upstream.script(
            "/public/broken",
            .paced(
                [
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                    "5\r\nhal",
                ], pause: .milliseconds(200), thenClose: true))
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            try client.send("GET /public/broken HTTP/1.0\r\nHost: app.test\r\n\r\n")
            #expect(try client.responseHead().status == 200)
            #expect(latin1(try client.bytes(5)) == "hello")
            #expect(throws: SocketError.self, "a reset, not an end") {
                while true { _ = try client.bytes(1) }
            }
        }
    }

    @Test("what came of an answer reaches the client, though its end went missing")
    func brokenAnswer() async throws {
        let upstream = try EchoUpstream()
        upstream.script(
            "/public/broken",
            .bytes("HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\nhello", thenClose: true))
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            for _ in 0..<50 {
                let client = try proxy.connect()
                try client.send("GET /public/broken HTTP/1.1\r\nHost: app.test\r\n\r\n")
                #expect(try client.responseHead().status == 200)
                #expect(latin1(try client.bytes(5)) == "hello")
                #expect(client.isClosedByPeer())
            }
        }
    }

    @Test(
        "an answer to HEAD has no body, whatever was wrong with the request",
        arguments: ["/a//b", "/public/%zz", "/public/a?#", "/nothing", "/admin/x"])
    func refusedHead(target: String) async throws {
        let upstream = try EchoUpstream()
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            try client.send("HEAD \(target) HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try client.response(toHead: true).status >= 400)
            try client.send("GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try client.response().status == 200)
        }
    }

    @Test("a host that is none closes the connection, to HEAD without a body too")
    func refusedHeadHost() async throws {
        let upstream = try EchoUpstream()
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            try client.send("HEAD /public/a HTTP/1.1\r\nHost: a b\r\n\r\n")
            #expect(try client.response(toHead: true).status == 400)
            #expect(client.isClosedByPeer())
        }
    }

    @Test("thousands of pipelined requests to an upstream that is down are each answered")
    func pipelinedWhileDown() async throws {
        let upstream = try EchoUpstream()
        upstream.stop()
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            let request = "GET /public/ HTTP/1.1\r\nHost: app.test\r\n\r\n"
            let count = 3_000
            try client.send(String(repeating: request, count: count))
            var statuses = Set<Int>()
            for _ in 0..<count { statuses.insert(try client.response().status) }
            #expect(statuses == [502])
        }
    }

    @Test("a client that reads no answers is not read from for ever")
    func refusalsUnread() async throws {
        let upstream = try EchoUpstream()
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect(receiveBuffer: 4096)
            let request = wireBytes("GET /nothing HTTP/1.1\r\nHost: app.test\r\n\r\n")
            let flood = Array(repeatElement(request, count: 1_000).joined())
            for _ in 0..<200 {
                guard client.sendTolerantly(flood, within: .seconds(1)) else { break }
            }
            let answered = proxy.settledLogLineCount()
            // What kernel and proxy hold of the answers, at more than 300 bytes each.
            #expect((1..<50_000).contains(answered), "answered \(answered)")
            let other = try proxy.connect()
            try other.send("GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try other.response().status == 200)
            // Once the client reads, it gets the rest.
            for _ in 0..<60_000 { #expect(try client.response().status == 401) }
        }
    }

    @Test("a slow reader gets all of an answer that ends with the connection")
    func slowReaderOfLastAnswer() async throws {
        let upstream = try EchoUpstream()
        let size = 6 << 20
        upstream.script(
            "/public/large",
            .bytes(
                "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"
                    + String(repeating: "x", count: size), thenClose: false))
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect(receiveBuffer: 4096)
            try client.send(
                "GET /public/large HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n")
            #expect(try client.responseHead().framing == .length(size))
            var left = size
            // Until the proxy is done with the exchange and the rest stands in buffers.
            while left > 0, proxy.logLines(with: "/public/large", within: .zero).isEmpty {
                left -= try client.bytes(min(left, 16 << 10)).count
                usleep(2_000)
            }
            #expect(left > 0)
            // Longer than the wait that begins behind the answer's last byte.
            usleep(3_000_000)
            while left > 0 { left -= try client.bytes(min(left, 64 << 10)).count }
            #expect(client.isClosedByPeer())
        }
    }

    @Test("a request is sent again even at the limit of connections, and the next follows")
    func retryAtTheLimit() async throws {
        let upstream = try EchoUpstream()
        upstream.script("/public/hang", .hangUp)
        try await RunningProxy.with(upstream: upstream.port) {
            $0.limits.connections = 1
        } _: { proxy in
            let client = try proxy.connect()
            func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: app.test\r\n\r\n" }
            try client.send(get("/public/a"))
            #expect(try client.response().status == 200)
            try client.send(get("/public/hang") + get("/public/b"))
            #expect(try client.response().status == 502)
            #expect(try client.response(within: .seconds(3)).status == 200)
            #expect(upstream.hits(path: "/public/hang") == 2)
        }
    }

    @Test("a request that was answered in part is not sent again")
    func noRetryBehindInformationalAnswer() async throws {
        let upstream = try EchoUpstream()
        upstream.script(
            "/public/hint", .bytes("HTTP/1.1 103 Early Hints\r\n\r\n", thenClose: true))
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            try client.send("GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try client.response().status == 200)
            try client.send("GET /public/hint HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try client.response().status == 502)
            #expect(upstream.hits(path: "/public/hint") == 1)
        }
    }

    @Test("a body that is cut off by a reset never looks complete")
    func resetInsideCloseDelimitedBody() async throws {
        let upstream = try ScriptedUpstream { socket, _ in
            // Of the request only a part is read: closing then resets the connection.
            _ = try socket.receive(upTo: 10, by: .after(.seconds(5)))
            try socket.send(
                wireBytes("HTTP/1.1 200 OK\r\n\r\npart of a body"), by: .after(.seconds(5)))
            usleep(200_000)
        }
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            try client.send("GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(throws: (any Error).self) { try client.response() }
        }
    }

    @Test(
        "a body behind an answer that has none never becomes somebody else's answer",
        arguments: [
            ("HEAD", "200 OK", "Content-Length: 41"), ("HEAD", "200 OK", "X-Length: unknown"),
            ("GET", "204 No Content", "Content-Length: 41"),
            ("GET", "304 Not Modified", "Content-Length: 41"),
        ])
    func strayBody(method: String, status: String, field: String) async throws {
        let upstream = try ScriptedUpstream { socket, _ in
            while let bytes = try socket.receive(by: .after(.seconds(5))) {
                guard !latin1(bytes).contains("/public/victim") else {
                    try socket.send(
                        wireBytes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"),
                        by: .after(.seconds(5)))
                    continue
                }
                try socket.send(
                    wireBytes("HTTP/1.1 \(status)\r\n\(field)\r\n\r\n"), by: .after(.seconds(5)))
                // Until the connection would have been given to the next request.
                usleep(50_000)
                try socket.send(
                    wireBytes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"),
                    by: .after(.seconds(5)))
            }
        }
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            try client.send("\(method) /public/stray HTTP/1.1\r\nHost: app.test\r\n\r\n")
            _ = try client.response(toHead: true)
            let victim = try proxy.connect()
            try victim.send("GET /public/victim HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try victim.response().text == "good")
        }
    }

    @Test("the log says who broke an answer off")
    func logOfTruncatedAnswer() async throws {
        let upstream = try EchoUpstream()
        upstream.script(
            "/public/cut",
            .bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", thenClose: true))
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            try client.send("GET /public/cut HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(throws: (any Error).self) { try client.response() }
            let lines = proxy.logLines(with: "/public/cut")
            #expect(lines.count == 1)
            #expect(lines.first?.contains("upstream closed inside the answer") == true)
        }
    }

    @Test("connections that failed or were given up leave room for others")
    func poolCountsConnections() async throws {
        let upstream = try EchoUpstream()
        upstream.script("/public/silent", .silence)
        upstream.script("/public/hang", .hangUp)
        upstream.script("/public/bad", .bytes("this is no status line\r\n\r\n", thenClose: false))
        try await RunningProxy.with(upstream: upstream.port) {
            $0.limits.connections = 2
        } _: { proxy in
            for round in 0..<12 {
                let client = try proxy.connect()
                let path = ["/public/silent", "/public/hang", "/public/bad"][round % 3]
                try client.send("GET \(path) HTTP/1.1\r\nHost: app.test\r\n\r\n")
                if round % 3 == 0 {
                    #expect(Deadline.after(.seconds(3)).waits { upstream.hits > round })
                    client.close()
                } else {
                    #expect(try client.response().status == 502)
                }
            }
            upstream.stop()
            for _ in 0..<4 {
                let client = try proxy.connect()
                try client.send("GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n")
                #expect(try client.response().status == 502)
            }
            try upstream.restart()
            let client = try proxy.connect()
            try client.send("GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try client.response().status == 200)
        }
    }
}
