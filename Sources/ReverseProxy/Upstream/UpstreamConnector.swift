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
            .channelOption(.recvAllocator, value: receiveAllocator)
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
            let bootstrap = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A name is resolved for each new connection, off the loop, so that a moved upstream is
            // found again; of several addresses each is tried.
            if let address = try? SocketAddress(ipAddress: host, port: port) {
                channel = bootstrap.connect(to: address)
            } else {
                channel = bootstrap.connect(host: host, port: port)
            }
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
