import Foundation
import TestSupport
import Testing

private let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
private let agreement =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    + "Sec-WebSocket-Accept: \(accept)\r\n\r\n"

/// A handshake with the key that RFC 6455 § 1.3 has as its example.
private func handshake(_ fields: [String] = [], path: String = "/ws/feed", token: String? = "A")
    -> Attack
{
    Attack(
        path, token: token,
        fields: [
            "Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ] + fields)
}

@Suite(
    "WebSockets through the gate",
    .gateOverAllTransports {
        $0.policy += "  - {id: feed, match: WEBSOCKET /ws/feed, allow: {role: viewer}}\n"
    }, .serialized)
struct WebSocketTests {
    @Test("W1: without a token a handshake is 401, and reaches nobody")
    func anonymous() throws {
        try expectBlocked(handshake(token: nil), status: [401], reason: "unauthenticated")
    }

    @Test(
        "W2: what is no sound handshake is refused",
        arguments: [
            ["Upgrade: websocket"], ["Upgrade: h2c"], ["Sec-WebSocket-Version: 13"],
            ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="], ["Content-Length: 1"],
            ["Origin: http://app.test", "Origin: http://app.test"],
        ])
    func unsound(fields: [String]) throws {
        try expectBlocked(handshake(fields), status: [400], reason: "bad_handshake")
    }

    @Test(
        "W3: a page of another origin is refused",
        arguments: ["https://evil.test", "null", "http://app.test:81", "http://app.test.evil.test"])
    func foreignOrigin(origin: String) throws {
        try expectBlocked(handshake(["Origin: \(origin)"]), status: [403], reason: "origin")
    }

    @Test("W7: a WebSocket to a route that is not for one is refused")
    func plainRoute() throws {
        try expectBlocked(
            handshake(path: "/api/x"), status: [403], reason: "upgrade_not_allowed")
    }

    @Test("another version than 13 is 426, and the answer says which is spoken")
    func version() throws {
        var attack = handshake().template
        attack = attack.replacing("Version: 13", with: "Version: 12")
        let answer = try expectBlocked(
            Attack(label: "version 12", raw: attack), status: [426],
            reason: "handshake_version")
        #expect(answer.value("Sec-WebSocket-Version") == "13")
    }

    @Test("W6: an app that answers otherwise opens no tunnel, and the connection speaks HTTP")
    func noTunnel() throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/ws/feed", .bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", thenClose: false))
        let client = try fixture.gate.connect()
        try client.send(handshake().request)
        #expect(try client.response().text == "ok")
        try client.send(Attack("/admin/x").request)
        #expect(try client.response().status == 401, "it is read as a request, and decided")
    }

    @Test("W6: what a client sends behind its handshake goes nowhere without a tunnel")
    func pipelined() throws {
        let fixture = try currentFixture()
        fixture.upstream.script(
            "/ws/feed", .bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", thenClose: false))
        let before = fixture.upstream.hits
        let client = try fixture.gate.connect()
        try client.send(handshake().request + Attack("/public/hidden").request)
        #expect(try client.response().text == "ok")
        #expect(client.isClosedByPeer())
        #expect(fixture.upstream.hits == before + 1)
    }

    @Test(
        "W6: a 101 that does not fit the handshake is 502",
        arguments: [
            agreement.replacing("xOo=", with: "xOp="),
            agreement.replacing("Upgrade: websocket", with: "Upgrade: foo"),
            agreement.replacing("Connection: Upgrade\r\n", with: ""),
            agreement.replacing("\r\n\r\n", with: "\r\nSec-WebSocket-Protocol: chat\r\n\r\n"),
            agreement.replacing("\r\n\r\n", with: "\r\nSec-WebSocket-Extensions: x\r\n\r\n"),
            agreement.replacing("\r\n\r\n", with: "\r\nContent-Length: 5\r\n\r\nhello"),
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        ])
    func wrongAgreement(answer: String) throws {
        let fixture = try currentFixture()
        fixture.upstream.script("/ws/feed", .bytes(answer, thenClose: false))
        let response = try fixture.gate.exchange(handshake().request)
        #expect(response.status == 502)
        #expect(response.reason == "upstream_invalid")
    }
}

