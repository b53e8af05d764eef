import NIOCore
private import NIOPosix

/// Asks a running server.
package struct ControlClient: Sendable {
    private let folder: String

    /// - Parameter folder: the server's data folder.
    package init(folder: String) { self.folder = folder }

    /// Sends a request and waits for its answer, at the longest for a minute.
    ///
    /// - Throws: `ControlClientError`.
    package func send(_ request: ControlRequest) async throws(ControlClientError) -> ControlAnswer {
        let connection = try await connect()
        let line: ControlLine
        do {
            line = try await exchange(request, over: connection)
        } catch {
            throw .noAnswer
        }
        guard case .complete(let bytes) = line else { throw .noAnswer }
        do throws(ControlFormatError) {
            return try ControlAnswer(decoding: bytes.span)
        } catch {
            throw .notUnderstood(error)
        }
    }

    private func connect() async throws(ControlClientError) -> ControlConnection {
        let socket: ControlSocket
        do throws(FileProblem) {
            socket = try ControlSocket(folder: folder)
        } catch {
            throw .unreachable(error)
        }
        do {
            let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(.seconds(5))
                .connect(unixDomainSocketPath: socket.path) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try ControlConnection(wrappingChannelSynchronously: channel)
                    }
                }
            return connection
        } catch let error as IOError {
            throw .unreachable(FileProblem(errno: error.errnoCode))
        } catch {
            throw .unreachable(FileProblem("\(error)"))
        }
    }

    private func exchange(
        _ request: ControlRequest, over connection: ControlConnection
    ) async throws -> ControlLine {
        let channel = connection.channel
        let limit = channel.eventLoop.scheduleTask(in: Self.longest) { channel.close(promise: nil) }
        defer { limit.cancel() }
        return try await connection.executeThenClose { inbound, _ in
            // The server could close before it has read all, and still have answered.
            try? await channel.writeAndFlush(
                ByteBuffer(bytes: request.encoded + [UInt8(ascii: "\n")]))
            return try await ControlLine.read(inbound, largest: ControlAnswer.largest)
        }
    }

    private static let longest = TimeAmount.seconds(60)
}

/// Why a server has not answered.
package enum ControlClientError: Error, Equatable, CustomStringConvertible {
    /// Nothing was sent.
    case unreachable(FileProblem)
    /// It may have done what was asked.
    case noAnswer
    /// It has done what was asked, or has said why not.
    case notUnderstood(ControlFormatError)

    package var description: String {
        switch self {
        case .unreachable(let reason): "the server cannot be reached: \(reason)"
        case .noAnswer:
            "the server has not answered; look with `ostiary user show` whether it did it"
        case .notUnderstood(let reason): "the server's answer is not understood: \(reason)"
        }
    }
}
