/// One gate with its echo upstream, shared by the tests of a suite.
package final class GateFixture: Sendable {
    package let upstream: EchoUpstream
    package let gate: GateProcess
    package let issuer = TestIssuer.shared

    /// Starts both; `adjust` changes the gate's configuration first.
    package init(_ adjust: (inout GateProcess.Configuration) -> Void = { _ in }) throws {
        upstream = try EchoUpstream()
        var configuration = GateProcess.Configuration(upstreamPort: upstream.port)
        configuration.issuerKeys = ["test": issuer.keySet]
        adjust(&configuration)
        gate = try GateProcess(configuration)
    }

    /// Ends both processes before the object goes.
    package func stop() {
        gate.stop()
        upstream.stop()
    }

    /// The fixture of the suite that is running.
    @TaskLocal package static var current: GateFixture?
}
