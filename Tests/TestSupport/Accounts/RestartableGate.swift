/// A gate that is ended in any way and started again on the same folder, with its upstream.
package final class RestartableGate {
    package let upstream: EchoUpstream
    package let folder: TemporaryFolder
    package private(set) var gate: GateProcess
    private let configuration: GateProcess.Configuration

    /// Starts both. `prepare` is called before the first start, with the folder whose `data` will be
    /// the data folder.
    package init(
        _ adjust: (inout GateProcess.Configuration) -> Void,
        prepare: (TemporaryFolder) throws -> Void = { _ in }
    ) throws {
        upstream = try EchoUpstream()
        folder = try TemporaryFolder("gate")
        var configuration = GateProcess.Configuration(upstreamPort: upstream.port)
        adjust(&configuration)
        self.configuration = configuration
        try prepare(folder)
        gate = try GateProcess(configuration, in: folder)
    }

    /// The data folder.
    package var data: String { folder.path + "/data" }

    /// Starts the gate again; the one before must have ended.
    package func start() throws {
        gate = try GateProcess(configuration, in: folder)
    }

    /// Kills the gate and starts it again.
    package func restartAfterKill() throws {
        gate.killNow()
        try start()
    }

    /// Lets the gate end in order and starts it again.
    package func restart() throws {
        gate.stop()
        try start()
    }

    /// Ends both.
    package func stop() {
        gate.stop()
        upstream.stop()
    }
}
