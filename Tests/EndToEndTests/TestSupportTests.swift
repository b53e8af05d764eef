import TestSupport
import Testing

@Suite("the test support by itself")
struct TestSupportTests {
    @Test("echoes the raw request and counts it")
    func echo() throws {
        let upstream = try EchoUpstream()
        let client = try RawConnection(port: upstream.port)
        try client.send(
            "POST /a?b HTTP/1.1\r\nHost: x\r\nX_Auth.User: q\r\nTransfer-Encoding: chunked\r\n\r\n")
        try client.send("3;e=1\r\nabc\r\n0\r\nX-T: 1\r\n\r\n")
        let response = try client.response()
        #expect(response.status == 200)
        #expect(response.text.contains("POST /a?b HTTP/1.1"))
        let request = try #require(upstream.requests.first)
        #expect(request.values(folded: "X-AUTH-USER") == ["q"])
        #expect(latin1(request.rawBody) == "3;e=1\r\nabc\r\n0\r\nX-T: 1\r\n\r\n")
        #expect(request.trailerLines == ["X-T: 1"])
        #expect(upstream.hits == 1)
        #expect(upstream.hits(path: "/a") == 1)
        try client.send("HEAD /b HTTP/1.1\r\n\r\n")
        #expect(try client.response(toHead: true).status == 200)
    }

    @Test("stops, refuses, and comes back on the same port")
    func restart() throws {
        let upstream = try EchoUpstream()
        let client = try RawConnection(port: upstream.port)
        try client.send("GET / HTTP/1.1\r\n\r\n")
        #expect(try client.response().status == 200)
        upstream.stop()
        #expect(client.isClosedByPeer())
        #expect(throws: SocketError.self) { try RawConnection(port: upstream.port) }
        try upstream.restart()
        let again = try RawConnection(port: upstream.port)
        try again.send("GET / HTTP/1.1\r\n\r\n")
        #expect(try again.response().status == 200)
    }

    @Test("plays scripted answers")
    func scripts() throws {
        let upstream = try EchoUpstream()
        upstream.script(
            "/paced",
            .paced(
                ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "a", "b"],
                pause: .milliseconds(20), thenClose: true))
        upstream.script("/silent", .silence)
        upstream.script("/hang", .hangUp)
        let client = try RawConnection(port: upstream.port)
        try client.send("GET /paced HTTP/1.1\r\n\r\n")
        #expect(try client.response().text == "ab")
        #expect(client.isClosedByPeer())
        let other = try RawConnection(port: upstream.port)
        try other.send("GET /silent HTTP/1.1\r\n\r\n")
        #expect(throws: SocketError.self) { try other.response(within: .milliseconds(100)) }
        let third = try RawConnection(port: upstream.port)
        try third.send("GET /hang HTTP/1.1\r\n\r\n")
        #expect(third.isClosedByPeer())
    }

    @Test("collects what a child writes and how it ends")
    func child() throws {
        let child = try ChildProcess("/bin/sh", ["-c", "echo out; echo err >&2; exit 3"])
        #expect(child.exitStatus(within: .seconds(5)) == 3)
        #expect(child.standardOutput == "out\n")
        #expect(child.standardError == "err\n")
        let sleeper = try ChildProcess("/bin/sleep", ["100"])
        #expect((residentMemory(of: sleeper.pid) ?? 0) > 0)
        sleeper.stop()
        #expect(sleeper.exitStatus == 143)
    }
}
