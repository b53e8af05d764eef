package import Testing

/// Gives a suite its gate: started before the first test, stopped after the last. With several
/// transports all tests run over each.
///
/// The suite's tests run one after the other (the upstream's hit counter is theirs alone) and on a
/// thread of their own, because they block on sockets, which the shared pool must not.
package struct GateSuite: SuiteTrait, TestScoping {
    private let transports: [GateTransport]
    private let adjust: @Sendable (inout GateProcess.Configuration) -> Void

    package func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let thread = BlockingThread()
        defer { thread.finish() }
        try await withTaskExecutorPreference(thread) {
            for transport in transports { try await perform(function, over: transport) }
        }
    }

    private func perform(
        _ function: @Sendable @concurrent () async throws -> Void, over transport: GateTransport
    ) async throws {
        let fixture = try GateFixture(over: transport, adjust)
        defer { fixture.stop() }
        try await GateFixture.$current.withValue(fixture) { try await function() }
        // Whatever the tests sent, the gate lives, and ends in order when it is told to.
        #expect([nil, 0].contains(fixture.gate.exitStatus), "\(fixture.gate.log.suffix(4_000))")
        #expect(fixture.gate.stop() == 0, "\(fixture.gate.log.suffix(4_000))")
        let complaints = fixture.gate.log.split(separator: "\n").filter {
            $0.contains("Fatal error") || $0.contains("Sanitizer")
        }
        #expect(complaints == [])
    }

    init(
        over transports: [GateTransport] = [.tcp],
        adjust: @escaping @Sendable (inout GateProcess.Configuration) -> Void
    ) {
        self.transports = transports
        self.adjust = adjust
    }
}

extension Trait where Self == GateSuite {
    /// A gate and an echo upstream for this suite.
    package static var gate: GateSuite { GateSuite { _ in } }

    /// A gate and an echo upstream for this suite, first over TCP, then over Unix sockets.
    package static var gateOverAllTransports: GateSuite { gateOverAllTransports { _ in } }

    /// The same with another configuration.
    package static func gateOverAllTransports(
        _ adjust: @escaping @Sendable (inout GateProcess.Configuration) -> Void
    ) -> GateSuite {
        GateSuite(over: GateTransport.allCases, adjust: adjust)
    }

    /// A gate with another configuration for this suite.
    package static func gate(
        _ adjust: @escaping @Sendable (inout GateProcess.Configuration) -> Void
    ) -> GateSuite {
        GateSuite(adjust: adjust)
    }
}

/// Runs a suite's tests on a thread that may block, without a gate for them all.
package struct BlockingSuite: SuiteTrait, TestScoping {
    package func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let thread = BlockingThread()
        defer { thread.finish() }
        try await withTaskExecutorPreference(thread) { try await function() }
    }
}

extension Trait where Self == BlockingSuite {
    /// A thread that may block for this suite's tests.
    package static var blocking: BlockingSuite { BlockingSuite() }
}
