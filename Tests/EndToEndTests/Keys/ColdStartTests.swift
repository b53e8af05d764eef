import TestSupport
import Testing

@Suite("a gate that has no keys yet", .serialized, .blocking)
struct ColdStartTests {
    @Test("case 79: a thousand requests at once cause one fetch, and all are served")
    func crowd() async throws {
        let server = try KeyServer.start(keys: [TestIssuer.shared.es256])
        server.mode = .delayed(.milliseconds(1_500))
        try await withKeyGate(["test": server]) { fixture in
            let token = try fixture.token(TestIssuer.shared.es256)
            let requests = Array(repeating: KeyGate.request(token), count: 1_000)
            #expect(try fixture.readiness().status == 503)
            let answers = try fixture.gate.exchangeTogether(requests)
            #expect(answers.filter { $0.status != 200 }.map(\.status) == [])
            #expect(server.fetchCount == 1)
            #expect(fixture.upstream.requests.count == 1_000)
            #expect(try fixture.readiness().status == 200)
        }
    }

    @Test("an issuer that cannot be reached keeps no others waiting, and is back when it is back")
    func unreachable() async throws {
        let server = try KeyServer.start(keys: [TestIssuer.shared.es256])
        server.stop()
        try await withKeyGate(["test": server]) { fixture in
            let token = try fixture.token(TestIssuer.shared.es256)
            let client = try fixture.gate.connect()
            let start = ContinuousClock.now
            try client.send("GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try client.response().status == 200)
            #expect(ContinuousClock.now - start < .seconds(1))
            try client.send(KeyGate.request(token))
            let refused = try client.response()
            #expect(refused.status == 503)
            #expect(refused.reason == "keys_unavailable")
            #expect(refused.value("retry-after") != nil)
            let readiness = try fixture.readiness()
            #expect(readiness.status == 503)
            #expect(readiness.text.contains("`test`"))
            try server.restart()
            try fixture.waitUntilReady()
            #expect(try fixture.status(token) == 200)
        }
    }
}
