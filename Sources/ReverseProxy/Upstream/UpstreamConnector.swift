private import Glibc
internal import NIOCore
internal import NIOPosix

/// Opens connections to the upstream on the loop that needs them.
enum UpstreamConnector {
    /// Calls `done` on the loop, with the connection or with why there is none. The connection has been
    /// counted by whoever asks; one that fails is counted out here.
    static func connect(
        _ loop: LoopContext, _ done: @escaping (Result<UpstreamHandler, any Error>) -> Void
    ) {
        let deadline = NIODeadline.now() + TimeAmount(loop.limits.connect)
        attempt(loop, until: deadline) { result in
            done(result)
            // Not before: whoever waits must not be served ahead of the one who learns of it.
            if case .failure = result { loop.pool.release() }
        }
    }

    /// Tries again where the upstream's Unix socket has no room in its queue: TCP waits for that by
    /// itself, and these do not (EAGAIN of connect(2)).
    private static func attempt(
        _ loop: LoopContext, until deadline: NIODeadline,
        _ done: @escaping (Result<UpstreamHandler, any Error>) -> Void
    ) {
        open(loop) { result in
            guard case .failure(let error as IOError) = result, error.errnoCode == EAGAIN,
                NIODeadline.now() < deadline
            else {
                done(result)
                return
            }
            loop.eventLoop.assumeIsolated().scheduleTask(in: fullQueuePause) {
                attempt(loop, until: deadline, done)
            }
        }
    }

    private static func open(
        _ loop: LoopContext, _ done: @escaping (Result<UpstreamHandler, any Error>) -> Void
    ) {
        let context = NIOLoopBound(loop, eventLoop: loop.eventLoop)
        var bootstrap = ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(TimeAmount(loop.limits.connect))
            .channelOption(.recvAllocator, value: receiveAllocator)
            .channelOption(.writeBufferWaterMark, value: DownstreamHandler.waterMark)
            .channelOption(.maxMessagesPerRead, value: DownstreamHandler.mostReads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(UpstreamHandler(context.value))
                }
            }
        let channel: EventLoopFuture<any Channel>
        switch loop.settings.upstream {
        case .unix(let path):
            channel = bootstrap.connect(unixDomainSocketPath: path)
        case .internet(let host, let port):
            bootstrap = withTCPOptions(bootstrap)
            // A name is resolved for each new connection, off the loop, so that a moved upstream is
            // found again; of several addresses each is tried.
            if let address = try? SocketAddress(ipAddress: host, port: port) {
                channel = bootstrap.connect(to: address)
            } else {
                if let lookUp = loop.settings.lookUp {
                    bootstrap = bootstrap.resolver(LookUpResolver(lookUp, loop.eventLoop))
                }
                channel = bootstrap.connect(host: host, port: port)
            }
        }
        channel.assumeIsolated().whenComplete { result in
            done(
                result.flatMap { channel in
                    Result {
                        let handler = try channel.pipeline.syncOperations.handler(
                            type: UpstreamHandler.self)
                        // It may have been closed again in the same turn.
                        guard handler.beginCounted() else { throw ChannelError.alreadyClosed }
                        return handler
                    }
                })
        }
    }

    /// An upstream whose machine has vanished says nothing, not even that it is gone: the kernel
    /// notices, sooner than the time for an answer is over.
    private static func withTCPOptions(_ bootstrap: ClientBootstrap) -> ClientBootstrap {
        func tcp(_ option: Int32) -> ChannelOptions.Types.SocketOption {
            ChannelOptions.Types.SocketOption(
                level: .tcp, name: NIOBSDSocket.Option(rawValue: CInt(option)))
        }
        return
            bootstrap
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(tcp(TCP_KEEPIDLE), value: 15)
            .channelOption(tcp(TCP_KEEPINTVL), value: 5)
            .channelOption(tcp(TCP_KEEPCNT), value: 3)
            .channelOption(tcp(TCP_USER_TIMEOUT), value: 30_000)
    }

    private static let fullQueuePause = TimeAmount.milliseconds(5)

    /// Small for small answers, so that they stay in the cache; grows with large ones.
    static var receiveAllocator: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 8192, maximum: 196_608)
    }
}

/// Names resolved by a function in place of the system's resolver.
private final class LookUpResolver: Resolver, Sendable {
    private let lookUp: ProxySettings.LookUp
    private let eventLoop: any EventLoop

    init(_ lookUp: @escaping ProxySettings.LookUp, _ eventLoop: any EventLoop) {
        self.lookUp = lookUp
        self.eventLoop = eventLoop
    }

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        eventLoop.makeSucceededFuture(addresses(host, port, .inet))
    }

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        eventLoop.makeSucceededFuture(addresses(host, port, .inet6))
    }

    func cancelQueries() {}

    private func addresses(
        _ host: String, _ port: Int, _ family: NIOBSDSocket.ProtocolFamily
    ) -> [SocketAddress] {
        lookUp(host).compactMap { try? SocketAddress(ipAddress: $0, port: port) }
            .filter { $0.protocol == family }
    }
}
