import ReverseProxy
import TestSupport
import Testing

/// Requests over real sockets, with a signer that says how often it was asked.
@Suite("assertions over sockets", .serialized, .blocking)
struct AssertionExchangeTests {
    private static let policy = AssertionFixture.policy("{}")

    private func post(_ path: String, _ token: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n"
            + "Content-Length: 5\r\n\r\nhello"
    }

    @Test(
        "where signing fails nothing of the request reaches the app, and the next one is answered")
    func failure() async throws {
        let upstream = try EchoUpstream()
        defer { upstream.stop() }
        let token = try TestIssuer.shared.alice()
        let failing = CountingSigner(failing: AssertionFailure("the assertion cannot be signed"))
        try await RunningProxy.with(
            upstream: upstream.port, assertionSigner: failing, policy: Self.policy
        ) { proxy in
            let client = try proxy.connect()
            try client.send(post("/api/x", token))
            let answer = try client.response()
            #expect(answer.status == 503 && answer.reason == "assertion_unavailable")
            #expect(answer.values("retry-after") == ["1"])
            #expect(upstream.hits == 0)
            let line = proxy.logLines(with: "assertion_unavailable")
            #expect(line.first?.contains("the assertion cannot be signed") == true)
            #expect(line.first?.contains("alice") == false)
            // Who needs no assertion is served, also on the same connection if it is still there.
            let visitor = try proxy.connect()
            try visitor.send("GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try visitor.response().status == 200)
            await proxy.sign(with: CountingSigner("new"))
            let other = try proxy.connect()
            try other.send(post("/api/x", token))
            #expect(try other.response().status == 200)
            #expect(
                upstream.requests.last?.values(folded: "X-Ostiary-Assertion") == ["new-1"])
            #expect(upstream.hits == 2)
        }
    }

    @Test("when the key changes, every request that comes later is signed with the new one")
    func rotation() async throws {
        let upstream = try EchoUpstream()
        defer { upstream.stop() }
        let token = try TestIssuer.shared.alice()
        try await RunningProxy.with(
            upstream: upstream.port, assertionSigner: CountingSigner("key-0"), policy: Self.policy
        ) { proxy in
            let client = try proxy.connect()
            for number in 0..<20 {
                if number > 0 { await proxy.sign(with: CountingSigner("key-\(number)")) }
                for _ in 0..<3 {
                    try client.send(post("/api/x", token))
                    #expect(try client.response().status == 200)
                }
                let values = upstream.requests.suffix(3).flatMap {
                    $0.values(folded: "X-Ostiary-Assertion")
                }
                #expect(values == Array(repeating: "key-\(number)-1", count: 3))
            }
        }
    }
}
