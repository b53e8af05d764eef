internal import NIOCore

/// The app's end of a WebSocket.
extension UpstreamHandler {
    /// Passes half a close on: the app sees the end of the client's bytes, and may still send. `done` is
    /// called when all of them are out, or nobody takes them any more.
    func finishSending(_ done: @escaping () -> Void) {
        guard let context else { return done() }
        let isOut = context.eventLoop.makePromise(of: Void.self)
        isOut.futureResult.assumeIsolated().whenComplete { _ in done() }
        context.closeOutputBehindAll(isOut)
    }

    /// Ends the connection in order, behind a last frame if there is one; what the app still sends is read
    /// and dropped, so that a reset does not overtake the frame.
    func endTunnel(_ frame: [UInt8]? = nil) {
        leaveClient()
        guard let context else { return }
        if let frame { context.write(wrapOutboundOut(ByteBuffer(bytes: frame)), promise: nil) }
        setReading(true)
        finishSending {}
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) { [self] in close() }
    }

    /// As long as clients' connections linger.
    private static let linger = TimeAmount.seconds(2)
}
