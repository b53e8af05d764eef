/// What connects client and gate, and gate and upstream.
package enum GateTransport: Sendable, CaseIterable {
    case tcp
    case unixSockets
}

/// One gate with its echo upstream, shared by the tests of a suite.
package final class GateFixture: Sendable {
    package let upstream: EchoUpstream
    package let gate: GateProcess
    package let issuer = TestIssuer.shared
    package let transport: GateTransport
    /// The sockets.
    private let folder: TemporaryFolder?

    /// Starts both; `adjust` changes the gate's configuration first.
    package init(
        over transport: GateTransport = .tcp,
        _ adjust: (inout GateProcess.Configuration) -> Void = { _ in }
    ) throws {
        self.transport = transport
        var configuration: GateProcess.Configuration
        switch transport {
        case .tcp:
            folder = nil
            upstream = try EchoUpstream()
            configuration = GateProcess.Configuration(upstreamPort: upstream.port)
        case .unixSockets:
            let folder = try TemporaryFolder("sockets")
            self.folder = folder
            upstream = EchoUpstream(try Socket.listen(atFile: folder.path + "/app.sock"))
            configuration = GateProcess.Configuration(upstreamPort: 0)
            configuration.upstreamURL = "unix:\(folder.path)/app.sock"
            configuration.furtherListeners = ["unix:\(folder.path)/gate.sock"]
            configuration.clientSocket = folder.path + "/gate.sock"
            configuration.lines = ["public_url: https://app.test"]
        }
        configuration.issuerKeys = ["test": issuer.keySet]
        adjust(&configuration)
        gate = try GateProcess(configuration)
    }

    /// What the gate calls a client: behind a Unix socket there is no address.
    package var clientAddress: String { transport == .tcp ? "127.0.0.1" : "unknown" }

    /// Ends both processes before the object goes.
    package func stop() {
        gate.stop()
        upstream.stop()
    }

    /// The fixture of the suite that is running.
    @TaskLocal package static var current: GateFixture?
}
