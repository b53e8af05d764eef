import NIOCore

/// A control connection's two ends speak in bytes.
typealias ControlConnection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

/// What came before the first line feed.
enum ControlLine: Sendable {
    case complete([UInt8])
    case tooLong
    /// The connection ended before.
    case cutOff

    /// Reads no more than it takes to tell; bytes behind the line are not looked at.
    static func read(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, largest: Int
    ) async throws -> ControlLine {
        var bytes: [UInt8] = []
        for try await buffer in inbound {
            let view = buffer.readableBytesView
            let part = view.prefix { $0 != UInt8(ascii: "\n") }
            bytes += part
            guard bytes.count <= largest else { return .tooLong }
            if part.count < view.count { return .complete(bytes) }
        }
        return .cutOff
    }
}
