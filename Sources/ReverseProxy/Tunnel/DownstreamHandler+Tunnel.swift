internal import AccessPolicy
internal import Admission
internal import NIOCore
internal import TokenVerification

/// The client's end of a WebSocket, from the handshake to its end; what is to be done `Tunnel` says.
///
/// Bytes are passed as they come. Neither side is read while the other takes nothing, so that what is held
/// in between is bounded by what one reading brings.
extension DownstreamHandler {
    // MARK: - Handshake

    /// Makes ready for an upgrade that the policy allows.
    ///
    /// - Returns: false when the handshake was refused for its form.
    func prepareUpgrade(_ permit: borrowing Permit, _ head: RequestHead) -> Bool {
        // What stands behind a handshake is frames, and no request if there is no tunnel for them.
        if inbound.readableBytes > head.length { exchange.closeDownstreamAfterAnswer() }
        let source = inbound
        do throws(HandshakeFault) {
            let handshake = try OpeningHandshake(
                head, loop.requestParser.fields.lines, source.readableBytesUInt8Span)
            let now = LoopClock.unixMilliseconds()
            let tokenLasts = permit.bearer.map { bearer in
                // The leeway lets a token in. What is open ends when the issuer said it would.
                let token = bearer.token
                let (expiry, end) = (token.expiresAt * 1000, token.usableUntil * 1000)
                return max(0, (expiry > now ? expiry : end) - now)
            }
            let rules = TunnelRules(
                loop.settings.webSockets, permit.route.webSocket ?? WebSocketRule(),
                tokenLasts: tokenLasts, now: LoopClock.monotonicMilliseconds())
            upgrade = Upgrade(handshake, rules)
            return true
        } catch {
            inbound.moveReaderIndex(forwardBy: head.length)
            refuse(Refusal(error.reasonCode, detail: error.rawValue))
            return false
        }
    }

    /// The app has answered with something else than 101: the connection goes on with HTTP, unless the
    /// client has already sent what it took for frames.
    func upgradeFailed() {
        upgrade = nil
        if inbound.readableBytes > 0 { exchange.closeDownstreamAfterAnswer() }
    }

    /// The app has answered with 101.
    func openTunnel(_ head: ResponseHead, in source: ByteBuffer) throws(HandshakeAnswerFault) {
        guard let upgrade else { throw .unasked }
        let hasExtensions = try upgrade.handshake.check(
            head, loop.responseParser.fields.lines, source.readableBytesUInt8Span)
        record.status = head.status
        exchange.responseHeadReceived(closesDownstream: true)
        upgrade.tunnel = Tunnel(
            upgrade.rules, hasExtensions: hasExtensions, mark: .random(in: .min ... .max),
            now: LoopClock.monotonicMilliseconds())
        phase = .tunnel
        deadline = 0
        allowHalfClosure(context)
        writeHead(head, in: source, framing: .asReceived)
        sendAnswer()
        // A tunnel is silent most of the time: it holds no buffer.
        answer.release()
        outgoing.release()
    }

    func allowHalfClosure(_ context: ChannelHandlerContext?) {
        // Fails only on a closed channel.
        try? context?.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
    }

    // MARK: - Bytes

    /// Passes on what has come from the client.
    func relayToApp() {
        guard inbound.readableBytes > 0, upgrade?.tunnel != nil else {
            updateReading()
            return
        }
        var source = ByteBuffer()
        swap(&source, &inbound)
        upgrade?.tunnel?.received(at: LoopClock.monotonicMilliseconds())
        var index = 0
        while let piece = upgrade?.tunnel?.fromClient(source.readableBytesUInt8Span, from: &index) {
            switch piece {
            case .pass(let range) where range.count == source.readableBytes:
                upstream?.send(source)
            case .pass(let range):
                if let slice = source.getSlice(
                    at: source.readerIndex + range.lowerBound, length: range.count)
                {
                    upstream?.send(slice)
                }
            case .release(let bytes):
                upstream?.send(ByteBuffer(bytes: bytes))
            case .end:
                updateReading()
                return
            }
        }
    }

