import NIOCore
import NIOPosix
import Testing
import sample_app

/// The server as its clients see it, over a real connection.
@Suite("Server")
struct AppServerTests {
    @Test("answers HEAD without a body and keeps the connection")
    func head() async throws {
        try await withServer { server in
            let answer = try await server.exchange(
                """
                HEAD /download/weather.csv HTTP/1.1\r
                Host: a\r
                \r
                GET /health HTTP/1.1\r
                Host: a\r
                Connection: close\r
                \r

                """)
            let parts = answer.components(separatedBy: "\r\n\r\n")
            #expect(parts.count == 3)
            #expect(parts[0].hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(parts[0].contains("Content-Length: 20005650"))
            #expect(parts[1].hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(parts[2] == "{\"status\":\"ok\"}\n")
        }
    }

    @Test("streams exactly the announced number of bytes")
    func download() async throws {
        try await withServer { server in
            let answer = try await server.exchange(
                "GET /download/large?bytes=3000000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            let parts = answer.components(separatedBy: "\r\n\r\n")
            #expect(parts[0].contains("Content-Length: 3000000"))
            #expect(parts[1].utf8.count == 3_000_000)
        }
    }

    @Test("ends the live feed after the events that were asked for")
    func live() async throws {
        try await withServer { server in
            let answer = try await server.exchange(
                "GET /live?count=3&interval_ms=10 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.contains("Content-Type: text/event-stream"))
            #expect(answer.components(separatedBy: "data: {\"at\":").count == 4)
            #expect(answer.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test("refuses a large body and closes the connection")
    func largeBody() async throws {
        try await withServer { server in
            let answer = try await server.exchange(
                "POST /api/notes HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n"
                    + String(repeating: "a", count: 20_000))
            #expect(answer.hasPrefix("HTTP/1.1 413 Payload Too Large\r\n"))
            #expect(answer.contains("Connection: close"))
        }
    }

    @Test("goes on serving when a client leaves in the middle of a large answer")
    func clientLeaves() async throws {
        try await withServer { server in
            _ = try await server.exchange(
                "GET /download/large?bytes=2000000000 HTTP/1.1\r\nHost: a\r\n\r\n",
                leavingAfter: 100_000)
            let answer = try await server.exchange(
                "GET /health HTTP/1.0\r\n\r\n")
            #expect(answer.hasSuffix("{\"status\":\"ok\"}\n"))
        }
    }

    @Test("says what to do when the port is taken")
    func portInUse() async throws {
        try await withServer { server in
            let port = server.port
            let error = #expect(throws: (any Error).self) {
                try AppServer(try weatherApp(), host: "127.0.0.1", port: port)
            }
            #expect(
                error.map { "\($0)" }
                    == "port \(port) on 127.0.0.1 is in use; choose another one with --port")
        }
    }
}

private func weatherApp() throws -> WeatherApp {
    WeatherApp(try .embedded(), clock: unixMilliseconds)
}

private func withServer(_ body: (AppServer) async throws -> Void) async throws {
    let server = try AppServer(try weatherApp(), host: "127.0.0.1", port: 0)
    do {
        try await body(server)
    } catch {
        try server.stop()
        throw error
    }
    try server.stop()
}

extension AppServer {
    /// Sends a text on a connection of its own and reads until the other side closes, or until so
    /// many bytes have come.
    fileprivate func exchange(
        _ text: String, leavingAfter limit: Int = .max
    ) async throws -> String {
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ByteBuffer()
            for try await var part in inbound {
                answer.writeBuffer(&part)
                if answer.readableBytes >= limit { break }
            }
            return String(buffer: answer)
        }
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [Substring] {
        self.split(separator: separator, omittingEmptySubsequences: false)
    }
}
