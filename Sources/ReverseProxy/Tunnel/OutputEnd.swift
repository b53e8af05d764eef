internal import NIOCore

extension ChannelHandlerContext {
    /// Ends the sending, behind all that has been written.
    ///
    /// Where the other end has finished sending before, NIO takes `close(mode: .output)` for the end of the
    /// connection and drops what still waits to be sent; so this asks for it only when nothing waits.
    func closeOutputBehindAll(_ isClosed: EventLoopPromise<Void>) {
        let isOut = eventLoop.makePromise(of: Void.self)
        isOut.futureResult.assumeIsolated().whenComplete { [channel] _ in
            channel.close(mode: .output, promise: isClosed)
        }
        // Completed in its turn. It fails when there is nobody any more, and then so does the close.
        writeAndFlush(NIOAny(ByteBuffer()), promise: isOut)
    }
}