@Suite("the bytes of a WebSocket", .blocking, .serialized)
struct WebSocketByteTests {
    @Test(
        "what the app sends last arrives whole, though the client has finished sending",
        arguments: GateTransport.allCases)
    func lastBytes(over transport: GateTransport) throws {
        let last = [UInt8](repeating: 0x61, count: 1 << 20)
        let fixture = try GateFixture(over: transport) {
            $0.policy += "  - {id: feed, match: WEBSOCKET /ws/feed, allow: {role: viewer}}\n"
        }
        defer { fixture.stop() }
        fixture.upstream.script("/ws/feed", .mirrorThen(agreement, last: latin1(last)))
        for _ in 1...3 {
            let client = try fixture.gate.connect()
            try client.send(handshake().request)
            #expect(try client.responseHead().status == 101)
            client.finishSending()
            // Much of it waits in the gate when the app is gone.
            for start in stride(from: 0, to: last.count, by: 16 << 10) {
                usleep(1_000)
                #expect(try client.bytes(16 << 10) == Array(last[start..<(start + (16 << 10))]))
            }
            #expect(client.isClosedByPeer())
        }
    }

    @Test(
        "W2: they are the same on both sides, both ways, and so are the ends",
        arguments: GateTransport.allCases)
    func bytes(over transport: GateTransport) throws {
        let folder = try TemporaryFolder("sockets")
        let listener =
            switch transport {
            case .tcp: try Socket.listen()
            case .unixSockets: try Socket.listen(atFile: folder.path + "/app.sock")
            }
        defer { listener.disconnect() }
        let received = Locked<[UInt8]>([])
        Thread.detachNewThread {
            while let app = listener.accept() {
                let limit = Deadline.after(.seconds(20))
                var head: [UInt8] = []
                while !latin1(head).contains("\r\n\r\n") {
                    guard let more = try? app.receive(by: limit) else { return }
                    head += more
                }
                try? app.send(wireBytes(agreement), by: limit)
                while let more = try? app.receive(by: limit) {
                    received.withLock { $0 += more }
                    try? app.send(more, by: limit)
                }
                app.finishSending()
            }
        }
        var configuration = GateProcess.Configuration(
            upstreamPort: transport == .tcp ? listener.localPort : 0)
        if transport == .unixSockets {
            configuration.upstreamURL = "unix:\(folder.path)/app.sock"
            configuration.furtherListeners = ["unix:\(folder.path)/gate.sock"]
            configuration.clientSocket = folder.path + "/gate.sock"
            configuration.lines = ["public_url: https://app.test"]
        }
        configuration.issuerKeys = ["test": TestIssuer.shared.keySet]
        configuration.policy += "  - {id: feed, match: WEBSOCKET /ws/feed, allow: {role: viewer}}\n"
        let gate = try GateProcess(configuration)
        defer { gate.stop() }
        let client = try gate.connect()
        let frames =
            Frame(.text, "hello", masked: true).bytes + Frame(.ping, "", masked: true).bytes
            + Frame(.binary, length: 70_000, masked: true).bytes + [0xFF, 0xFF, 0, 1, 2]
        // Some of it ahead of the answer: it waits for the tunnel.
        let request = handshake(["Origin: http://app.test"]).request
        try client.send(wireBytes(request) + frames.prefix(20))
        let answer = try client.responseHead()
        #expect(answer.status == 101)
        #expect(answer.value("Sec-WebSocket-Accept") == accept)
        try client.send(Array(frames.dropFirst(20)))
        #expect(try client.bytes(frames.count) == frames)
        #expect(received.withLock { $0 } == frames)
        client.finishSending()
        #expect(client.isClosedByPeer())
        #expect(gate.logLine(with: ["route.id=feed", "status=101"]) != nil)
    }
}

@Suite(
    "the gate's own frames",
    .gateOverAllTransports {
        $0.policy += "  - {id: feed, match: WEBSOCKET /ws/feed, allow: {role: viewer}}\n"
        $0.policy += "  - {id: short, match: WEBSOCKET /ws/short, allow: {role: viewer}, "
        $0.policy += "websocket: {max_age: 2s}}\n"
        $0.policy += "  - {id: bound, match: WEBSOCKET /ws/bound, allow: {role: viewer}, "
        $0.policy += "websocket: {max_age: token}}\n"
        $0.policy += "  - {id: kept, match: WEBSOCKET /ws/kept, allow: {role: viewer}, "
        $0.policy += "websocket: {on_expiry: keep, max_age: 9s}}\n"
        $0.lines += ["websocket: {ping_interval: 500ms, idle: 3s}"]
    }, .serialized)
struct OwnFrameTests {
    /// The next frames, up to a close frame or the end.
    private func frames(_ client: RawConnection) -> [Frame] {
        var bytes: [UInt8] = []
        var frames: [Frame] = []
        while let more = try? client.nextBytes(within: .seconds(8)) {
            bytes += more
            while let (frame, count) = Frame.first(of: bytes) {
                frames.append(frame)
                bytes.removeFirst(count)
                if frame.closeCode != nil { return frames }
            }
        }
        return frames
    }

