private import AccessPolicy
package import Admission
private import Glibc
private import NIOCore
private import NIOPosix
private import Synchronization
package import TokenVerification

/// The data plane: event loops, each with its own listening sockets, connections, upstream pool,
/// parsers and token cache. A request never leaves the loop that accepted it.
package final class ProxyServer: Sendable {
    private struct Running: Sendable {
        var loops: [NIOLoopBound<LoopContext>] = []
        var listeners: [any Channel] = []
        /// Their names are removed at the stop.
        var unixListeners: [UnixListener] = []
        /// The policy to decide by, as last changed.
        var policy: ServedPolicy
        /// The keys to verify with, as last changed.
        var keyRing: KeyRing
        /// Who signs assertions, as last changed.
        var assertionSigner: (any AssertionSigning)?
        /// What was revoked before there were loops to be told.
        var deniedEarly: [Revocation] = []
    }

    private let settings: ProxySettings
    private let localResponder: (any LocalResponder)?
    private let evidenceSource: (any EvidenceSource)?
    private let denied: [Revocation]
    private let logSink: @Sendable ([UInt8]) -> Void
    private let group: MultiThreadedEventLoopGroup
    private let running: Mutex<Running>
    private let clients: ClientCounts

    /// `localResponder` answers the gateway's own endpoints; `evidenceSource` gets what decisions lack;
    /// `denied` is what was revoked before the start.
    ///
    /// `logSink` takes pieces of access log, whole lines each; it is called on event loops and must
    /// not block.
    package init(
        settings: ProxySettings, policy: ServedPolicy, keyRing: KeyRing,
        localResponder: (any LocalResponder)? = nil,
        evidenceSource: (any EvidenceSource)? = nil,
        assertionSigner: (any AssertionSigning)? = nil, denied: [Revocation] = [],
        logSink: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.settings = settings
        clients = ClientCounts(
            limit: settings.limits.connections, groupLimit: settings.limits.connectionsPerAddress)
        running = Mutex(
            Running(policy: policy, keyRing: keyRing, assertionSigner: assertionSigner))
        self.localResponder = localResponder
        self.evidenceSource = evidenceSource
        self.denied = denied
        self.logSink = logSink
        group = MultiThreadedEventLoopGroup(numberOfThreads: settings.threads)
    }

    /// Begins to listen.
    ///
    /// - Returns: the addresses, with the port that was given where `0` was asked for.
    package func start() async throws -> [ProxySettings.Address] {
        var bound: [ProxySettings.Address] = []
        var loops: [NIOLoopBound<LoopContext>] = []
        for (index, eventLoop) in group.makeIterator().enumerated() {
            loops.append(try await makeLoop(eventLoop, index))
        }
        let allLoops = loops
        let early = running.withLock { running in
            running.loops = allLoops
            defer { running.deniedEarly = [] }
            return running.deniedEarly
        }
        await deny(early)
        // They may have been changed since the first loop was made.
        let (policy, signer) = running.withLock { ($0.policy, $0.assertionSigner) }
        await changePolicy(policy) { $0 }
        await changeAssertionSigner(signer)
        for address in settings.listeners {
            switch address {
            case .internet(let host, var port):
                if port != 0 { try await checkIsFree(host, port) }
                // The first may be given a port, which the others share.
                for loop in loops { port = try await listen(host, port, loop) }
                bound.append(.internet(host: host, port: port))
            case .unix(let path):
                try await listen(atPath: path, loops)
                bound.append(address)
            }
        }
        return bound
    }

    /// Changes the keys that tokens are verified with. When this returns, every event loop uses the new
    /// ones. Changes that come at the same time are made one after another. Good at any time before
    /// `shutDown`, that before `start` included.
    package func changeKeys(_ change: @Sendable (KeyRing) -> KeyRing) async {
        // Handed to the loops under the lock, so that all of them see all changes in one order.
        let told = running.withLock { running in
            let keyRing = change(running.keyRing)
            running.keyRing = keyRing
            return running.loops.map { loop in
                loop.eventLoop.submit { loop.value.gatekeeper.use(keyRing) }
            }
        }
        for future in told { try? await future.get() }
    }

    /// Changes the policy, and with it the rules of the keys. When this returns, every event loop decides by
    /// the new one; each request is decided by one policy alone, also one that waits meanwhile.
    /// `rekey` makes the ring of the new policy from the one at hand. Good at any time before `shutDown`,
    /// that before `start` included.
    package func changePolicy(
        _ policy: ServedPolicy, rekey: @Sendable (KeyRing) -> KeyRing
    ) async {
        let told = running.withLock { running in
            let keyRing = rekey(running.keyRing)
            running.keyRing = keyRing
            running.policy = policy
            return running.loops.map { loop in
                loop.eventLoop.submit { loop.value.use(policy, keyRing) }
            }
        }
        for future in told { try? await future.get() }
    }

    /// Signs assertions with another key. When this returns, every event loop does, and has forgotten what
    /// was signed before. Good at any time before `shutDown`, that before `start` included.
    package func changeAssertionSigner(_ signer: (any AssertionSigning)?) async {
        let told = running.withLock { running in
            running.assertionSigner = signer
            return running.loops.map { loop in
                loop.eventLoop.submit { loop.value.assertions.use(signer) }
            }
        }
        for future in told { try? await future.get() }
    }

    /// Refuses the access tokens in question. When this returns, every event loop does: no request
    /// that begins afterwards passes with one of them. Good at any time before `shutDown`, that before
    /// `start` included.
    package func deny(_ revocations: [Revocation]) async {
        let loops = running.withLock { running in
            if running.loops.isEmpty { running.deniedEarly += revocations }
            return running.loops
        }
        let told = loops.map { loop in
            loop.eventLoop.submit { loop.value.gatekeeper.deny(revocations) }
        }
        for future in told { try? await future.get() }
    }

    /// Stops listening, lets what is under way finish, and closes the rest after `grace`. The event
    /// loops stay: what goes on behind the connections may still have something to tell them.
    package func stop(within grace: Duration) async {
        let (loops, listeners, unixListeners) = running.withLock { running in
            defer {
                running.listeners = []
                running.unixListeners = []
            }
            return (running.loops, running.listeners, running.unixListeners)
        }
        // The names first: whoever comes now finds nobody, or our successor.
        for listener in unixListeners { listener.remove() }
        for listener in listeners { try? await listener.close() }
        let drained = loops.map { loop in
            loop.eventLoop.flatSubmit { loop.value.drain() }
        }
        let end = NIODeadline.now() + TimeAmount(grace)
        for (loop, future) in zip(loops, drained) {
            let timeout = loop.eventLoop.scheduleTask(deadline: end) { loop.value.closeAll() }
            try? await future.get()
            timeout.cancel()
            try? await loop.eventLoop.submit { loop.value.closeAll() }.get()
        }
    }

    /// Ends the event loops of a stopped server; called when nobody is left who calls `deny`.
    package func shutDown() async {
        for loop in running.withLock({ $0.loops }) {
            let unanswered = try? await loop.eventLoop.submit { loop.value.localExchanges }.get()
            // The responder will tell its loop, which must be there then. So it ends with the process.
            guard unanswered == 0 else { return }
        }
        try? await group.shutdownGracefully()
    }

    private func makeLoop(
        _ eventLoop: any EventLoop, _ index: Int
    ) async throws -> NIOLoopBound<LoopContext> {
        let (policy, keyRing, signer) = running.withLock {
            ($0.policy, $0.keyRing, $0.assertionSigner)
        }
        return try await eventLoop.submit {
            [settings, clients, localResponder, evidenceSource, denied, logSink] in
            let gatekeeper = Gatekeeper(
                policy: policy.rules, keyRing: keyRing, cache: VerifiedTokenCache(),
                limiter: policy.limiter, marksTokens: settings.accessLog != nil)
            gatekeeper.deny(denied)
            let context = LoopContext(
                eventLoop: eventLoop, settings: settings, gatekeeper: gatekeeper,
                localResponder: localResponder, evidenceSource: evidenceSource,
                policy: policy, assertionSigner: signer, clients: clients,
                logSink: logSink, loopIndex: index)
            let bound = NIOLoopBound(context, eventLoop: eventLoop)
            eventLoop.scheduleRepeatedTask(
                initialDelay: LoopContext.sweepInterval, delay: LoopContext.sweepInterval
            ) { _ in bound.value.sweep() }
            return bound
        }.get()
    }

    /// Binds once without `SO_REUSEPORT`: several loops share a port through that option, and with
    /// it the kernel would not mind a second gateway on the same port either.
    ///
    /// A client that connects in this moment is not accepted: it would wait for ever for an answer.
    private func checkIsFree(_ host: String, _ port: Int) async throws {
        do {
            let probe = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.autoRead, value: false)
                .bind(host: host, port: port).get()
            try await probe.close()
        } catch {
            throw ProxyStartError(ProxySettings.Address(host: host, port: port).text, error)
        }
    }

    /// - Returns: the port, also where `0` was asked for.
    private func listen(
        _ host: String, _ port: Int, _ loop: NIOLoopBound<LoopContext>
    ) async throws -> Int {
        do {
            let channel = try await ServerBootstrap(group: loop.eventLoop)
                .serverChannelInitializer(Self.pauseAfterFailures)
                .serverChannelOption(.backlog, value: 1024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(
                    .socketOption(NIOBSDSocket.Option(rawValue: SO_REUSEPORT)), value: 1
                )
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.recvAllocator, value: DownstreamHandler.receiveAllocator)
                .childChannelOption(.writeBufferWaterMark, value: DownstreamHandler.waterMark)
                .childChannelOption(.maxMessagesPerRead, value: DownstreamHandler.mostReads)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            DownstreamHandler(loop.value))
                    }
                }
                .bind(host: host, port: port).get()
            running.withLock { $0.listeners.append(channel) }
            return channel.localAddress?.port ?? port
        } catch {
            throw ProxyStartError(ProxySettings.Address(host: host, port: port).text, error)
        }
    }

    /// One socket for all loops, because Unix sockets have no `SO_REUSEPORT`; the first loop accepts,
    /// and deals the connections out in turn.
    private func listen(
        atPath path: String, _ loops: [NIOLoopBound<LoopContext>]
    ) async throws {
        guard let first = loops.first else { return }
        let (descriptor, listener) = try UnixListener.listen(
            at: path, mode: settings.listenerMode)
        running.withLock { $0.unixListeners.append(listener) }
        do {
            let channel = try await ServerBootstrap(group: first.eventLoop, childGroup: group)
                .serverChannelInitializer(Self.pauseAfterFailures)
                .childChannelOption(.recvAllocator, value: DownstreamHandler.receiveAllocator)
                .childChannelOption(.writeBufferWaterMark, value: DownstreamHandler.waterMark)
                .childChannelOption(.maxMessagesPerRead, value: DownstreamHandler.mostReads)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard let own = loops.first(where: { $0.eventLoop === channel.eventLoop })
                        else { throw ChannelError.operationUnsupported }
                        try channel.pipeline.syncOperations.addHandler(
                            DownstreamHandler(own.value))
                    }
                }
                .withBoundSocket(descriptor).get()
            running.withLock { $0.listeners.append(channel) }
        } catch {
            throw ProxyStartError("unix:\(path)", error)
        }
    }

    private static func pauseAfterFailures(_ listener: any Channel) -> EventLoopFuture<Void> {
        listener.eventLoop.makeCompletedFuture {
            try listener.pipeline.syncOperations.addHandler(ListenerPause())
        }
    }
}
