import Foundation
import ReverseProxy
import TestSupport
import Testing

@Suite("trailers on their way through a proxy", .serialized, .blocking)
struct TrailerTests {
    private static let hostile = [
        "X-Auth-User: root", "x_auth_user: root", "Host: evil.test",
        "Authorization: Bearer x", "Set-Cookie: a=b", "X-Original-URL: /admin",
    ]

    @Test("H3: a request's trailers reach the app without what they may not hold")
    func requests() async throws {
        let upstream = try EchoUpstream()
        let token = try TestIssuer.shared.alice()
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            let lines = ["X-Checksum: 1"] + Self.hostile + ["Digest: abc"]
            let request =
                "POST /api/x HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
                + lines.map { $0 + "\r\n" }.joined() + "\r\n"
            for pieces in [[wireBytes(request)], wireBytes(request).map { [$0] }] {
                for piece in pieces { try client.send(piece) }
                #expect(try client.response().status == 200)
                let received = try #require(upstream.requests.last)
                #expect(received.trailerLines == ["X-Checksum: 1", "Digest: abc"])
                #expect(latin1(received.body) == "abc")
                #expect(received.values(folded: "X-Auth-User") == ["alice"])
            }
            // Nothing of them is left for the next request.
            try client.send(
                "POST /api/y HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            _ = try client.response()
            #expect(upstream.requests(path: "/api/y").map(\.trailerLines) == [[]])
        }
    }

    @Test("F4: malformed trailers of a request are 400, and the app gets no whole request")
    func malformedRequests() async throws {
        let upstream = try EchoUpstream()
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            for line in [
                "X-T : 1", " X: y", ":", "X-T: a\nb: c", "X-T", "X\u{0}: a", "Content-Length: 5",
            ] {
                let client = try proxy.connect()
                _ = client.sendTolerantly(
                    wireBytes(
                        "POST /api/x HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n"
                            + "Authorization: Bearer \(try TestIssuer.shared.alice())\r\n"
                            + "\r\n3\r\nabc\r\n0\r\n\(line)\r\n\r\n"))
                #expect(try client.response().status == 400, "\(line)")
                #expect(client.isClosedByPeer())
            }
            #expect(upstream.requests.isEmpty)
        }
    }

    private static let answer =
        "HTTP/1.1 200 OK\r\nTrailer: X-Checksum\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "2;a=b\r\nok\r\n0\r\nX-Checksum: 1\r\n" + hostile.map { $0 + "\r\n" }.joined()
        + "Server-Timing: a\r\n\r\n"

    @Test("F11: an answer's trailers reach the client without what they may not hold")
    func answers() async throws {
        let upstream = try EchoUpstream()
        upstream.script("/public/a", .bytes(Self.answer, thenClose: false))
        upstream.script(
            "/public/b",
            .paced(
                Self.answer.unicodeScalars.map { String($0) }, pause: .microseconds(50),
                thenClose: false))
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            for path in ["a", "b", "a"] {
                try client.send("GET /public/\(path) HTTP/1.1\r\nHost: app.test\r\n\r\n")
                let answer = try client.response()
                #expect(answer.text == "ok")
                #expect(answer.values("Trailer") == [])
                // X-Original-URL means something to apps only.
                #expect(
                    answer.trailerLines == [
                        "X-Checksum: 1", "X-Original-URL: /admin", "Server-Timing: a",
                    ])
            }
        }
    }

    @Test("a client of HTTP/1.0 gets the body alone, until the connection ends")
    func oldClients() async throws {
        let upstream = try EchoUpstream()
        upstream.script("/public/a", .bytes(Self.answer, thenClose: false))
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            let client = try proxy.connect()
            try client.send(
                "GET /public/a HTTP/1.0\r\nHost: app.test\r\nConnection: keep-alive\r\n\r\n")
            let answer = try client.response()
            #expect(answer.framing == .close)
            #expect(answer.text == "ok")
            #expect(answer.values("Connection") == ["close"])
        }
    }

    @Test("F11: after malformed trailers of an answer nothing looks like its end")
    func malformedAnswers() async throws {
        let upstream = try EchoUpstream()
        try await RunningProxy.with(upstream: upstream.port) { proxy in
            for line in ["X-T : 1", " X: y", "X-T: a\nb: c", "X-T", "Content-Length: 1"] {
                upstream.script(
                    "/public/bad",
                    .bytes(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
                            + "\(line)\r\n\r\n", thenClose: false))
                let client = try proxy.connect()
                try client.send("GET /public/bad HTTP/1.1\r\nHost: app.test\r\n\r\n")
                let whole = try? client.response()
                #expect(whole == nil || whole?.status == 502, "\(line)")
            }
        }
    }
}
