import Foundation
import TestSupport
import Testing

@Suite("Unix sockets and IPv6", .blocking, .serialized)
struct UnixSocketTests {
    @Test("a request comes over a Unix socket and goes on over another")
    func bothSides() throws {
        let folder = try TemporaryFolder("unix")
        let upstream = EchoUpstream(try Socket.listen(atFile: folder.path + "/app.sock"))
        let gate = try gate(folder)
        defer { gate.stop() }
        let client = RawConnection(try Socket.connect(toFile: folder.path + "/gate.sock"))
        for path in ["/public/a", "/public/b"] {
            try client.send(Attack(path).request)
            #expect(try client.response().status == 200)
        }
        #expect(upstream.requests.map(\.path) == ["/public/a", "/public/b"])
        #expect(upstream.connectionCount == 1, "the connection is kept")
        #expect(upstream.faults == [])
    }

    @Test("nobody passes who may not, whatever the request came over")
    func refusal() throws {
        let folder = try TemporaryFolder("unix")
        let upstream = EchoUpstream(try Socket.listen(atFile: folder.path + "/app.sock"))
        let gate = try gate(folder)
        defer { gate.stop() }
        let client = RawConnection(try Socket.connect(toFile: folder.path + "/gate.sock"))
        try client.send(Attack("/admin/x").request)
        #expect(try client.response().status == 401)
        #expect(upstream.hits == 0)
    }

    @Test(
        "the socket has the mode that is set, whatever the umask",
        arguments: [("0660", 0o660), ("0600", 0o600), ("0666", 0o666)])
    func mode(text: String, bits: Int) throws {
        let folder = try TemporaryFolder("unix")
        let gate = try gate(folder, lines: ["listener_mode: \"\(text)\""])
        defer { gate.stop() }
        let attributes = try FileManager.default.attributesOfItem(
            atPath: folder.path + "/gate.sock")
        #expect(attributes[.posixPermissions] as? Int == bits)
    }

    @Test("the name goes with the gate that stops, and stays with one that is killed")
    func removal() throws {
        let folder = try TemporaryFolder("unix")
        let socket = folder.path + "/gate.sock"
        let first = try gate(folder)
        first.stop()
        #expect(!FileManager.default.fileExists(atPath: socket))
        let second = try gate(folder)
        second.killNow()
        #expect(Deadline.after(.seconds(5)).waits { !second.isRunning })
        #expect(FileManager.default.fileExists(atPath: socket))
        // Nobody listens there any more, so the next one takes its place.
        let upstream = EchoUpstream(try Socket.listen(atFile: folder.path + "/app.sock"))
        let third = try gate(folder)
        defer { third.stop() }
        let client = RawConnection(try Socket.connect(toFile: socket))
        try client.send(Attack("/public/a").request)
        #expect(try client.response().status == 200)
        #expect(upstream.hits == 1)
    }

    @Test("a socket on which somebody listens is left alone")
    func living() throws {
        let folder = try TemporaryFolder("unix")
        let first = try gate(folder)
        defer { first.stop() }
        let problem = #expect(throws: SupportError.self) { _ = try gate(folder) }
        #expect(
            problem.map { "\($0)" }?.contains(
                "another process listens there; stop it or choose another path") == true)
        let client = RawConnection(try Socket.connect(toFile: folder.path + "/gate.sock"))
        try client.send(Attack("/admin/x").request)
        #expect(try client.response().status == 401, "the first still answers")
    }

    @Test("a file that is no socket is left alone")
    func foreignFile() throws {
        let folder = try TemporaryFolder("unix")
        try folder.write("gate.sock", "precious")
        let problem = #expect(throws: SupportError.self) { _ = try gate(folder) }
        #expect(problem.map { "\($0)" }?.contains("that is no socket; move it away") == true)
        #expect(
            try String(contentsOfFile: folder.path + "/gate.sock", encoding: .utf8) == "precious")
    }

    @Test("an app that comes back at its path, as another process, is found without a restart")
    func replacedUpstream() throws {
        let folder = try TemporaryFolder("unix")
        let path = folder.path + "/app.sock"
        let gate = try gate(folder)
        defer { gate.stop() }
        #expect(try gate.exchange(Attack("/public/a").request).status == 502)
        let client = try gate.connect()
        for round in 1...3 {
            let upstream = EchoUpstream(try Socket.listen(atFile: path))
            try client.send(Attack("/public/\(round)").request)
            #expect(try client.response().status == 200)
            #expect(upstream.hits == 1)
            upstream.stop()
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test("IPv6 on both sides")
    func six() throws {
        let port = try freePort()
        let upstream = EchoUpstream(try Socket.listen(onSix: port))
        let own = try freePort()
        var configuration = GateProcess.Configuration(upstreamPort: 0)
        configuration.issuerKeys = ["test": TestIssuer.shared.keySet]
        configuration.upstreamURL = "http://[::1]:\(port)"
        configuration.furtherListeners = ["[::1]:\(own)"]
        let gate = try GateProcess(configuration)
        defer { gate.stop() }
        let client = RawConnection(try Socket.connect(toSix: own))
        try client.send(Attack("/public/a").request)
        #expect(try client.response().status == 200)
        #expect(upstream.requests.first?.values("x-forwarded-for") == ["::1"])
    }

    private func gate(_ folder: TemporaryFolder, lines: [String] = []) throws -> GateProcess {
        var configuration = GateProcess.Configuration(upstreamPort: 0)
        configuration.issuerKeys = ["test": TestIssuer.shared.keySet]
        configuration.upstreamURL = "unix:\(folder.path)/app.sock"
        configuration.furtherListeners = ["unix:\(folder.path)/gate.sock"]
        configuration.lines = ["public_url: https://app.test"] + lines
        return try GateProcess(configuration)
    }
}
