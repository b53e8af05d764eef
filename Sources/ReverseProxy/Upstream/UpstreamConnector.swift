internal import NIOCore
internal import NIOPosix

/// Opens connections to the upstream on the loop that needs them.
enum UpstreamConnector {
    /// Calls `done` on the loop, with the connection or with why there is none.
    static func connect(
        _ loop: LoopContext, _ done: @escaping (Result<UpstreamHandler, any Error>) -> Void
    ) {
        let context = NIOLoopBound(loop, eventLoop: loop.eventLoop)
        let bootstrap = ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(TimeAmount(loop.limits.connect))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: receiveAllocator)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(UpstreamHandler(context.value))
                }
            }
        let upstream = loop.settings.upstream
        // A name is resolved for each new connection, so that a moved upstream is found again.
        let channel: EventLoopFuture<any Channel>
        if let address = try? SocketAddress(ipAddress: upstream.host, port: upstream.port) {
            channel = bootstrap.connect(to: address)
        } else {
            channel = bootstrap.connect(host: upstream.host, port: upstream.port)
        }
        channel.assumeIsolated().whenComplete { result in
            done(
                result.flatMap { channel in
                    Result {
                        try channel.pipeline.syncOperations.handler(type: UpstreamHandler.self)
                    }
                })
        }
    }

    /// Small for small answers, so that they stay in the cache; grows with large ones.
    static var receiveAllocator: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 8192, maximum: 65536)
    }
}
