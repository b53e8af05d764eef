internal import AccessPolicy
internal import Admission
private import Glibc
internal import NIOCore

/// One client connection: reads requests, has them decided, sends what is admitted to an upstream
/// connection of the same loop, and writes the answers.
///
/// What to do when something ends is `Exchange`'s to say; this class only moves bytes.
final class DownstreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Between requests, or inside a head.
        case head
        /// The head is complete and lies in `inbound`, undecided: its decision lacks evidence.
        case waiting
        case exchange
        /// The exchange has become a WebSocket.
        case tunnel
        /// The last answer is out; what the client still sends is read and dropped, so that a reset
        /// does not overtake the answer.
        case lingering
        case closed
    }

    let loop: LoopContext
    /// The place in the loop's list of connections.
    var slot = 0
    var context: ChannelHandlerContext?
    let allocator = ByteBufferAllocator()
    var phase = Phase.head
    var forwardedFields: ForwardedFields?
    var deadline: Int64 = .max
    var isReading = true
    var isAdvancing = false
    /// Whether the pipelined requests that are left wait for the loop's next turn.
    var isYielding = false
    /// As last told by the channel: asking it takes atomics.
    var isWritable = true

    /// What has arrived and is not used up.
    var inbound = ByteBuffer()
    /// How much of `inbound` held no complete head.
    var scanned = 0

    /// Until when the request at hand waits for a connection to the upstream; `.max`: it does not.
    var queuedUntil = Int64.max
    /// Whether the connection is one of those that are counted, and as whose.
    private var isCounted = false
    private var group: ClientGroup?
    /// How fast the request's body comes.
    var pace = BodyPace(grace: 0)
    private var paceCheckedAt: Int64 = 0

    /// What the request at hand waits for.
    var awaitedEvidence: Evidence?
    /// Until when the request at hand may wait for evidence; nil: it has not asked for any.
    var evidenceDeadline: Int64?

    // The exchange under way.
    var exchangeNumber = 0
    var exchange = Exchange(hasBody: false, keepsDownstream: false, mayRepeat: false)
    var upstream: UpstreamHandler?
    var requestBody = BodyReader(.none)
    var requestIsChunked = false
    /// Trailer lines, as they came.
    var requestTrailer: [UInt8] = []
    var answerTrailer: [UInt8] = []
    var requestBodyBytes: Int64 = 0
    var requestBodyLimit: Int64 = 0
    /// Set while the request asks for a WebSocket, and while it is one.
    var upgrade: Upgrade?
    /// Set while the request is one for an endpoint of our own.
    var local: LocalExchange?
    var answersHead = false
    /// How long the exchange may be silent.
    var patience: Patience
    /// Field lines that the route adds to its answers.
    var answerFields: [UInt8] = []
    /// Behind a tunnel: whether the client has finished sending, though it may still listen.
    var clientHasFinished = false
    /// Whether all that the client was to get has been sent.
    var lastAnswerIsOut = false
    var clientMinorVersion: UInt8 = 1
    var clientFraming = ClientFraming.asReceived
    var record = ExchangeRecord()
    var isRecording = false

    /// For the upstream, until it takes them; kept until the answer begins, because a request without
    /// a body may have to be sent again.
    var outgoing = SendBuffer()
    /// For the client. A buffer of its own, so that no mistake can show the client what was written
    /// for the upstream: identity, above all.
    var answer = SendBuffer()

    init(_ loop: LoopContext) {
        self.loop = loop
        patience = loop.deadlines.patience
    }

    // MARK: - Told by the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelActive(context: ChannelHandlerContext) {
        forwardedFields = ForwardedFields(
            peerAddress: context.remoteAddress?.ipAddress, trustedPeers: loop.settings.trustedPeers)
        deadline = LoopClock.monotonicMilliseconds() + loop.deadlines.requestHead
        loop.add(self)
        count(context)
        context.fireChannelActive()
    }

    /// Sheds the connection before anything of it is read, when there are too many.
    private func count(_ context: ChannelHandlerContext) {
        if let forwardedFields, !forwardedFields.isTrusted {
            group = forwardedFields.peer.map(ClientGroup.init)
        }
        let detail: String
        switch loop.clients.enter(group) {
        case .admitted:
            isCounted = true
            return
        case .tooMany: detail = "too many connections"
        case .tooManyOfOne: detail = "too many connections from one address"
        }
        // An answer costs a place until the client has read it, and so the places are few.
        guard loop.claimFarewell() else {
            context.close(promise: nil)
            return
        }
        beginRecord()
        refuse(Refusal(.overloaded, detail: detail))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        if inbound.readableBytes == 0 {
            inbound = buffer
        } else {
            inbound.writeBuffer(&buffer)
        }
        advance()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        upstream?.setReading(isWritable)
        if isWritable { startNextRequest() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Told of tunnels only: everywhere else the end of input is the end.
        if let event = event as? ChannelEvent, case .inputClosed = event { clientEnded() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        gone()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        gone()
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func gone() {
        guard phase != .closed else { return }
        if phase == .exchange || phase == .waiting, record.detail.isEmpty {
            record.detail = "client went away"
        }
        finishRecord()
        stopWaiting()
        leaveQueue()
        local = nil
        // What the client has sent through a tunnel still reaches the app.
        if phase == .tunnel { upstream?.endTunnel() } else { upstream?.abandon() }
        phase = .closed
        upstream = nil
        if isCounted { loop.clients.leave(group) }
        isCounted = false
        upgrade = nil
        loop.remove(self)
    }

    // MARK: - Ends

    /// Ends the connection, whatever is under way. What has been received of an answer still goes
    /// out: the client sees as much of it as there was, and that it is not whole.
    func abort(_ reason: String) {
        if phase == .exchange || phase == .waiting { record.detail = reason }
        if phase == .tunnel { sayTunnelEnds(.shutdown) }
        writeAnswer()
        context?.flush()
        if exchange.response == .streaming, clientFraming == .untilClose { resetOnClose() }
        context?.close(promise: nil)
    }

    /// Where a body ends with the connection, an orderly end would make half a body look whole.
    private func resetOnClose() {
        let options = context?.channel as? any SocketOptionProvider
        _ = options?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }

    func drain() {
        if phase == .head, inbound.readableBytes == 0 {
            // The last answer may have been written in this very turn of the loop.
            context?.flush()
            context?.close(promise: nil)
        }
        if phase == .exchange { exchange.closeDownstreamAfterAnswer() }
    }

    /// Inside an exchange: while a body flows, either way, the time between two of its pieces counts;
    /// once the request is complete, the time until its answer begins.
    func restartDeadline() {
        let waitsForAnswer = exchange.request == .finished && exchange.response == .awaited
        deadline =
            LoopClock.monotonicMilliseconds()
            + (waitsForAnswer ? patience.responseHead : patience.streamIdle)
    }

    func checkDeadline(_ now: Int64) {
        if phase == .head, inbound.readableBytes == 0 {
            // An idle connection holds no buffer of ours.
            inbound = ByteBuffer()
            outgoing.release()
            answer.release()
        }
        guard now < queuedUntil else {
            refuse(Refusal(.upstreamBusy, detail: "no upstream connection came free in time"))
            startNextRequest()
            return
        }
        if phase == .exchange, exchange.request == .streaming, bodyIsTooSlow(now) {
            refuse(Refusal(.requestTimeout, detail: "body slower than limits.body_rate"))
            return
        }
        guard now >= deadline else { return }
        deadline = .max
        switch phase {
        case .waiting:
            resumeDecision()
        case .head where inbound.readableBytes == 0:
            context?.close(promise: nil)
        case .head:
            beginRecord()
            refuse(Refusal(.requestTimeout, detail: "head not complete in time"))
        case .exchange where exchange.response == .awaited:
            if exchange.request == .streaming, upstream != nil || local != nil, isReading {
                refuse(Refusal(.requestTimeout, detail: "body not complete in time"))
            } else if local != nil {
                refuse(Refusal(.overloaded, detail: "no answer of an own endpoint in time"))
            } else {
                refuse(Refusal(.upstreamTimeout, detail: "no answer in time"))
                startNextRequest()
            }
        case .exchange:
            abort("answer stalled")
        case .tunnel:
            checkTunnel(now)
        case .lingering, .closed:
            context?.close(promise: nil)
        }
    }

    private func bodyIsTooSlow(_ now: Int64) -> Bool {
        defer { paceCheckedAt = now }
        return pace.isTooSlow(
            elapsed: now - paceCheckedAt, received: requestBodyBytes, isReading: isReading,
            floor: loop.settings.limits.bodyRate, grace: loop.deadlines.requestHead)
    }

    /// A body begins.
    func restartPace() {
        pace = BodyPace(grace: loop.deadlines.requestHead)
        paceCheckedAt = LoopClock.monotonicMilliseconds()
    }

    // MARK: - Reading

    func updateReading() {
        switch phase {
        case .head:
            setReading(isWritable && !isYielding)
        case .lingering, .closed:
            setReading(true)
        case .tunnel:
            setReading(upstream?.isWritable ?? true)
        case .exchange where exchange.request == .streaming:
            setReading(upstream?.isWritable ?? (outgoing.waiting < Self.mostWaiting))
        case .exchange, .waiting:
            setReading(inbound.readableBytes < Self.mostWaiting)
        }
    }

    func setReading(_ reading: Bool) {
        guard reading != isReading, let context else { return }
        isReading = reading
        // Fails only on a closed channel, which reads nothing anyway.
        try? context.channel.syncOptions?.setOption(.autoRead, value: reading)
    }

    func beginRecord() {
        // Decided again, with the evidence that it has waited for: still the same request.
        guard evidenceDeadline == nil else { return }
        exchangeNumber &+= 1
        exchange = Exchange(hasBody: false, keepsDownstream: false, mayRepeat: false)
        answersHead = false
        patience = loop.deadlines.patience
        answerFields = []
        guard loop.accessLog != nil else { return }
        isRecording = true
        record = ExchangeRecord()
        record.startedAt = LoopClock.monotonicNanoseconds()
    }

    func finishRecord() {
        guard isRecording else { return }
        isRecording = false
        loop.accessLog?.record(record, client: forwardedFields?.peerText ?? "unknown")
    }

    static let mostWaiting = 64 << 10

    /// How much may wait for either end before the other is no longer read. With NIO's 64 KiB each piece of a
    /// large body would stop and start the reading.
    static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 65_536, high: 196_608)

    /// Pieces that are read in one turn: the channel keeps a buffer for each.
    static let mostReads: UInt = 1

    /// The channel keeps the buffer that it read into last, as long as it is open: so most connections,
    /// which are idle, begin and end with a small one.
    static var receiveAllocator: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 2048, maximum: 196_608)
    }
}
