import AccessPolicy
import Admission
import Cryptography
import Foundation
import ReverseProxy
import TestSupport
import Testing
import TokenVerification

/// Requests for the gateway's own endpoints, over real sockets, with a responder that says what it got.
@Suite("own endpoints", .serialized, .blocking)
struct LocalExchangeTests {
    @Test("the responder gets the whole request, and its answer goes out framed by the gateway")
    func wholeRequest() async throws {
        try await serving { proxy, responder, upstream in
            let client = try proxy.connect()
            for body in ["Content-Length: 5\r\n\r\nhello", chunked("hel", "lo")] {
                try client.send(
                    "POST /_ostiary/echo?q=1 HTTP/1.1\r\nHost: app.test\r\nX-Note: a b\r\n"
                        + "X-Auth-User: root\r\nAuthorization: Bearer stale\r\n" + body)
                let answer = try client.answer()
                #expect(answer.status == 200)
                #expect(latin1(answer.body) == "hello")
                #expect(answer.value("content-length") == "5")
                #expect(answer.value("x-split") == nil, "a value that would end its line")
            }
            let seen = responder.requests
            #expect(seen.count == 2)
            for request in seen {
                #expect(latin1(request.path) == "/_ostiary/echo")
                #expect(latin1(request.query) == "?q=1")
                #expect(request.clientAddress == "127.0.0.1")
                #expect(request.bearer == nil)
                let names = request.fields.map(\.name)
                #expect(names.contains("x-note"))
                #expect(!names.contains("authorization") && !names.contains("x-auth-user"))
                #expect(!names.contains("content-length") && !names.contains("host"))
            }
            #expect(upstream.hits == 0)
            let line = proxy.logLines(with: "own.echo")
            #expect(line.first?.contains("\"status\":200") == true)
            #expect(line.first?.contains("stale") == false)
        }
    }

