import Foundation
import TestSupport
import Testing

@Suite("many clients at once", .gate, .serialized)
struct ConcurrencyTests {
    @Test("every request keeps its own identity, path and body")
    func noMixing() throws {
        let fixture = try currentFixture()
        let mistakes = Locked<[String]>([])
        let clients = 12
        let rounds = 40
        // Real threads: the clients must be in each other's way.
        DispatchQueue.concurrentPerform(iterations: clients) { number in
            do {
                let user = "user-\(number)"
                let token = try TestIssuer.shared.token(user)
                let client = try fixture.gate.connect()
                for round in 1...rounds {
                    let body = "\(user)/\(round)"
                    let attack = Attack(
                        "/api/\(user)/\(round)", method: "POST",
                        fields: [
                            "Authorization: Bearer \(token)", "Content-Length: \(body.utf8.count)",
                        ], body: body)
                    try client.send(attack.request)
                    let echo = try client.response().text
                    let isOwn =
                        echo.contains("POST /api/\(user)/\(round) HTTP/1.1")
                        && echo.contains("X-Auth-User: \(user)\"")
                        && echo.contains("\"raw_body\":\"\(body)\"")
                    if !isOwn { mistakes.withLock { $0.append("\(body): \(echo)") } }
                }
            } catch {
                mistakes.withLock { $0.append("client \(number): \(error)") }
            }
        }
        #expect(mistakes.withLock { $0 } == [])
    }
}
