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
        let line = try? await connection.within(Self.longest) {
            // The server may close before it has read all, and still have answered.
            try? await connection.send(request.encoded)
            return try await connection.line.get()
        }
        await connection.close()
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
            return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(.seconds(5))
                .connect(unixDomainSocketPath: socket.path) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try ControlConnection(on: channel, largest: ControlAnswer.largest)
                    }
                }
        } catch let error as IOError {
            throw .unreachable(FileProblem(errno: error.errnoCode))
        } catch {
            throw .unreachable(FileProblem("\(error)"))
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
