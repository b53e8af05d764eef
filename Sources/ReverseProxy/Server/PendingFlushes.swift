internal import NIOCore

/// Connections of one event loop that have something to send, flushed together once the loop has
/// handled everything that was ready.
///
/// A write wakes the process at the other end. One write after each read would wake it, let it
/// handle one message and fall asleep again, once per message; sent together, the messages keep it
/// awake. It also joins the pieces that one connection got meanwhile into one system call.
final class PendingFlushes {
    private let eventLoop: any EventLoop
    private var contexts: [ChannelHandlerContext] = []

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        contexts.reserveCapacity(256)
    }

    /// A connection may come more than once: flushing what is flushed costs next to nothing.
    func add(_ context: ChannelHandlerContext) {
        contexts.append(context)
        guard contexts.count == 1 else { return }
        // Tasks run when the input and output of this tick are done.
        eventLoop.assumeIsolated().execute { self.flushAll() }
    }

    private func flushAll() {
        // Flushing may close a connection, which may write to another: those come next time.
        var batch: [ChannelHandlerContext] = []
        swap(&batch, &contexts)
        for context in batch { context.flush() }
        batch.removeAll(keepingCapacity: true)
        if contexts.isEmpty { swap(&batch, &contexts) }
    }
}