    /// Passes on what has come from the app.
    func relayToClient(_ source: ByteBuffer) {
        guard let context, let upgrade, upgrade.tunnel != nil else { return }
        upgrade.tunnel?.received(at: LoopClock.monotonicMilliseconds())
        let count = upgrade.tunnel?.fromApp(source.readableBytesUInt8Span) ?? 0
        if count > 0, let passed = source.getSlice(at: source.readerIndex, length: count) {
            record.bytesOut += Int64(count)
            context.write(wrapOutboundOut(passed), promise: nil)
            loop.flushSoon(context)
        }
        if let ending = upgrade.tunnel?.ending, upgrade.tunnel?.mayEnd == true {
            finishTunnel(ending)
        }
    }

    // MARK: - Ends

    /// The client has finished sending; it may still be listening.
    func clientEnded() {
        switch phase {
        case .tunnel:
            guard let held = upgrade?.tunnel?.clientEnded() else { return }
            if !held.isEmpty { upstream?.send(ByteBuffer(bytes: held)) }
            deadline = 0
            upstream?.finishSending { [self] in
                upgrade?.appHasAll = true
                closeIfBothEnded()
            }
        case .lingering:
            clientHasFinished = true
            if lastAnswerIsOut { context?.close(promise: nil) }
        case .closed:
            context?.close(promise: nil)
        case .head, .waiting, .exchange:
            break
        }
    }

    /// The app has finished sending; it may still be listening.
    func appEnded() {
        guard phase == .tunnel, let context else { return }
        upgrade?.tunnel?.appEnded()
        if let ending = upgrade?.tunnel?.ending {
            finishTunnel(ending)
            return
        }
        deadline = 0
        let isOut = context.eventLoop.makePromise(of: Void.self)
        isOut.futureResult.assumeIsolated().whenComplete { [self] _ in
            upgrade?.clientHasAll = true
            closeIfBothEnded()
        }
        context.closeOutputBehindAll(isOut)
    }

    /// When both have finished, each connection is closed as soon as all that it was to bring is out.
    private func closeIfBothEnded() {
        guard phase == .tunnel, let tunnel = upgrade?.tunnel, tunnel.clientHasEnded,
            tunnel.appHasEnded
        else { return }
        if upgrade?.appHasAll == true { upstream?.close() }
        if upgrade?.clientHasAll == true { context?.close(promise: nil) }
    }

    /// The app's connection is gone: what it sent still reaches the client.
    func appGone() {
        upstream = nil
        leaveTunnel()
    }

    /// Looks whether it is time for something.
    func checkTunnel(_ now: Int64) {
        guard let due = upgrade?.tunnel?.due(now) else { return }
        switch due {
        case .nothing(let time):
            deadline = time
        case .ping(let frame):
            deadline = now
            guard let context, isWritable else { return }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: frame)), promise: nil)
        case .end(let end) where upgrade?.tunnel?.ending == nil:
            endTunnel(end, now)
        case .end(let end):
            // No frame has ended in time.
            finishTunnel(end)
        }
    }

    /// Ends the tunnel with a close frame for both sides, behind the frame that is under way.
    func endTunnel(_ end: TunnelEnd, _ now: Int64) {
        guard phase == .tunnel else { return }
        upgrade?.tunnel?.end(end)
        deadline = now + loop.deadlines.linger
        if upgrade?.tunnel?.mayEnd == true { finishTunnel(end) }
    }

    private func finishTunnel(_ end: TunnelEnd) {
        record.detail = end.text
        sayTunnelEnds(end)
        leaveTunnel()
    }

    /// Writes the close frames, where they may be written, and lets go of the app's connection.
    func sayTunnelEnds(_ end: TunnelEnd) {
        if let context, let frame = upgrade?.tunnel?.lastFrameForClient(end) {
            context.write(wrapOutboundOut(ByteBuffer(bytes: frame)), promise: nil)
        }
        upstream?.endTunnel(
            upgrade?.tunnel?.lastFrameForApp(end, mask: .random(in: .min ... .max)))
        upstream = nil
    }

    /// The client has gone, or has been told that the tunnel ends.
    private func leaveTunnel() {
        finishRecord()
        clientHasFinished = upgrade?.tunnel?.clientHasEnded ?? false
        upgrade = nil
        endExchange(reusesConnection: false)
    }
}
