import Admission
import Foundation
import ReverseProxy
import TestSupport
import TokenVerification

/// A proxy inside the test process, with one event loop, in front of an upstream on loopback.
final class RunningProxy: Sendable {
    let port: UInt16
    private let server: ProxyServer
    private let log: LogLines

    private init(port: UInt16, server: ProxyServer, log: LogLines) {
        self.port = port
        self.server = server
        self.log = log
    }

    /// Runs `test` with a proxy that is stopped afterwards, whatever happens.
    static func with(
        upstream: UInt16, localResponder: (any LocalResponder)? = nil,
        evidenceSource: (any EvidenceSource)? = nil,
        assertionSigner: (any AssertionSigning)? = nil, policy: String = attackPolicy,
        keys: (KeySet, KeyAvailability)? = nil, denyingEarly early: [Revocation] = [],
        adjusting adjust: (inout ProxySettings) -> Void = { _ in },
        _ test: (RunningProxy) async throws -> Void
    ) async throws {
        let fixture = try Fixture(policy: policy)
        var settings = ProxySettings(
            listeners: [ProxySettings.Address(host: "127.0.0.1", port: 0)],
            upstream: ProxySettings.Address(host: "127.0.0.1", port: Int(upstream)), threads: 1)
        settings.accessLog = .json
        adjust(&settings)
        let log = LogLines()
        let server = ProxyServer(
            settings: settings, policy: ServedPolicy(fixture.policy, fingerprint: "5ea1"),
            keyRing: fixture.keyRing,
            localResponder: localResponder, evidenceSource: evidenceSource,
            assertionSigner: assertionSigner,
            logSink: { log.append($0) })
        if let keys {
            await server.changeKeys {
                $0.replacing(issuerName: "test", keys: keys.0, availability: keys.1)
            }
        }
        await server.deny(early)
        let addresses = try await server.start()
        let proxy = RunningProxy(port: UInt16(addresses[0].port), server: server, log: log)
        let failure: (any Error)?
        do {
            try await test(proxy)
            failure = nil
        } catch {
            failure = error
        }
        await server.stop(within: .seconds(1))
        await server.shutDown()
        if let failure { throw failure }
    }

    /// Refuses what these revocations are about from now on.
    func deny(_ revocations: [Revocation]) async { await server.deny(revocations) }

    /// Verifies with other keys from now on.
    func changeKeys(_ change: @Sendable (KeyRing) -> KeyRing) async {
        await server.changeKeys(change)
    }

    /// Signs with another key from now on.
    func sign(with signer: any AssertionSigning) async {
        await server.changeAssertionSigner(signer)
    }

    /// Stops as the gateway does, but for its event loops.
    func stop(within grace: Duration) async { await server.stop(within: grace) }

    func connect(receiveBuffer: Int32? = nil) throws -> RawConnection {
        try RawConnection(port: port, receiveBuffer: receiveBuffer)
    }

    /// The lines of the access log that hold `text`, once there is one.
    func logLines(with text: String, within limit: Duration = .seconds(3)) -> [String] {
        _ = Deadline.after(limit).waits { log.lines.contains { $0.contains(text) } }
        return log.lines.filter { $0.contains(text) }
    }

    /// How many exchanges the log has once no more come.
    func settledLogLineCount() -> Int {
        var count = -1
        while count != log.count {
            count = log.count
            usleep(700_000)
        }
        return count
    }
}

private final class LogLines: Sendable {
    private let bytes = Locked<[UInt8]>([])

    func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }

    var count: Int { bytes.withLock { $0.count { $0 == 0x0A } } }

    var lines: [String] {
        latin1(bytes.withLock { $0 }).split(separator: "\n").map(String.init)
    }
}

/// An upstream that does with each connection, one after the other, just what the test says.
final class ScriptedUpstream: Sendable {
    let port: UInt16
    private let listener: Socket

    /// `serve` is called on a thread of its own with each accepted connection and its number from 0
    /// on; the connection is closed when the last reference to the socket is gone.
    init(_ serve: @escaping @Sendable (Socket, Int) throws -> Void) throws {
        let listener = try Socket.listen()
        self.listener = listener
        port = listener.localPort
        Thread.detachNewThread {
            var number = 0
            while let connection = listener.accept() {
                try? serve(connection, number)
                number += 1
            }
        }
    }

    deinit { listener.disconnect() }
}
