internal import Admission
internal import NIOCore

/// Answers: the upstream's, told by its connection, and our own.
extension DownstreamHandler {
    func upstreamWritabilityChanged() { updateReading() }

    func informationalHeadReceived(_ head: ResponseHead, in source: ByteBuffer) {
        guard clientMinorVersion == 1 else { return }
        writeHead(head, in: source, framing: .asReceived)
        flushAnswer()
    }

    func answerHeadReceived(_ head: ResponseHead, in source: ByteBuffer, framing: BodyFraming) {
        clientFraming = ClientFraming(framing, clientMinorVersion: clientMinorVersion)
        if upgrade != nil { upgradeFailed() }
        if exchange.request == .streaming || loop.isDraining {
            exchange.closeDownstreamAfterAnswer()
        }
        exchange.responseHeadReceived(closesDownstream: clientFraming == .untilClose)
        record.status = head.status
        answerTrailer = []
        writeHead(head, in: source, framing: clientFraming)
    }

    func writeHead(_ head: ResponseHead, in source: ByteBuffer, framing: ClientFraming) {
        ResponseHeadWriter.write(
            head, lines: loop.responseParser.fields.lines,
            nominated: loop.responseParser.fields.nominated, of: source.readableBytesUInt8Span,
            framing: framing, keepsAlive: exchange.keepsDownstream,
            clientMinorVersion: clientMinorVersion, routeFields: answerFields,
            into: &loop.writer)
        answer.prepare(allocator)
        answer.append(loop.writer)
    }

    func answerBodyReceived(_ range: Range<Int>, in source: ByteBuffer) {
        record.bytesOut += Int64(range.count)
        answer.prepare(allocator)
        if clientFraming == .chunked { answer.appendChunkSize(range.count) }
        if range.count <= Self.copiedBodyPiece {
            answer.append(range, of: source)
        } else if let context,
            let slice = source.getSlice(
                at: source.readerIndex + range.lowerBound, length: range.count)
        {
            writeAnswer()
            context.write(wrapOutboundOut(slice), promise: nil)
            answer.prepare(allocator)
        }
        if clientFraming == .chunked { answer.append("\r\n") }
    }

    func answerTrailerReceived(_ range: Range<Int>, in source: ByteBuffer) {
        answerTrailer += source.readableBytesView.dropFirst(range.lowerBound).prefix(range.count)
    }

    /// Asked when the answer's body has ended.
    var answerTrailerIsSound: Bool {
        TrailerWriter.isSound(
            answerTrailer, names: loop.responseTrailerNames, parser: &loop.trailerParser)
    }

    /// Everything that has been received of the answer goes out now: an event stream must not wait.
    func flushAnswer() {
        sendAnswer()
        restartDeadline()
    }

    /// - Returns: whether the upstream's connection can be used again.
    func answerFinished(upstreamIsClean: Bool) -> Bool {
        if clientFraming == .chunked {
            TrailerWriter.write(
                answerTrailer, names: loop.responseTrailerNames, parser: &loop.trailerParser,
                into: &loop.writer)
            answerTrailer = []
            answer.prepare(allocator)
            answer.append(loop.writer)
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
            abort(detail)
        }
    }

    func upstreamLost(wasReused: Bool, endsBody: Bool, hadBytes: Bool) {
        if phase == .tunnel { return appGone() }
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
            abort("upstream closed inside the answer")
        }
    }

    // MARK: - Our own

    func refuse(_ refusal: Refusal) {
        guard exchange.response == .awaited else {
            // Part of the upstream's answer is out; ours would become part of it.
            abort(refusal.detail)
            return
        }
        leaveQueue()
        upstream?.abandon()
        upstream = nil
        local = nil
        if upgrade != nil { upgradeFailed() }
        let closes =
            refusal.code.closesConnection || !exchange.keepsDownstream
            || exchange.request != .finished || clientMinorVersion == 0
        var refusal = refusal
        // On a route that was admitted: what went wrong later is an answer of the route as well.
        if refusal.answerFields.isEmpty { refusal.answerFields = answerFields }
        let bodySize = RefusalWriter.write(
            refusal, answersHead: answersHead, closes: closes, now: LoopClock.unixSeconds(),
            into: &loop.writer)
        answer.restart(allocator)
        answer.append(loop.writer)
        record.status = refusal.status
        record.bytesOut = Int64(bodySize)
        record.refusalCode = refusal.name
        record.detail = refusal.detail
        record.token = refusal.token
        record.routeID = refusal.routeID ?? record.routeID
        finishRecord()
        sendAnswer()
        endExchange(reusesConnection: !closes)
    }

    /// Answers a CORS preflight, whose head has been taken.
    func answer(_ preflight: PreflightAnswer) {
        let closes =
            !exchange.keepsDownstream || exchange.request != .finished || clientMinorVersion == 0
        PreflightWriter.write(
            preflight, closes: closes, now: LoopClock.unixSeconds(), into: &loop.writer)
        answer.restart(allocator)
        answer.append(loop.writer)
        record.status = 204
        record.routeID = preflight.routeID ?? record.routeID
        record.detail = "preflight"
        finishRecord()
        sendAnswer()
        endExchange(reusesConnection: !closes)
    }

    func endExchange(reusesConnection: Bool) {
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
        deadline = now + loop.deadlines.patience.streamIdle
        setReading(true)
        // A slow reader gets all of the answer: only behind its last byte the short wait begins.
        context.flush()
        let answerIsOut = context.eventLoop.makePromise(of: Void.self)
        answerIsOut.futureResult.assumeIsolated().whenComplete { [self] _ in
            guard phase == .lingering else { return }
            lastAnswerIsOut = true
            if clientHasFinished {
                self.context?.close(promise: nil)
            } else {
                deadline = LoopClock.monotonicMilliseconds() + loop.deadlines.linger
            }
        }
        if clientHasFinished {
            context.closeOutputBehindAll(answerIsOut)
        } else {
            context.close(mode: .output, promise: answerIsOut)
        }
    }

    /// Hands what waits to the channel, which sends it when it is flushed.
    func writeAnswer() {
        guard let context, !answer.isEmpty else { return }
        context.write(wrapOutboundOut(answer.take()), promise: nil)
    }

    func sendAnswer() {
        guard let context else { return }
        writeAnswer()
        loop.flushSoon(context)
    }

    /// Larger pieces are passed on as they are; below this, one copy is cheaper than a second write.
    static let copiedBodyPiece = 8192
}
