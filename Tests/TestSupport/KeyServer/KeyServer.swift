import Foundation

/// An issuer's web server: its metadata and its key set over real HTTPS, good or as broken as a test
/// wants it, switched while it runs.
///
///     let server = try KeyServer.start(keys: [key])
///     // Configure: issuer `server.issuer`, trusted certificates `server.certificateFile`,
///     // private addresses allowed; then
///     server.mode = .html
///     #expect(server.fetchCount == 2)
///
/// It is a process of its own on the loopback interface and ends with the object. Its certificate is
/// for `localhost` and 127.0.0.1, and is signed by an authority made for this test run.
package final class KeyServer: Sendable {
    /// One request that came, to any path.
    package struct Request: Sendable {
        /// Path and query.
        package let path: String
        package let isHTTPS: Bool
        /// `name: value`, the name in lower case.
        package let headerLines: [String]

        package func values(_ name: String) -> [String] { fieldValues(name, in: headerLines) }
    }

    /// The port of the HTTPS side.
    package let port: UInt16
    /// The port of the side without TLS, which answers the same.
    package let plainPort: UInt16

    private struct State {
        var keys: [TestKey]
        var mode = KeyServerMode.good
        var metadata = KeyServerMetadata.good
        var process: ChildProcess?
        var controlPort: UInt16
        /// What earlier processes of a server that was started again had seen.
        var earlier: [Request] = []
    }
    private let state: Locked<State>
    private let certificate: TestCertificates.Files
    /// The certificate of the authority to trust, in PEM.
    package let certificateFile: String

    /// Starts a server that publishes these keys.
    package static func start(
        keys: [TestKey] = [], certificate: TestCertificates.Kind = .good
    ) throws -> KeyServer {
        let authority = try TestCertificates.shared.get()
        let server = try KeyServer(
            keys: keys, certificateFile: authority.authorityFile,
            certificate: authority.files(certificate))
        server.apply()
        return server
    }

    private init(
        keys: [TestKey], certificateFile: String, certificate: TestCertificates.Files
    ) throws {
        self.certificate = certificate
        self.certificateFile = certificateFile
        let started = try Self.launch(certificate, port: 0, plainPort: 0)
        port = started.port
        plainPort = started.plainPort
        state = Locked(
            State(keys: keys, process: started.process, controlPort: started.controlPort))
    }

    deinit { state.withLock { $0.process }?.killNow() }

    /// The issuer's name, which is the start of its metadata's URL.
    package var issuer: String { "https://localhost:\(port)" }

    /// Where the key set is: what `mode` changes.
    package var keySetURL: String { issuer + Self.keySetPath }

    package static let keySetPath = "/jwks"
    package static let metadataPath = "/.well-known/openid-configuration"

    /// The keys of the good set. Assigning is a rotation.
    package var keys: [TestKey] {
        get { state.withLock { $0.keys } }
        set {
            state.withLock { $0.keys = newValue }
            apply()
        }
    }

    /// How the key set is served from now on.
    package var mode: KeyServerMode {
        get { state.withLock { $0.mode } }
        set {
            state.withLock { $0.mode = newValue }
            apply()
        }
    }

    /// How the metadata is served from now on.
    package var metadata: KeyServerMetadata {
        get { state.withLock { $0.metadata } }
        set {
            state.withLock { $0.metadata = newValue }
            apply()
        }
    }

    /// How often the key set has been asked for, at its usual place.
    package var fetchCount: Int { requestCount(Self.keySetPath) }

    /// How often a path has been asked for.
    package func requestCount(_ path: String) -> Int {
        requests.count { $0.path == path }
    }

    /// Waits until the key set has been asked for that often; returns whether it was.
    package func waitForFetches(_ count: Int, within limit: Duration = .seconds(10)) -> Bool {
        Deadline.after(limit).waits { fetchCount >= count }
    }

    /// All requests so far, in their order.
    package var requests: [Request] {
        state.withLock { $0.earlier } + ((try? seen())?.requests ?? [])
    }

    /// How many connections were opened to it, TLS or not, since it was last started.
    package var connectionCount: Int { (try? seen())?.connections ?? 0 }

    /// Answers a path of one's own from now on.
    package func script(_ path: String, _ answer: KeyServerAnswer) {
        do {
            let client = try RawConnection(port: state.withLock { $0.controlPort })
            let body = try JSONSerialization.data(withJSONObject: answer.document)
            let head = "PUT \(path) HTTP/1.1\r\nHost: c\r\nContent-Length: \(body.count)\r\n\r\n"
            try client.send(Array(head.utf8) + body)
            guard try client.response().status == 200 else { throw SupportError("refused") }
        } catch {
            preconditionFailure("the key server does not take orders: \(error)")
        }
    }

    /// Dies: nothing listens any more.
    package func stop() {
        let requests = requests
        let process = state.withLock { state in
            defer { state.process = nil }
            state.earlier = requests
            return state.process
        }
        process?.killNow()
    }

    /// Comes back on the same ports after `stop`.
    package func restart() throws {
        let started = try Self.launch(certificate, port: port, plainPort: plainPort)
        state.withLock {
            $0.process = started.process
            $0.controlPort = started.controlPort
        }
        apply()
    }

    /// Tells the process all that is to be answered; nothing while it is stopped.
    private func apply() {
        let (keys, mode, metadata, isRunning) = state.withLock {
            ($0.keys, $0.mode, $0.metadata, $0.process != nil)
        }
        guard isRunning else { return }
        script("/moved", .keySet(keys))
        script(Self.keySetPath, mode.answer(on: self, keys: keys))
        script(Self.metadataPath, metadata.answer(on: self))
    }

    private func seen() throws -> (requests: [Request], connections: Int) {
        let controlPort = try state.withLock { state in
            guard state.process != nil else { throw SupportError("it is stopped") }
            return state.controlPort
        }
        let client = try RawConnection(port: controlPort)
        try client.send("GET / HTTP/1.1\r\nHost: c\r\n\r\n")
        let object = try client.response().object()
        let requests = try (object.objects("requests") ?? []).map { request in
            guard let path = request.string("path"), let isHTTPS = request.bool("https") else {
                throw SupportError("the key server's account of a request is incomplete")
            }
            let lines = request.strings("headers") ?? []
            return Request(path: path, isHTTPS: isHTTPS, headerLines: lines)
        }
        return (requests, object.int("connections") ?? 0)
    }

    private static func launch(
        _ certificate: TestCertificates.Files, port: UInt16, plainPort: UInt16
    ) throws -> (process: ChildProcess, port: UInt16, plainPort: UInt16, controlPort: UInt16) {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        let process = try ChildProcess(
            "/usr/bin/python3",
            [
                "\(script)/key-server.py", certificate.certificate, certificate.privateKey,
                "\(port)", "\(plainPort)",
            ])
        let line = try process.line(containing: "ready", within: .seconds(20))
        let ports = line.split(separator: " ").dropFirst().compactMap { UInt16($0) }
        guard ports.count == 3 else { throw SupportError("the key server says `\(line)`") }
        return (process, ports[0], ports[1], ports[2])
    }
}
