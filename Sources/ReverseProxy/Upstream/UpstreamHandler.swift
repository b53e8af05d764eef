internal import NIOCore

/// One connection to the upstream: reads answers and hands them to the client's connection that
/// waits for them. Both are on the same event loop.
final class UpstreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        case idle
        case awaitingHead
        case body
        /// Bytes go to the client as they come.
        case tunnel
        /// What still comes is read and dropped.
        case discarding
        case closed
    }

    private let loop: LoopContext
    private(set) var context: ChannelHandlerContext?
    private var downstream: DownstreamHandler?
    private var phase = Phase.idle
    private var inbound = ByteBuffer()
    private var body = BodyReader(.none)
    private var answeringHead = false
    private var keepsAlive = false
    private var informationalHeads = 0
    private var isReading = true
    private var isCounted = false
    private var wasReset = false
    /// Whether the connection has carried a request before the one it carries now.
    private(set) var wasReused = false
    /// Loop clock, milliseconds.
    private(set) var openedAt: Int64 = 0

    init(_ loop: LoopContext) { self.loop = loop }

    var isUsable: Bool { phase != .closed }

    /// As last told by the channel: asking it takes atomics.
    private(set) var isWritable = true

    /// Takes over the pool's count of this connection, which is given back when it is gone.
    ///
    /// - Returns: false when it is gone already.
    func beginCounted() -> Bool {
        guard isUsable, context != nil else { return false }
        isCounted = true
        openedAt = LoopClock.monotonicMilliseconds()
        return true
    }

    // MARK: - Asked by the client's connection

    /// Takes up a request of `downstream`; its bytes follow through `send`.
    func begin(for downstream: DownstreamHandler, answeringHead: Bool, isReused: Bool) {
        self.downstream = downstream
        self.answeringHead = answeringHead
        wasReused = isReused
        informationalHeads = 0
        phase = .awaitingHead
    }

    func send(_ buffer: ByteBuffer) {
        guard let context else { return }
        context.write(wrapOutboundOut(buffer), promise: nil)
        loop.flushSoon(context)
    }

    func setReading(_ reading: Bool) {
        guard reading != isReading, let context else { return }
        isReading = reading
        // Fails only on a closed channel, which reads nothing anyway.
        try? context.channel.syncOptions?.setOption(.autoRead, value: reading)
    }

    /// The client's connection wants nothing more, and the end is not to be abrupt.
    func leaveClient() {
        downstream = nil
        phase = .discarding
    }

    /// The client's connection no longer wants the answer.
    func abandon() {
        downstream = nil
        close()
    }

    func close() {
        phase = .closed
        context?.close(promise: nil)
    }

    // MARK: - Told by the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        if inbound.readableBytes == 0 {
            inbound = buffer
        } else {
            inbound.writeBuffer(&buffer)
        }
        guard let downstream else {
            if phase == .discarding {
                inbound = ByteBuffer()
                return
            }
            // Nobody asked: an answer that nobody waits for is an attack or a confusion.
            loop.pool.remove(self)
            close()
            return
        }
        receive(downstream)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        downstream?.upstreamWritabilityChanged()
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Told of tunnels only: everywhere else the end of input is the end.
        if let event = event as? ChannelEvent, case .inputClosed = event {
            if let downstream { downstream.appEnded() } else { close() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        lost()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What it means for the exchange is decided when the connection is gone.
        wasReset = true
        context.close(promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        lost()
        self.context = nil
    }

    private func lost() {
        let wasIdle = phase == .idle
        // A reset may have swallowed the rest of the body (RFC 9112 § 8).
        let endsBody = phase == .body && body.endsWithConnection && !wasReset
        phase = .closed
        if wasIdle { loop.pool.remove(self) }
        // Counted out first, so that a request that is sent again finds room.
        if isCounted {
            isCounted = false
            loop.pool.release()
        }
        guard let downstream else { return }
        self.downstream = nil
        downstream.upstreamLost(
            wasReused: wasReused, endsBody: endsBody,
            hadBytes: inbound.readableBytes > 0 || informationalHeads > 0)
    }

    // MARK: - Answers

    private func receive(_ downstream: DownstreamHandler) {
        while phase == .awaitingHead {
            guard readHead(downstream) else { return }
        }
        switch phase {
        case .body: readBody(downstream)
        case .tunnel: relay(downstream)
        case .idle, .awaitingHead, .discarding, .closed: break
        }
    }

    /// - Returns: whether a head was read, be it an informational one.
    private func readHead(_ downstream: DownstreamHandler) -> Bool {
        let outcome = loop.responseParser.parse(
            inbound.readableBytesUInt8Span, names: loop.responseNames, limits: loop.answerHeadLimits
        )
        switch outcome {
        case .needsMore:
            return false
        case .fault(let fault):
            fail(downstream, fault.rawValue)
            return false
        case .head(let head):
            if head.status < 200 { return readInformational(head, downstream) }
            let framing = head.framing(answeringHead: answeringHead)
            body = BodyReader(framing, isAnswer: true)
            keepsAlive =
                head.keepsAlive && framing != .untilClose
                && !head.mayBringStrayBody(answeringHead: answeringHead)
            phase = .body
            downstream.answerHeadReceived(head, in: inbound, framing: framing)
            inbound.moveReaderIndex(forwardBy: head.length)
            return true
        }
    }

    private func readInformational(
        _ head: ResponseHead, _ downstream: DownstreamHandler
    ) -> Bool {
        informationalHeads += 1
        if head.status == 101 { return beginTunnel(head, downstream) }
        guard informationalHeads <= Self.mostInformationalHeads else {
            fail(downstream, "too many 1xx answers")
            return false
        }
        // 100 was answered by us, after the decision.
        if head.status != 100 { downstream.informationalHeadReceived(head, in: inbound) }
        inbound.moveReaderIndex(forwardBy: head.length)
        return true
    }

    /// Without a handshake that it fits, 101 would turn an answer into something else.
    private func beginTunnel(_ head: ResponseHead, _ downstream: DownstreamHandler) -> Bool {
        do throws(HandshakeAnswerFault) {
            try downstream.openTunnel(head, in: inbound)
        } catch {
            fail(downstream, error.rawValue)
            return false
        }
        phase = .tunnel
        inbound.moveReaderIndex(forwardBy: head.length)
        downstream.allowHalfClosure(context)
        // What the client has sent ahead of the answer.
        downstream.advance()
        return true
    }

    private func relay(_ downstream: DownstreamHandler) {
        guard inbound.readableBytes > 0 else { return }
        var source = ByteBuffer()
        swap(&source, &inbound)
        downstream.relayToClient(source)
    }

    private func readBody(_ downstream: DownstreamHandler) {
        var start = 0
        while true {
            switch body.step(inbound.readableBytesUInt8Span, from: start) {
            case .data(let range):
                downstream.answerBodyReceived(range, in: inbound)
                start = range.upperBound
            case .trailer(let range):
                downstream.answerTrailerReceived(range, in: inbound)
                start = range.upperBound
            case .needsMore:
                inbound = ByteBuffer()
                downstream.flushAnswer()
                if !downstream.isWritable { setReading(false) }
                return
            case .finished(let next):
                guard downstream.answerTrailerIsSound else {
                    fail(downstream, FramingFault.trailer.rawValue)
                    return
                }
                finish(downstream, isClean: next == inbound.readableBytes)
                return
            case .fault:
                fail(downstream, FramingFault.chunk.rawValue)
                return
            }
        }
    }

    private func finish(_ downstream: DownstreamHandler, isClean: Bool) {
        inbound = ByteBuffer()
        self.downstream = nil
        let now = LoopClock.monotonicMilliseconds()
        let reusable =
            keepsAlive && isClean && isUsable && !loop.isDraining
            && loop.pool.mayKeep(self, now: now)
        if downstream.answerFinished(upstreamIsClean: reusable) {
            phase = .idle
            setReading(true)
            loop.pool.put(self, now: now)
        } else {
            close()
        }
        downstream.startNextRequest()
    }

    private func fail(_ downstream: DownstreamHandler, _ detail: String) {
        self.downstream = nil
        close()
        downstream.answerInvalid(detail)
    }

    private static let mostInformationalHeads = 16
}
