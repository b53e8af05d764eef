package import Logging
private import NIOCore
private import NIOPosix
import ServiceLifecycle
package import TokenIssuing

/// Does for `ostiary user` and `ostiary role` what they ask through the control socket, so that a
/// running server knows at once what has changed.
///
/// A connection carries one request and one answer, each a line of JSON.
package struct ControlServer: Service {
    private let folder: String
    private let listener: ControlListener
    private let administration: @Sendable () -> AccountAdministration?
    private let logger: Logger

    /// Makes the socket, so that whoever connects from now on is answered once `run` is called. Call
    /// it under the lock of the data folder.
    ///
    /// - Parameters:
    ///   - folder: the data folder, which exists.
    ///   - administration: nil while the accounts cannot be used.
    ///   - logger: is told what was changed, and who was refused.
    /// - Throws: `FileProblem`: a file in the way, a folder that takes no writes.
    package init(
        folder: String, administration: @escaping @Sendable () -> AccountAdministration?,
        logger: Logger
    ) throws(FileProblem) {
        self.folder = folder
        self.administration = administration
        self.logger = logger
        listener = try ControlListener(folder: folder)
    }

    /// Answers until the graceful shutdown; what is being done then is finished. Takes the socket away.
    package func run() async throws {
        guard let descriptor = listener.take() else { return }
        defer { listener.remove() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await serve(descriptor, on: group))
        } catch {
            outcome = .failure(error)
        }
        try? await group.shutdownGracefully()
        try outcome.get()
    }

    private func serve(_ descriptor: Int32, on group: MultiThreadedEventLoopGroup) async throws {
        let server = try await ServerBootstrap(group: group).bind(descriptor) { channel in
            channel.eventLoop.makeCompletedFuture {
                try ControlConnection(wrappingChannelSynchronously: channel)
            }
        }
        try await withGracefulShutdownHandler {
            try await server.executeThenClose { connections in
                try await answerAll(connections)
            }
        } onGracefulShutdown: {
            server.channel.close(promise: nil)
        }
    }

    private func answerAll(
        _ connections: NIOAsyncChannelInboundStream<ControlConnection>
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for try await connection in connections {
                // More wait in the socket's queue.
                if running == Self.mostConnections {
                    try await group.next()
                    running -= 1
                }
                running += 1
                // Whatever becomes of one connection is no reason to stop.
                group.addTask { try? await answer(connection) }
            }
        }
    }

    private func answer(_ connection: ControlConnection) async throws {
        let peer = try await ControlPeer.of(connection.channel)
        try await connection.executeThenClose { inbound, _ in
            guard peer.isTrusted else {
                logger.warning(
                    "control connection refused",
                    metadata: ["peer.user": .stringConvertible(Int(peer.user))])
                return try await send(.failure(.stranger), over: connection)
            }
            try await send(
                try await answer(to: try await line(inbound, of: connection), from: peer),
                over: connection)
        }
    }

    private func answer(
        to line: ControlLine, from peer: ControlPeer
    ) async throws -> ControlAnswer {
        let request: ControlRequest
        switch line {
        case .complete(let bytes):
            do throws(ControlFormatError) {
                request = try ControlRequest(decoding: bytes.span)
            } catch {
                return .failure(.malformed(error))
            }
        case .tooLong: return .failure(.tooLarge)
        case .cutOff: throw CancellationError()
        }
        guard let administration = administration() else { return .failure(.noAccounts) }
        let answer = await request.perform(with: administration)
        log(request, answer, peer)
        return answer
    }

    /// What administrators change is told; what they only look at, is not.
    private func log(_ request: ControlRequest, _ answer: ControlAnswer, _ peer: ControlPeer) {
        guard case .account(let account, changed: true) = answer else { return }
        logger.info(
            "account changed",
            metadata: [
                "account.id": "\(account.id)", "account.operation": "\(request.name)",
                "peer.user": .stringConvertible(Int(peer.user)),
            ])
    }

    /// Nobody who connects and says nothing keeps the server from stopping.
    private func line(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, of connection: ControlConnection
    ) async throws -> ControlLine {
        let channel = connection.channel
        let limit = channel.eventLoop.scheduleTask(in: Self.longestRequest) {
            channel.close(promise: nil)
        }
        defer { limit.cancel() }
        return try await withGracefulShutdownHandler {
            try await ControlLine.read(inbound, largest: ControlRequest.largest)
        } onGracefulShutdown: {
            channel.close(promise: nil)
        }
    }

    private func send(_ answer: ControlAnswer, over connection: ControlConnection) async throws {
        let channel = connection.channel
        let limit = channel.eventLoop.scheduleTask(in: Self.longestAnswer) {
            channel.close(promise: nil)
        }
        defer { limit.cancel() }
        try await channel.writeAndFlush(ByteBuffer(bytes: answer.encoded + [UInt8(ascii: "\n")]))
    }

    private static let mostConnections = 16
    private static let longestRequest = TimeAmount.seconds(10)
    private static let longestAnswer = TimeAmount.seconds(30)
}

extension ControlFailure {
    fileprivate static let stranger = ControlFailure(
        code: "not_permitted",
        message: "only root and the user that the server runs as may use its control socket")
    fileprivate static let tooLarge = ControlFailure(
        code: "too_large",
        message: "the request is larger than \(ControlRequest.largest) bytes")
    fileprivate static let noAccounts = ControlFailure(
        code: "store_unavailable",
        message: "the server runs without its accounts; its log says why")

    fileprivate static func malformed(_ error: ControlFormatError) -> ControlFailure {
        ControlFailure(
            code: "malformed", message: "the server does not understand the request: \(error)")
    }
}
