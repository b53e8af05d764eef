private import Glibc
internal import NIOCore

/// Stops accepting for a moment when the process is out of descriptors or memory.
///
/// `accept` then fails and leaves the connection where it was, so the socket stays readable, and asking
/// again at once would go on until another connection ends. `AcceptBackoffHandler` holds back the
/// reads that follow, but not the one that failed: the socket stays registered, and the loop spins.
final class ListenerPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    static let duration = TimeAmount.milliseconds(200)
    private static let passing: Set<CInt> = [EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED]

    private var resumption: Scheduled<Void>?

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let failure = error as? IOError, Self.passing.contains(failure.errnoCode) else {
            context.fireErrorCaught(error)
            return
        }
        guard resumption == nil else { return }
        let options = context.channel.syncOptions
        try? options?.setOption(.autoRead, value: false)
        resumption = context.eventLoop.assumeIsolated().scheduleTask(in: Self.duration) {
            self.resumption = nil
            // Fails only when the listener has been closed meanwhile.
            try? options?.setOption(.autoRead, value: true)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        resumption?.cancel()
        resumption = nil
        context.fireChannelInactive()
    }
}
