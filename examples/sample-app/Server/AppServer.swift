import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Listens, and puts an HTTP/1.1 pipeline with the app at its end on every connection.
package struct AppServer {
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel

    /// Starts to listen.
    ///
    /// - Throws: a `StartError` that says what to change.
    package init(_ app: WeatherApp, host: String, port: Int) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: min(System.coreCount, 4))
        self.group = group
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(ConnectionHandler(app))
                }
            }
        do {
            channel = try bootstrap.bind(host: host, port: port).wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw StartError(error, host: host, port: port)
        }
    }

    /// The port that is listened on; differs from the wanted one where that was 0.
    package var port: Int { channel.localAddress?.port ?? 0 }

    /// Stops listening and closes every connection.
    package func stop() throws {
        try channel.close().wait()
        try group.syncShutdownGracefully()
    }
}

/// Why the app could not start to listen.
struct StartError: Error, CustomStringConvertible {
    let description: String

    init(_ error: any Error, host: String, port: Int) {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            description = "port \(port) on \(host) is in use; choose another one with --port"
        case EACCES:
            description = "port \(port) is not allowed for this user; choose one above 1023"
        case EADDRNOTAVAIL:
            description = "\(host) is not an address of this machine; choose another --host"
        default:
            description = "cannot listen on \(host):\(port): \(error)"
        }
    }
}
