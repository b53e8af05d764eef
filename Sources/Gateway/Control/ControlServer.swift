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
                try ControlConnection(on: channel, largest: ControlRequest.largest)
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
                group.addTask {
                    // Whatever becomes of one connection is no reason to stop.
                    try? await answer(connection)
                    await connection.close()
                }
            }
        }
    }

    private func answer(_ connection: ControlConnection) async throws {
        let peer = try await ControlPeer.of(connection.channel)
        guard peer.isTrusted else {
            logger.warning(
                "control connection refused",
                metadata: ["peer.user": .stringConvertible(Int(peer.user))])
            return try await send(.failure(.stranger), over: connection)
        }
        // Nobody who connects and says nothing keeps the server from stopping.
        let line = try await withGracefulShutdownHandler {
            try await connection.within(Self.longestRequest) { try await connection.line.get() }
        } onGracefulShutdown: {
            connection.channel.close(promise: nil)
        }
        guard let answer = await answer(to: line, from: peer) else { return }
        try await send(answer, over: connection)
    }

    private func answer(
        to line: ControlLine, from peer: ControlPeer
    ) async -> ControlAnswer? {
        let request: ControlRequest
        switch line {
        case .complete(let bytes):
            do throws(ControlFormatError) {
                request = try ControlRequest(decoding: bytes.span)
            } catch {
                return .failure(.malformed(error))
            }
        case .tooLong: return .failure(.tooLarge)
        case .cutOff: return nil
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

    private func send(_ answer: ControlAnswer, over connection: ControlConnection) async throws {
        try await connection.within(Self.longestAnswer) {
            try await connection.send(answer.encoded)
        }
    }

    private static let mostConnections = 16
    private static let longestRequest = TimeAmount.seconds(5)
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
