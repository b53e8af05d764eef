import Foundation
import ReverseProxy
import TestSupport
import Testing

/// If the app is reached, the bytes on its wire are those that were matched, and one request in is one
/// request out: whatever clients send, and however they cut it.
@Suite("random connections through a proxy", .serialized, .blocking)
struct WirePropertyTests {
    @Test("what the app receives is what was decided on, request by request")
    func property() async throws {
        let upstream = try EchoUpstream()
        upstream.answerAll(.bytes("HTTP/1.1 204 No Content\r\n\r\n", thenClose: false))
        let fixture = try Fixture()
        let gatekeeper = fixture.gatekeeper
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            var random = RandomConnection(SeededGenerator(for: "random connections"))
            random.mostMessages = 6
            random.hosts.usual = try Self.hosts()
            random.fields.usual += [
                "X-Auth-User: root", "x_auth_user: root", "X-Original-URL: /a", "X-Kept: 1",
            ]
            random.fields.odd += Self.oddFields
            var client: RawConnection?
            var answers = 0
            var forwarded = 0
            let rounds = propertyRounds(10_000)
            while answers < rounds {
                random.targets = Self.targets(&random)
                let bytes = random.requests()
                let expected = ExpectedExchanges(of: bytes, gatekeeper: gatekeeper)
                let connection = try client ?? proxy.connect()
                let isRight = try exchange(
                    random.cut(bytes), expected, on: connection, with: upstream)
                guard isRight else {
                    Issue.record(
                        "\(latin1(bytes).debugDescription), seed \(random.random.seed)")
                    return
                }
                answers += expected.answers.count
                forwarded += expected.forwarded.count
                client = expected.closes || expected.waits ? nil : connection
            }
            #expect(forwarded > rounds / 8, "\(forwarded) of \(answers) were forwarded")
            // All that the app could not read were requests that the client did not end.
            #expect(upstream.faults.allSatisfy { $0.contains("ends") }, "\(upstream.faults)")
        }
    }

    /// Whether the proxy did what it must.
    private func exchange(
        _ pieces: [[UInt8]], _ expected: ExpectedExchanges, on client: RawConnection,
        with upstream: EchoUpstream
    ) throws -> Bool {
        for piece in pieces {
            guard client.sendTolerantly(piece) else { break }
        }
        for answer in expected.answers {
            let received: RawResponse
            do {
                received = try client.response(toHead: answer.toHead)
            } catch {
                Issue.record("no answer: \(error)")
                return false
            }
            let isRight =
                answer.isForwarded
                ? received.status == 204 : received.status >= 400 || received.status == 204
            #expect(isRight, "\(received.statusLine) \(received.text)")
            guard isRight else { return false }
        }
        if expected.closes, !client.isClosedByPeer() {
            Issue.record("left open")
            return false
        }
        let received = upstream.takeRequests()
        let seen = received.map {
            ExpectedExchanges.Forwarded(
                requestLine: $0.requestLine, identity: $0.values(folded: "X-Auth-User"),
                body: $0.body, trailer: $0.trailerLines)
        }
        #expect(seen == expected.forwarded)
        let isClean = received.allSatisfy { request in
            Self.neverPassed.allSatisfy { request.values(folded: $0).isEmpty }
                && request.values("Host").count == 1
        }
        #expect(isClean, "\(received.map(\.headerLines))")
        return seen == expected.forwarded && isClean
    }

    private static let neverPassed = [
        "X-Original-URL", "X-HTTP-Method-Override", "Connection", "Upgrade", "TE", "Trailer",
        "Expect", "Authorization", "X-Ostiary-Assertion", "Proxy-Connection",
    ]

    private static func hosts() throws -> [String] {
        let credential = "Authorization: Bearer \(try TestIssuer.shared.alice())"
        return [
            "Host: app.test\r\n\(credential)", "\(credential)\r\nhost:APP.test:80",
            "Host: app.test.\r\n\(credential)", "Host: app.test",
        ]
    }

    private static let oddFields = [
        "X.Auth!User: root", "X-HTTP-Method-Override: DELETE", "X-Ostiary-Assertion: e30.e30.",
        "Connection: X-Auth-User", "Authorization: Bearer x", "Origin: https://b.test",
        "Access-Control-Request-Method: PUT", "Forwarded: for=1", "Transfer_Encoding: chunked",
        "Content_Length: 3", "Host: evil.test",
    ]

    /// Below known routes more often than not.
    private static func targets(
        _ random: inout RandomConnection
    ) -> (usual: [String], odd: [String]) {
        func target(_ pieces: [String]) -> String {
            var target = random.pick(
                ["/api", "/api", "/api", "/api", "/api", "/public", "/users/alice", "/admin"])
            for _ in 0..<random.pick([1, 1, 2, 3]) {
                target += "/" + random.pick(pieces) + random.pick(pieces)
            }
            return target + random.pick(["", "", "?x=../admin", "?a//b", "?%41"])
        }
        return (
            (0..<6).map { _ in target(harmless) },
            (0..<6).map { _ in target(harmless + hostile) }
        )
    }

    private static let harmless = [
        "a", "Z", "9", "-", "~", "a.b", "@", ":", "!", "=", ";v=1", "%20", "%61", "%7E", "%c3%a9",
        "%40", "%24", "x",
    ]
    private static let hostile = [
        ".", "..", "%2e", "..;", "%2f", "%5c", "%25", "%3b", "%23", "%3f", "%00", "%0a", "%ff",
        "%c0%ae", "%zz", "%", "\\", "\"", "<", "^", "|", "{", "\u{E9}", "", "/", "//", "%2e%2e",
    ]
}
