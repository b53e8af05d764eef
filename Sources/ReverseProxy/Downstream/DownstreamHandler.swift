internal import AccessPolicy
internal import Admission
internal import NIOCore

/// One client connection: reads requests, has them decided, sends what is admitted to an upstream
/// connection of the same loop, and writes the answers.
///
/// What to do when something ends is `Exchange`'s to say; this class only moves bytes.
final class DownstreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// Between requests, or inside a head.
        case head
        case exchange
        /// The last answer is out; what the client still sends is read and dropped, so that a reset
        /// does not overtake the answer.
        case lingering
        case closed
    }

    let loop: LoopContext
    /// The place in the loop's list of connections.
    var slot = 0
    private(set) var context: ChannelHandlerContext?
    private var phase = Phase.head
    private var forwardedFields: ForwardedFields?
    private var deadline: Int64 = .max
    private var isReading = true
    private var isAdvancing = false
    /// As last told by the channel: asking it takes atomics.
    private(set) var isWritable = true

    /// What has arrived and is not used up.
    private var inbound = ByteBuffer()
    /// How much of `inbound` held no complete head.
    private var scanned = 0

    // The exchange under way.
    private var exchangeNumber = 0
    private var exchange = Exchange(hasBody: false, keepsDownstream: false, mayRepeat: false)
    private var upstream: UpstreamHandler?
    private var requestBody = BodyReader(.none)
    private var requestIsChunked = false
    private var requestBodyBytes: Int64 = 0
    private var answersHead = false
    private var clientMinorVersion: UInt8 = 1
    private var clientFraming = ClientFraming.asReceived
    private var record = ExchangeRecord()
    private var isRecording = false

    /// Bytes for the upstream, until it takes them; kept until the answer begins, because a request
    /// without a body may have to be sent again.
    private var outgoing = ByteBuffer()
    private var outgoingIsSent = true
    /// Bytes for the client. A buffer of its own, so that no mistake can show the client what was
    /// written for the upstream: identity, above all.
    private var answer = ByteBuffer()
    private var answerIsSent = true

    init(_ loop: LoopContext) { self.loop = loop }

    // MARK: - Told by the channel

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelActive(context: ChannelHandlerContext) {
        forwardedFields = ForwardedFields(
            peerAddress: context.remoteAddress?.ipAddress, trustedPeers: loop.settings.trustedPeers)
        deadline = LoopClock.monotonicMilliseconds() + loop.deadlines.requestHead
        if !loop.add(self) {
            beginRecord()
            refuse(Refusal(.overloaded, detail: "too many connections"))
        }
        context.fireChannelActive()
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

    private func gone() {
        guard phase != .closed else { return }
        if phase == .exchange, record.detail.isEmpty { record.detail = "client went away" }
        finishRecord()
        phase = .closed
        upstream?.abandon()
        upstream = nil
        loop.remove(self)
    }

    // MARK: - Requests

    private func advance() {
        // What is sent here may fail or be answered at once, which asks for the next request: the
        // loop below looks for it anyway, and so pipelined requests never nest.
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        while true {
            switch phase {
            case .head:
                guard readHead() else { return }
            case .exchange:
                readRequestBody()
                guard phase != .exchange else { return }
            case .lingering, .closed:
                inbound = ByteBuffer()
                return
            }
        }
    }

    /// - Returns: whether there may be more to do with the bytes that are left.
    private func readHead() -> Bool {
        let available = inbound.readableBytes
        guard available > 0 else {
            inbound = ByteBuffer()
            return false
        }
        guard isWritable else {
            // Whoever does not read answers cannot ask for more of them.
            setReading(false)
            return false
        }
        if scanned == 0 {
            deadline = LoopClock.monotonicMilliseconds() + loop.deadlines.requestHead
        } else if available < loop.headLimits.head, !hasLineFeed(from: scanned) {
            // A head that drips in is parsed again only when a line ends.
            scanned = available
            return false
        }
        let outcome = loop.requestParser.parse(
            inbound.readableBytesUInt8Span, names: loop.requestNames, limits: loop.headLimits)
        switch outcome {
        case .needsMore:
            scanned = available
            return false
        case .fault(let fault):
            beginRecord()
            refuse(Refusal(fault.reasonCode, detail: fault.rawValue))
            return false
        case .head(let head):
            scanned = 0
            deadline = .max
            decide(head)
            return phase != .exchange || inbound.readableBytes > 0
        }
    }

    private func hasLineFeed(from start: Int) -> Bool {
        let source = inbound
        let bytes = source.readableBytesUInt8Span
        for index in start..<bytes.count where bytes[index] == lineFeed { return true }
        return false
    }

    private func decide(_ head: RequestHead) {
        beginRecord()
        clientMinorVersion = head.minorVersion
        let hasBody = head.framing != .none
        exchange = Exchange(
            hasBody: hasBody, keepsDownstream: head.keepsAlive && !loop.isDraining,
            mayRepeat: false)
        let storage = loop.requestStorage
        loop.requestStorage = CanonicalRequest.Storage()
        let source = inbound
        do throws(RequestRejection) {
            let bytes = source.readableBytesUInt8Span
            if loop.accessLog != nil { record.path = Self.path(bytes, head.target) }
            answersHead = Self.isHead(bytes, head.method)
            let request = try CanonicalRequest(
                bytes, head.parts, defaultAuthority: loop.defaultAuthority, recycling: storage)
            record.method = request.method.wireName
            switch loop.gatekeeper.admit(request, now: LoopClock.unixSeconds()) {
            case .refused(let refusal):
                inbound.moveReaderIndex(forwardBy: head.length)
                refuse(refusal)
            case .admitted(let permit):
                forward(permit, head)
            }
        } catch {
            inbound.moveReaderIndex(forwardBy: head.length)
            refuse(Refusal(error.code, detail: error.detail))
        }
    }

    private func forward(_ permit: consuming Permit, _ head: RequestHead) {
        record.routeID = permit.route.id
        if case .length(let length) = head.framing, length > loop.settings.limits.body {
            inbound.moveReaderIndex(forwardBy: head.length)
            refuse(Refusal(.bodyTooLarge, detail: "content-length over the limit"))
            return
        }
        exchange = Exchange(
            hasBody: head.framing != .none, keepsDownstream: exchange.keepsDownstream,
            mayRepeat: permit.request.method.isIdempotent)
        writeRequestHead(permit, head)
        inbound.moveReaderIndex(forwardBy: head.length)
        loop.requestStorage = permit.recycled()

        requestBody = BodyReader(head.framing)
        requestIsChunked = head.framing == .chunked
        requestBodyBytes = 0
        phase = .exchange
        deadline = LoopClock.monotonicMilliseconds() + loop.deadlines.responseHead
        if head.facts.expectsContinue, exchange.request == .streaming, clientMinorVersion == 1,
            inbound.readableBytes == 0
        {
            context?.writeAndFlush(wrapOutboundOut(Self.continueAnswer), promise: nil)
        }
        // What of the body is here already travels with the head.
        if exchange.request == .streaming, inbound.readableBytes > 0 {
            readRequestBody()
            guard phase == .exchange else { return }
        }
        dispatch(fresh: false)
    }

    private func writeRequestHead(_ permit: borrowing Permit, _ head: RequestHead) {
        let received = inbound
        let source = received.readableBytesUInt8Span
        RequestHeadWriter.write(
            permit, lines: loop.requestParser.fields.lines, of: source, framing: head.framing,
            forwarded: forwardedLines(permit, head, source), into: &loop.writer)
        // Whatever an exchange before this one left unsent must not travel in front of it.
        outgoingIsSent = true
        prepareOutgoing()
        unsafe loop.writer.withBytes { _ = unsafe outgoing.writeBytes($0) }
    }

    private func forwardedLines(
        _ permit: borrowing Permit, _ head: RequestHead, _ source: Span<UInt8>
    ) -> [UInt8] {
        guard let forwardedFields else { return [] }
        let authority = permit.request.text.span.extracting(permit.request.authorityRange)
        guard forwardedFields.isTrusted else { return forwardedFields.lines(authority: authority) }
        return forwardedFields.lines(
            authority: authority, claims: head.facts.forwardedClaims(source))
    }

    private func dispatch(fresh: Bool) {
        if !fresh, let pooled = loop.pool.take() {
            begin(on: pooled, isReused: true)
            return
        }
        guard loop.pool.hasRoom else {
            refuse(Refusal(.upstreamBusy, detail: "all upstream connections are in use"))
            return
        }
        let number = exchangeNumber
        UpstreamConnector.connect(loop) { [self] result in
            // The client may have gone, or the exchange may have ended, meanwhile.
            let isAwaited = phase == .exchange && exchangeNumber == number && upstream == nil
            switch result {
            case .success(let connection):
                guard isAwaited else {
                    connection.close()
                    return
                }
                begin(on: connection, isReused: false)
            case .failure(let error):
                guard isAwaited else { return }
                refuse(Refusal(upstreamError: error))
                startNextRequest()
            }
        }
    }

    private func begin(on connection: UpstreamHandler, isReused: Bool) {
        upstream = connection
        connection.begin(for: self, answeringHead: answersHead, isReused: isReused)
        connection.setReading(isWritable)
        connection.send(outgoing)
        outgoingIsSent = true
        updateReading()
    }

    private func readRequestBody() {
        guard exchange.request == .streaming else {
            // A pipelined request waits for its turn, and its sender when there is much of it.
            updateReading()
            return
        }
        var start = 0
        while true {
            switch requestBody.step(inbound.readableBytesUInt8Span, from: start) {
            case .data(let range):
                requestBodyBytes += Int64(range.count)
                guard requestBodyBytes <= loop.settings.limits.body else {
                    refuse(Refusal(.bodyTooLarge, detail: "body over the limit"))
                    return
                }
                sendRequestBody(range)
                start = range.upperBound
            case .needsMore:
                inbound = ByteBuffer()
                flushRequestBody()
                updateReading()
                return
            case .finished(let next):
                inbound.moveReaderIndex(forwardBy: next)
                if inbound.readableBytes == 0 { inbound = ByteBuffer() }
                if requestIsChunked { appendToRequest("0\r\n\r\n") }
                exchange.requestBodyFinished()
                flushRequestBody()
                return
            case .fault:
                refuse(Refusal(.badFraming, detail: FramingFault.chunk.rawValue))
                return
            }
        }
    }

    private func sendRequestBody(_ range: Range<Int>) {
        if upstream != nil { prepareOutgoing() }
        if requestIsChunked {
            outgoing.writeString(String(range.count, radix: 16))
            outgoing.writeStaticString("\r\n")
        }
        outgoing.writeBytes(inbound.readableBytesSpan.extracting(range))
        if requestIsChunked { outgoing.writeStaticString("\r\n") }
    }

    private func appendToRequest(_ text: StaticString) {
        if upstream != nil { prepareOutgoing() }
        outgoing.writeStaticString(text)
    }

    /// Until there is a connection, the request collects in `outgoing`.
    private func flushRequestBody() {
        deadline =
            LoopClock.monotonicMilliseconds()
            + (exchange.response == .awaited
                ? loop.deadlines.responseHead : loop.deadlines.streamIdle)
        guard let upstream, !outgoingIsSent, outgoing.readableBytes > 0 else { return }
        upstream.send(outgoing)
        outgoingIsSent = true
    }

    // MARK: - Answers, told by the upstream's connection

    func upstreamWritabilityChanged() { updateReading() }

    func informationalHeadReceived(_ head: ResponseHead, in source: ByteBuffer) {
        guard clientMinorVersion == 1 else { return }
        writeHead(head, in: source, framing: .asReceived)
        flushAnswer()
    }

    func answerHeadReceived(_ head: ResponseHead, in source: ByteBuffer, framing: BodyFraming) {
        clientFraming = ClientFraming(framing, clientMinorVersion: clientMinorVersion)
        if exchange.request == .streaming || loop.isDraining {
            exchange.closeDownstreamAfterAnswer()
        }
        exchange.responseHeadReceived(closesDownstream: clientFraming == .untilClose)
        record.status = head.status
        writeHead(head, in: source, framing: clientFraming)
    }

    private func writeHead(_ head: ResponseHead, in source: ByteBuffer, framing: ClientFraming) {
        ResponseHeadWriter.write(
            head, lines: loop.responseParser.fields.lines,
            nominated: loop.responseParser.fields.nominated, of: source.readableBytesUInt8Span,
            framing: framing, keepsAlive: exchange.keepsDownstream,
            clientMinorVersion: clientMinorVersion, into: &loop.writer)
        prepareAnswer()
        unsafe loop.writer.withBytes { _ = unsafe answer.writeBytes($0) }
    }

    func answerBodyReceived(_ range: Range<Int>, in source: ByteBuffer) {
        record.bytesOut += Int64(range.count)
        prepareAnswer()
        if clientFraming == .chunked {
            answer.writeString(String(range.count, radix: 16))
            answer.writeStaticString("\r\n")
        }
        if range.count <= Self.copiedBodyPiece {
            answer.writeBytes(source.readableBytesSpan.extracting(range))
        } else if let context,
            let slice = source.getSlice(
                at: source.readerIndex + range.lowerBound, length: range.count)
        {
            writeAnswer()
            context.write(wrapOutboundOut(slice), promise: nil)
            prepareAnswer()
        }
        if clientFraming == .chunked { answer.writeStaticString("\r\n") }
    }

    /// Everything that has been received of the answer goes out now: an event stream must not wait.
    func flushAnswer() {
        sendAnswer()
        deadline = LoopClock.monotonicMilliseconds() + loop.deadlines.streamIdle
    }

    /// - Returns: whether the upstream's connection can be used again.
    func answerFinished(upstreamIsClean: Bool) -> Bool {
        if clientFraming == .chunked {
            prepareAnswer()
            answer.writeStaticString("0\r\n\r\n")
        }
        upstream = nil
        let completion = exchange.responseFinished(upstreamIsClean: upstreamIsClean)
        finishRecord()
        sendAnswer()
        endExchange(reusesConnection: completion.reusesDownstream)
        return completion.reusesUpstream
    }

    /// Goes on with a pipelined request, if there is one. Called when the upstream's connection of
    /// the last exchange is back in the pool.
    func startNextRequest() {
        guard phase == .head else { return }
        updateReading()
        if inbound.readableBytes > 0 { advance() }
    }

    func answerInvalid(_ detail: String) {
        upstream = nil
        if exchange.response == .awaited {
            refuse(Refusal(.upstreamInvalid, detail: detail))
            startNextRequest()
        } else {
            record.detail = detail
            abort()
        }
    }

    func upstreamLost(wasReused: Bool, endsBody: Bool, hadBytes: Bool) {
        upstream = nil
        guard phase == .exchange else { return }
        switch exchange.upstreamLost(wasReused: wasReused && !hadBytes, endsBody: endsBody) {
        case .retry:
            dispatch(fresh: true)
            startNextRequest()
        case .refuse:
            refuse(
                hadBytes
                    ? Refusal(.upstreamInvalid, detail: FramingFault.truncated.rawValue)
                    : Refusal(.upstreamUnreachable, detail: "connection closed before an answer"))
            startNextRequest()
        case .finish:
            _ = answerFinished(upstreamIsClean: false)
            startNextRequest()
        case .abort:
            record.detail = "upstream closed inside the answer"
            abort()
        }
    }

    // MARK: - Our own answers, and ends

    private func refuse(_ refusal: Refusal) {
        guard exchange.response == .awaited else {
            // Part of the upstream's answer is out; ours would become part of it.
            record.detail = refusal.detail
            abort()
            return
        }
        upstream?.abandon()
        upstream = nil
        let closes =
            refusal.code.closesConnection || !exchange.keepsDownstream
            || exchange.request != .finished
        RefusalWriter.write(
            refusal, answersHead: answersHead, closes: closes, into: &loop.writer)
        answerIsSent = true
        prepareAnswer()
        unsafe loop.writer.withBytes { _ = unsafe answer.writeBytes($0) }
        record.status = refusal.code.status
        record.refusalCode = refusal.code.rawValue
        record.detail = refusal.detail
        record.routeID = refusal.routeID ?? record.routeID
        finishRecord()
        sendAnswer()
        endExchange(reusesConnection: !closes)
    }

    private func endExchange(reusesConnection: Bool) {
        // Sending the answer may have shown that nobody is there any more.
        guard phase != .closed, let context else { return }
        let now = LoopClock.monotonicMilliseconds()
        if reusesConnection {
            phase = .head
            deadline = now + loop.deadlines.idle
            return
        }
        phase = .lingering
        inbound = ByteBuffer()
        deadline = now + loop.deadlines.streamIdle
        setReading(true)
        // A slow reader gets all of the answer: only behind its last byte the short wait begins.
        context.flush()
        let answerIsOut = context.eventLoop.makePromise(of: Void.self)
        answerIsOut.futureResult.assumeIsolated().whenComplete { [self] _ in
            guard phase == .lingering else { return }
            deadline = LoopClock.monotonicMilliseconds() + loop.deadlines.linger
        }
        context.close(mode: .output, promise: answerIsOut)
    }

    /// Ends the connection with a reset or a plain close, whatever is under way.
    func abort() {
        context?.close(promise: nil)
    }

    func drain() {
        if phase == .head, inbound.readableBytes == 0 { context?.close(promise: nil) }
        if phase == .exchange { exchange.closeDownstreamAfterAnswer() }
    }

    func checkDeadline(_ now: Int64) {
        if phase == .head, inbound.readableBytes == 0 {
            // An idle connection holds no buffer.
            outgoing = ByteBuffer()
            outgoingIsSent = true
            answer = ByteBuffer()
            answerIsSent = true
        }
        guard now >= deadline else { return }
        deadline = .max
        switch phase {
        case .head where inbound.readableBytes == 0:
            context?.close(promise: nil)
        case .head:
            beginRecord()
            refuse(Refusal(.requestTimeout, detail: "head not complete in time"))
        case .exchange where exchange.response == .awaited:
            if exchange.request == .streaming, upstream != nil, isReading {
                refuse(Refusal(.requestTimeout, detail: "body not complete in time"))
            } else {
                refuse(Refusal(.upstreamTimeout, detail: "no answer in time"))
                startNextRequest()
            }
        case .exchange:
            record.detail = "answer stalled"
            abort()
        case .lingering, .closed:
            context?.close(promise: nil)
        }
    }

    // MARK: - Bytes

    private func prepareOutgoing() {
        guard outgoingIsSent else { return }
        prepare(&outgoing)
        outgoingIsSent = false
    }

    private func prepareAnswer() {
        guard answerIsSent else { return }
        prepare(&answer)
        answerIsSent = false
    }

    /// An empty buffer, with the old one's memory where the channel is done with it.
    private func prepare(_ buffer: inout ByteBuffer) {
        if buffer.capacity == 0, let context {
            buffer = context.channel.allocator.buffer(capacity: Self.bufferSize)
        }
        buffer.clear()
    }

    private func writeAnswer() {
        guard !answerIsSent, let context else { return }
        answerIsSent = true
        if answer.readableBytes > 0 { context.write(wrapOutboundOut(answer), promise: nil) }
    }

    private func sendAnswer() {
        guard let context else { return }
        if !answerIsSent, answer.readableBytes > 0 {
            answerIsSent = true
            context.write(wrapOutboundOut(answer), promise: nil)
        }
        loop.flushSoon(context)
    }

    private func updateReading() {
        switch phase {
        case .head:
            setReading(isWritable)
        case .lingering, .closed:
            setReading(true)
        case .exchange where exchange.request == .streaming:
            setReading(upstream?.isWritable ?? (outgoing.readableBytes < Self.mostWaiting))
        case .exchange:
            setReading(inbound.readableBytes < Self.mostWaiting)
        }
    }

    private func setReading(_ reading: Bool) {
        guard reading != isReading, let context else { return }
        isReading = reading
        // Fails only on a closed channel, which reads nothing anyway.
        try? context.channel.syncOptions?.setOption(.autoRead, value: reading)
    }

    private func beginRecord() {
        exchangeNumber &+= 1
        exchange = Exchange(hasBody: false, keepsDownstream: false, mayRepeat: false)
        answersHead = false
        guard loop.accessLog != nil else { return }
        isRecording = true
        record = ExchangeRecord()
        record.startedAt = LoopClock.monotonicNanoseconds()
    }

    private func finishRecord() {
        guard isRecording else { return }
        isRecording = false
        loop.accessLog?.record(record, client: forwardedFields?.peerText ?? "unknown")
    }

    /// Methods are case-sensitive: `head` is unknown, and answered with a body.
    private static func isHead(_ bytes: Span<UInt8>, _ method: ByteRange) -> Bool {
        bytes.spells("head", in: method)
            && method.range.allSatisfy { bytes[$0] & 0x20 == 0 }
    }

    private static func path(_ bytes: Span<UInt8>, _ target: ByteRange) -> [UInt8] {
        var end = target.start
        while end < target.end, bytes[end] != 0x3F, end - target.start < 512 { end &+= 1 }
        return unsafe bytes.extracting(target.start..<end).withUnsafeBufferPointer {
            unsafe Array($0)
        }
    }

    private static let continueAnswer = ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")
    private static let bufferSize = 2048
    /// Larger pieces are passed on as they are; below this, one copy is cheaper than a second write.
    private static let copiedBodyPiece = 8192
    private static let mostWaiting = 64 << 10
}