    @Test("an endpoint for bearers is never asked without one, and is told who asks")
    func bearer() async throws {
        let session = SessionID.random()
        let token = try TestIssuer.shared.token { $0.setting("sid", "\"\(session)\"") }
        try await serving { proxy, responder, _ in
            let client = try proxy.connect()
            try client.send("GET /_ostiary/me HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try client.answer().status == 401)
            let mine =
                "GET /_ostiary/me HTTP/1.1\r\nHost: app.test\r\n"
                + "Authorization: Bearer \(token)\r\n\r\n"
            try client.send(mine)
            #expect(try client.answer().status == 200)
            #expect(responder.requests.map { $0.bearer?.token.sessionID } == [session])
            let now = Int64(unixTime())
            await proxy.deny([
                .session(SessionRevocation(session: session, until: now + 60))
            ])
            try client.send(mine)
            #expect(try client.answer().status == 401)
            #expect(responder.requests.count == 1)
            #expect(!proxy.logLines(with: "token_revoked").isEmpty)
        }
    }

    @Test("a session that ends while the server starts is refused from its first request on")
    func deniedEarly() async throws {
        let session = SessionID.random()
        let token = try TestIssuer.shared.token { $0.setting("sid", "\"\(session)\"") }
        let end = Int64(unixTime()) + 60
        let denial = Revocation.session(SessionRevocation(session: session, until: end))
        try await serving(denyingEarly: [denial]) { proxy, responder, _ in
            let client = try proxy.connect()
            try client.send(
                "GET /_ostiary/me HTTP/1.1\r\nHost: app.test\r\n"
                    + "Authorization: Bearer \(token)\r\n\r\n")
            #expect(try client.answer().status == 401)
            #expect(responder.requests.isEmpty)
        }
    }

    @Test("a body over the limit is refused before it is read, or as soon as it is")
    func largeBody() async throws {
        try await serving { proxy, responder, _ in
            let honest = try proxy.connect()
            try honest.send(
                "POST /_ostiary/echo HTTP/1.1\r\nHost: app.test\r\nContent-Length: 65537\r\n\r\n")
            #expect(try honest.answer().status == 413)
            let dripping = try proxy.connect()
            try dripping.send(
                "POST /_ostiary/echo HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            let piece = String(repeating: "x", count: 4096)
            for _ in 0..<17 { try dripping.send("1000\r\n\(piece)\r\n") }
            #expect(try dripping.answer().status == 413)
            let most = String(repeating: "y", count: 65_536)
            let fitting = try proxy.connect()
            try fitting.send(
                "POST /_ostiary/echo HTTP/1.1\r\nHost: app.test\r\nContent-Length: 65536\r\n\r\n"
                    + most)
            #expect(latin1(try fitting.answer().body) == most)
            #expect(responder.requests.count == 1)
        }
    }

    @Test("pipelined requests are answered in order, own and forwarded ones alike")
    func pipelined() async throws {
        try await serving { proxy, _, upstream in
            let client = try proxy.connect()
            let own = "POST /_ostiary/echo HTTP/1.1\r\nHost: app.test\r\nContent-Length: 1\r\n\r\n"
            let other = "GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n"
            try client.send(own + "1" + other + own + "2" + own + "3")
            #expect(latin1(try client.answer().body) == "1")
            #expect(try client.answer().status == 200)
            #expect(latin1(try client.answer().body) == "2")
            #expect(latin1(try client.answer().body) == "3")
            #expect(upstream.hits == 1)
        }
    }

    @Test("HEAD and 204 have no body, and the connection goes on")
    func withoutBody() async throws {
        try await serving { proxy, _, _ in
            let client = try proxy.connect()
            try client.send("HEAD /_ostiary/echo HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try client.answer(toHead: true).status == 200)
            try client.send("GET /_ostiary/empty HTTP/1.1\r\nHost: app.test\r\n\r\n")
            let empty = try client.answer()
            #expect(empty.status == 204 && empty.body.isEmpty)
            #expect(empty.value("content-length") == nil)
            try client.send("GET /_ostiary/empty HTTP/1.0\r\nHost: app.test\r\n\r\n")
            #expect(try client.answer().status == 204)
            #expect(client.isClosedByPeer())
        }
    }

    @Test("who asks for leave to send a body gets it, and the answer after")
    func expectation() async throws {
        try await serving { proxy, _, _ in
            let client = try proxy.connect()
            try client.send(
                "POST /_ostiary/echo HTTP/1.1\r\nHost: app.test\r\nExpect: 100-continue\r\n"
                    + "Content-Length: 2\r\n\r\n")
            #expect(try client.responseHead(within: patience).status == 100)
            try client.send("ok")
            #expect(latin1(try client.answer().body) == "ok")
        }
    }

    @Test("a client that goes away takes nothing with it, and a slow answer reaches nobody else")
    func goneClient() async throws {
        try await serving { proxy, responder, _ in
            let leaving = try proxy.connect()
            try leaving.send("GET /_ostiary/slow HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(Deadline.after(patience).waits { responder.requests.count == 1 })
            leaving.close()
            responder.release()
            let staying = try proxy.connect()
            try staying.send("GET /_ostiary/slow HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(latin1(try staying.answer().body) == "slow")
            #expect(responder.requests.count == 2)
        }
    }

    @Test("an answer that does not come in time is given up")
    func stalled() async throws {
        try await serving(adjusting: { $0.timeouts.responseHead = .seconds(1) }) {
            proxy, _, _ in
            let client = try proxy.connect()
            try client.send("GET /_ostiary/slow HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try client.answer().status == 503)
            #expect(client.isClosedByPeer())
        }
    }

    @Test("the stop waits for a responder whose client has gone, as long as it waits for clients")
    func stopping() async throws {
        let upstream = try EchoUpstream()
        let responder = EchoResponder()
        try await RunningProxy.with(upstream: upstream.port, localResponder: responder) { proxy in
            let leaving = try proxy.connect()
            try leaving.send("GET /_ostiary/slow HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(Deadline.after(patience).waits { responder.requests.count == 1 })
            leaving.close()
            Task {
                try await Task.sleep(for: .milliseconds(200))
                responder.release()
            }
            await proxy.stop(within: patience)
            #expect(responder.answers == 1)
            // The loops are there for who still has to tell them something.
            await proxy.deny([.session(SessionRevocation(session: .random(), until: .max))])
        }
    }

    @Test("a responder that does not answer holds up no stop for longer than clients may")
    func stuckResponder() async throws {
        let upstream = try EchoUpstream()
        let responder = EchoResponder()
        try await RunningProxy.with(upstream: upstream.port, localResponder: responder) { proxy in
            let leaving = try proxy.connect()
            try leaving.send("GET /_ostiary/slow HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(Deadline.after(patience).waits { responder.requests.count == 1 })
            leaving.close()
            await proxy.stop(within: .milliseconds(100))
            #expect(responder.answers == 0)
        }
        // What it says now reaches a loop that is there.
        responder.release()
        #expect(Deadline.after(patience).waits { responder.answers == 1 })
    }

    @Test("beyond its share of own requests a loop says so at once, and still forwards")
    func overload() async throws {
        try await serving { proxy, responder, _ in
            let waiting = try (0..<256).map { _ in try proxy.connect() }
            for client in waiting {
                try client.send("GET /_ostiary/slow HTTP/1.1\r\nHost: app.test\r\n\r\n")
            }
            let late = try proxy.connect()
            var status = 0
            // Until all of the others have begun.
            _ = Deadline.after(patience).waits {
                try? late.send("GET /_ostiary/empty HTTP/1.1\r\nHost: app.test\r\n\r\n")
                status = (try? late.answer().status) ?? 0
                return status == 503 || status == 0
            }
            #expect(status == 503)
            let other = try proxy.connect()
            try other.send("GET /public/a HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try other.answer().status == 200)
            responder.release()
            for client in waiting { #expect(try client.answer().status == 200) }
        }
    }

    @Test(
        "what is no endpoint goes the way of every request",
        arguments: ["/public/_ostiary/echo", "/_ostiar", "/.well-known/other"])
    func others(_ path: String) async throws {
        try await serving { proxy, responder, _ in
            let client = try proxy.connect()
            try client.send("GET \(path) HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try client.answer().status == (path.hasPrefix("/public") ? 200 : 401))
            #expect(responder.requests.isEmpty)
        }
    }

    @Test(
        "a path that is an endpoint's in one reading only is refused",
        arguments: [
            "/_OSTIARY/echo", "/_ostiary;x/echo", "/_ostiary./echo", "/x/..%2F_ostiary/echo",
            "/_ostiary/e%2563ho",
        ])
    func twoReadings(_ path: String) async throws {
        try await serving { proxy, responder, upstream in
            let client = try proxy.connect()
            try client.send("GET \(path) HTTP/1.1\r\nHost: app.test\r\n\r\n")
            #expect(try client.answer().status == 400)
            #expect(responder.requests.isEmpty)
            #expect(upstream.hits == 0)
        }
    }

    private func serving(
        denyingEarly early: [Revocation] = [],
        adjusting adjust: (inout ProxySettings) -> Void = { _ in },
        _ test: (RunningProxy, EchoResponder, EchoUpstream) async throws -> Void
    ) async throws {
        let upstream = try EchoUpstream()
        let responder = EchoResponder()
        defer { responder.release() }
        try await RunningProxy.with(
            upstream: upstream.port, localResponder: responder, denyingEarly: early,
            adjusting: adjust
        ) { proxy in
            try await test(proxy, responder, upstream)
        }
    }

    private func chunked(_ pieces: String...) -> String {
        "Transfer-Encoding: chunked\r\n\r\n"
            + pieces.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
            + "0\r\n\r\n"
    }
}

/// The responder's tasks share their threads with every test that runs at the moment.
private let patience = Duration.seconds(60)

extension RawConnection {
    fileprivate func answer(toHead: Bool = false) throws -> RawResponse {
        try response(toHead: toHead, within: patience)
    }
}

/// Answers with the body that it got, and remembers every request.
private final class EchoResponder: LocalResponder {
    private let seen = Locked<[LocalRequest]>([])
    private let isReleased = Locked(false)
    private let answered = Locked(0)

    /// Lets what waits be answered: requests for `slow`.
    func release() { isReleased.withLock { $0 = true } }

    var requests: [LocalRequest] { seen.withLock { $0 } }

    /// How many answers have been given.
    var answers: Int { answered.withLock { $0 } }

    func endpoint(_ method: AccessPolicy.Method, _ path: [UInt8]) -> LocalEndpoint? {
        guard path.starts(with: "/_ostiary/".utf8) else { return nil }
        let name = latin1(Array(path.dropFirst("/_ostiary/".utf8.count)))
        return LocalEndpoint(id: "own.\(name)", needsBearer: name == "me")
    }

    func respond(to request: LocalRequest) async -> LocalResponse {
        seen.withLock { $0.append(request) }
        defer { answered.withLock { $0 += 1 } }
        switch request.endpoint.id {
        case "own.empty":
            return LocalResponse(status: 204)
        case "own.slow":
            while !isReleased.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(20)) }
            return LocalResponse(status: 200, body: Array("slow".utf8))
        default:
            return LocalResponse(
                status: 200,
                fields: [("Content-Type", "text/plain"), ("X-Split", "a\r\nSet-Cookie: b")],
                body: request.body)
        }
    }
}
