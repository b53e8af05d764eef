import NIOCore

/// What came before the first line feed.
enum ControlLine: Sendable {
    case complete([UInt8])
    case tooLong
    /// The connection ended before.
    case cutOff
}

/// A control connection, of which each end reads one line.
struct ControlConnection: Sendable {
    let channel: any Channel
    /// Always comes to be: at the latest when the connection is closed.
    let line: EventLoopFuture<ControlLine>

    /// Reads at most `largest` bytes and a line feed. Call it on the channel's event loop, before
    /// anything is read.
    init(on channel: any Channel, largest: Int) throws {
        let promise = channel.eventLoop.makePromise(of: ControlLine.self)
        self.channel = channel
        line = promise.futureResult
        do {
            try channel.pipeline.syncOperations.addHandler(
                ControlLineReader(promise, largest: largest))
        } catch {
            promise.fail(error)
            throw error
        }
    }

    /// Writes a line; it has left when this returns.
    func send(_ line: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: line + [UInt8(ascii: "\n")]))
    }

    /// Runs `body`, and closes the connection if that takes longer than `limit`.
    func within<Value>(
        _ limit: TimeAmount, _ body: () async throws -> Value
    ) async throws -> Value {
        let channel = channel
        let end = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        defer { end.cancel() }
        return try await body()
    }

    func close() async {
        // It may be closed already.
        try? await channel.close()
    }
}

/// Collects bytes up to the first line feed; what comes behind it is not looked at.
private final class ControlLineReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let largest: Int
    private var promise: EventLoopPromise<ControlLine>?
    private var bytes: [UInt8] = []

    init(_ promise: EventLoopPromise<ControlLine>, largest: Int) {
        self.promise = promise
        self.largest = largest
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard promise != nil else { return }
        let view = unwrapInboundIn(data).readableBytesView
        let part = view.prefix { $0 != UInt8(ascii: "\n") }
        bytes += part
        if bytes.count > largest {
            finish(.tooLong)
        } else if part.count < view.count {
            finish(.complete(bytes))
        }
    }

    func channelInactive(context: ChannelHandlerContext) { finish(.cutOff) }

    func handlerRemoved(context: ChannelHandlerContext) { finish(.cutOff) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func finish(_ line: ControlLine) {
        promise?.succeed(line)
        promise = nil
        bytes = []
    }
}