    @Test(
        "a silent WebSocket is pinged, and ends behind a close frame",
        arguments: [("/ws/feed", "idle"), ("/ws/short", "max_age")])
    func ends(path: String, reason: String) throws {
        let fixture = try currentFixture()
        fixture.upstream.script(path, .paced([agreement], pause: .zero, thenClose: false))
        let client = try fixture.gate.connect()
        try client.send(handshake(path: path).request)
        #expect(try client.responseHead().status == 101)
        let frames = frames(client)
        #expect(frames.dropLast().count >= 2)
        #expect(frames.dropLast().allSatisfy { $0.opcode == Frame.Opcode.ping.rawValue })
        #expect(frames.last?.closeCode == 1001)
        #expect(frames.last?.text.hasSuffix(reason) == true)
        #expect(client.isClosedByPeer())
        #expect(fixture.gate.logLine(with: ["path=\(path)", "status=101", reason]) != nil)
    }

    private func token(expiringIn seconds: Int) throws -> String {
        let now = unixTime()
        return try TestIssuer.shared.token {
            $0.setting("iat", "\(now)").setting("exp", "\(now + seconds)")
        }
    }

    private func open(_ path: String, token: String) throws -> RawConnection {
        let fixture = try currentFixture()
        fixture.upstream.script(path, .paced([agreement], pause: .zero, thenClose: false))
        let client = try fixture.gate.connect()
        try client.send(
            handshake(["Authorization: Bearer \(token)"], path: path, token: nil).request)
        #expect(try client.responseHead().status == 101)
        return client
    }

    @Test("W4: a WebSocket ends with the token that opened it, to the second")
    func expiry() throws {
        let client = try open("/ws/bound", token: token(expiringIn: 3))
        let opened = ContinuousClock.now
        var last: Frame?
        // Its pings are answered, so that the client is not silent.
        var bytes: [UInt8] = []
        while last == nil, let more = try? client.nextBytes(within: .seconds(8)) {
            bytes += more
            while let (frame, count) = Frame.first(of: bytes) {
                bytes.removeFirst(count)
                if frame.closeCode != nil { last = frame }
                if frame.opcode == Frame.Opcode.ping.rawValue {
                    _ = client.sendTolerantly(Frame(.pong, frame.payload, masked: true).bytes)
                }
            }
        }
        let lasted = ContinuousClock.now - opened
        #expect(last?.closeCode == 4401)
        #expect(last?.text.hasSuffix("token_expired") == true)
        #expect(lasted > .seconds(1) && lasted < .seconds(4.5), "\(lasted)")
        let gate = try currentFixture().gate
        #expect(gate.logLine(with: ["path=/ws/bound", "status=101", "token_expired"]) != nil)
    }

    @Test("W4: where the policy says so a WebSocket outlives its token")
    func keptBeyondExpiry() throws {
        let client = try open("/ws/kept", token: token(expiringIn: 2))
        let end = Deadline.after(.seconds(4))
        while !end.hasPassed, let more = try? client.nextBytes(within: .seconds(1)) {
            guard let (frame, _) = Frame.first(of: more) else { continue }
            #expect(frame.closeCode == nil)
            _ = client.sendTolerantly(Frame(.pong, frame.payload, masked: true).bytes)
        }
        #expect(end.hasPassed)
    }

    @Test("the answer to a ping of the gateway's is not for the app; the client's own pongs are")
    func pongs() throws {
        let fixture = try currentFixture()
        fixture.upstream.script("/ws/feed", .mirror(agreement))
        let client = try fixture.gate.connect()
        try client.send(handshake().request)
        #expect(try client.responseHead().status == 101)
        let ping = try #require(frame(of: client))
        #expect(ping.opcode == Frame.Opcode.ping.rawValue)
        let own = Frame(.pong, "mine", masked: true).bytes
        let text = Frame(.text, "hello", masked: true).bytes
        try client.send(own + Frame(.pong, ping.payload, masked: true).bytes + text)
        // The app sends back what it gets.
        #expect(try client.bytes(own.count + text.count) == own + text)
    }

    private func frame(of client: RawConnection) -> Frame? {
        var bytes: [UInt8] = []
        while let more = try? client.nextBytes(within: .seconds(5)) {
            bytes += more
            if let (frame, _) = Frame.first(of: bytes) { return frame }
        }
        return nil
    }
}
