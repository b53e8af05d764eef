import Foundation
import Logging
import TestSupport
import Testing

@testable import Endpoints

@Suite("the operator's address", .serialized, .blocking)
struct AdminServerTests {
    private static let causes = ["no keys of the issuer `corp`: \"x\"\u{1B}[31m\nnot found"]

    private func get(_ path: String, host: String, port: UInt16) throws -> RawResponse {
        let client = try RawConnection(port: port)
        try client.send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
        return try client.response()
    }

    private func serving(_ test: (UInt16) throws -> Void) async throws {
        let server = AdminServer(
            host: "127.0.0.1", port: 0,
            readiness: { AdminServer.Readiness(causes: Self.causes) },
            metrics: { "ostiary_test 1\n" }, logger: Logger(label: "test"))
        let port = Locked<Int?>(nil)
        let task = Task(priority: .userInitiated) {
            try await server.run { bound in port.withLock { $0 = bound } }
        }
        defer { task.cancel() }
        #expect(Deadline.after(.seconds(20)).waits { port.withLock { $0 } != nil })
        try test(UInt16(try #require(port.withLock { $0 })))
    }

    @Test("tells tools on this machine, whatever they call it")
    func local() async throws {
        try await serving { port in
            for host in [
                "127.0.0.1", "127.0.0.1:\(port)", "LOCALHOST:\(port)", "[::1]:9", "127.1.2.3",
            ] {
                let answer = try get("/metrics", host: host, port: port)
                #expect(answer.status == 200, "\(host)")
                #expect(latin1(answer.body) == "ostiary_test 1\n")
            }
            let readiness = try get("/readyz", host: "localhost", port: port)
            #expect(readiness.status == 503)
            // One line, in which nothing acts on a terminal.
            #expect(readiness.body.count { $0 < 0x20 } == 1)
        }
    }

    @Test("tells nothing to a page whose name has been made to lead here")
    func rebinding() async throws {
        try await serving { port in
            let hosts = [
                "attacker.test", "attacker.test:\(port)", "localhost.attacker.test",
                "127.0.0.1.attacker.test", "[::2]", "10.0.0.1", "0.0.0.0",
            ]
            for host in hosts {
                for path in ["/metrics", "/readyz"] {
                    let answer = try get(path, host: host, port: port)
                    #expect(answer.status == 421, "\(host)")
                    #expect(answer.body.isEmpty)
                }
            }
        }
    }
}
