import Foundation
import ReverseProxy
import TestSupport
import Testing

@Suite("a proxy among peers that break every rule", .serialized, .blocking)
struct DisorderTests {
    @Test("serves and has room again as soon as they stop")
    func recovers() async throws {
        var random = SeededGenerator(for: "peers in disorder")
        let upstream = try UnreliableUpstream(random)
        let token = try TestIssuer.shared.alice()
        try await RunningProxy.with(upstream: upstream.port) {
            $0.limits.connections = 6
            $0.timeouts.requestHead = .milliseconds(300)
            $0.timeouts.responseHead = .milliseconds(300)
            $0.timeouts.streamIdle = .milliseconds(300)
        } _: { proxy in
            var clients: [RawConnection] = []
            for _ in 0..<propertyRounds(400) {
                if clients.count < 5, random.pick([true, false]) || clients.isEmpty {
                    clients.append(try proxy.connect(receiveBuffer: random.pick([nil, 4096])))
                }
                let index = Int.random(in: 0..<clients.count, using: &random)
                switch Int.random(in: 0..<8, using: &random) {
                case 0: clients.remove(at: index).close()
                case 1: _ = clients.remove(at: index)
                case 2, 3: _ = try? clients[index].nextBytes(within: .milliseconds(3))
                default:
                    let text = random.pick(Self.requests(token))
                    for part in random.cut(wireBytes(text), longest: random.pick([7, 9_000])) {
                        guard clients[index].sendTolerantly(part, within: .milliseconds(3)) else {
                            break
                        }
                    }
                }
            }
            upstream.behave()
            clients.removeAll()
            for _ in 0..<3 { #expect(Self.isServedAgain(proxy)) }
        }
    }

    /// Six exchanges at once, as many as there is room for.
    private static func isServedAgain(_ proxy: RunningProxy) -> Bool {
        Deadline.after(.seconds(8)).waits {
            guard let clients = try? (0..<6).map({ _ in try proxy.connect() }) else { return false }
            for client in clients {
                _ = client.sendTolerantly(
                    wireBytes("GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n"))
            }
            return clients.allSatisfy {
                (try? $0.response(within: .seconds(2)))?.status == 200
            }
        }
    }

    private static func requests(_ token: String) -> [String] {
        let get = "GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n"
        let post = "POST /api/x HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n"
        return [
            get, get, get + get + get, "HEAD /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n",
            "GET /nothing HTTP/1.1\r\nHost: app.test\r\n\r\n", "GET /public/a HTTP/1.0\r\n\r\n",
            "GET /public/a HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n", "GET /publ",
            post + "Content-Length: 5\r\n\r\nhello" + get, post + "Content-Length: 50\r\n\r\nhello",
            post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + get,
            post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", post + "\r\n",
            post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX",
            post + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", "nonsense\r\n\r\n",
            post + "Content-Length: 90000\r\n\r\n" + String(repeating: "y", count: 90_000) + get,
        ]
    }
}
