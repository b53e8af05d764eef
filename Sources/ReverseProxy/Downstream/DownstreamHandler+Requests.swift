internal import AccessPolicy
internal import Admission
internal import NIOCore

/// Reading requests, having them decided, and sending them on.
extension DownstreamHandler {
    func advance() {
        // What is sent here may fail or be answered at once, which asks for the next request: the
        // loop below looks for it anyway, and so pipelined requests never nest.
        guard !isAdvancing, !isYielding else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        var decided = 0
        while true {
            switch phase {
            case .head:
                guard decided < Self.mostAtOnce || inbound.readableBytes == 0 else {
                    yieldTurn()
                    return
                }
                guard readHead() else { return }
                decided += 1
            case .exchange:
                readRequestBody()
                guard phase != .exchange else { return }
            case .waiting:
                updateReading()
                return
            case .tunnel:
                relayToApp()
                return
            case .lingering, .closed:
                inbound = ByteBuffer()
                return
            }
        }
    }

    /// Lets the other connections of the loop have their turn, and goes on with this one's pipelined
    /// requests after that; nothing more of it is read meanwhile. Who sends many requests in one packet
    /// must not make others wait for all of them.
    private func yieldTurn() {
        isYielding = true
        setReading(false)
        loop.eventLoop.assumeIsolated().scheduleTask(in: Self.turnPause) { [self] in
            isYielding = false
            advance()
            updateReading()
        }
    }

    /// - Returns: whether there may be more to do with the bytes that are left.
    func readHead() -> Bool {
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
        } else if available < loop.limits.requestHead.head, !hasLineFeed(from: scanned) {
            // A head that drips in is parsed again only when a line ends.
            scanned = available
            return false
        }
        let outcome = loop.requestParser.parse(
            inbound.readableBytesUInt8Span, names: loop.requestNames,
            limits: loop.limits.requestHead)
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

    func hasLineFeed(from start: Int) -> Bool {
        let source = inbound
        let bytes = source.readableBytesUInt8Span
        for index in start..<bytes.count where bytes[index] == lineFeed { return true }
        return false
    }

    func decide(_ head: RequestHead) {
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
                bytes, head.parts, defaultAuthority: loop.defaultAuthority,
                relaxations: loop.relaxations, recycling: storage)
            record.method = request.method.wireName
            record.policy = loop.policyFingerprint
            if let endpoint = try ownEndpoint(request) {
                serveLocally(request, endpoint, head)
                loop.requestStorage = request.recycled()
                return
            }
            switch loop.gatekeeper.admit(request, arrival(head, bytes)) {
            case .preflight(let preflight):
                inbound.moveReaderIndex(forwardBy: head.length)
                answer(preflight)
            case .refused(let refusal):
                endOfWaiting()
                inbound.moveReaderIndex(forwardBy: head.length)
                refuse(refusal)
            case .admitted(let permit):
                endOfWaiting()
                forward(permit, head)
            case .needs(let evidence, otherwise: let refusal):
                guard !waits(for: evidence) else { return }
                endOfWaiting()
                inbound.moveReaderIndex(forwardBy: head.length)
                refuse(refusal)
            }
        } catch {
            inbound.moveReaderIndex(forwardBy: head.length)
            refuse(Refusal(error.code, detail: error.detail))
        }
    }

    /// What the gatekeeper is told of a request beside its bytes.
    private func arrival(_ head: RequestHead, _ source: Span<UInt8>) -> Arrival {
        let client: IPAddress? =
            if let forwardedFields, forwardedFields.isTrusted {
                forwardedFields.clientAddress(claims: head.facts.forwardedClaims(source))
            } else {
                forwardedFields?.peer
            }
        return Arrival(
            client: client, now: LoopClock.unixSeconds(),
            milliseconds: LoopClock.monotonicMilliseconds(), isCounted: evidenceDeadline != nil)
    }

    func forward(_ permit: consuming Permit, _ head: RequestHead) {
        record.routeID = permit.route.id
        answerFields = permit.answerFields
        patience = loop.patience[permit.route.index]
        let bodyLimit = loop.limits.body(permit.bodyLimit)
        guard bodyMayPass(head, limit: bodyLimit) else { return }
        if permit.request.wantsUpgrade {
            guard prepareUpgrade(permit, head) else { return }
        }
        let assertion: [UInt8]
        do throws(AssertionFailure) {
            assertion = try loop.assertions.line(for: permit, now: LoopClock.unixSeconds())
        } catch {
            inbound.moveReaderIndex(forwardBy: head.length)
            refuse(Refusal(.assertionUnavailable, detail: error.detail))
            return
        }
        exchange = Exchange(
            hasBody: head.framing != .none, keepsDownstream: exchange.keepsDownstream,
            mayRepeat: permit.request.method.isIdempotent)
        writeRequestHead(permit, head, assertion)
        inbound.moveReaderIndex(forwardBy: head.length)
        loop.requestStorage = permit.recycled()

        beginBody(head, limit: bodyLimit)
        // What of the body is here already travels with the head.
        if exchange.request == .streaming, inbound.readableBytes > 0 {
            readRequestBody()
            guard phase == .exchange else { return }
        }
        dispatch(fresh: false)
    }

    /// Refuses a request whose body is too large by its own account.
    func bodyMayPass(_ head: RequestHead, limit: Int64) -> Bool {
        guard case .length(let length) = head.framing, length > limit else { return true }
        inbound.moveReaderIndex(forwardBy: head.length)
        refuse(Refusal(.bodyTooLarge, detail: "content-length over the limit"))
        return false
    }

    /// Makes ready to read the body of at most `limit` bytes behind a head that has been dealt with.
    func beginBody(_ head: RequestHead, limit: Int64) {
        requestBody = BodyReader(head.framing)
        requestIsChunked = head.framing == .chunked
        requestTrailer = []
        requestBodyBytes = 0
        requestBodyLimit = limit
        phase = .exchange
        restartDeadline()
        if exchange.request == .streaming { restartPace() }
        if head.facts.expectsContinue, exchange.request == .streaming, clientMinorVersion == 1,
            inbound.readableBytes == 0, let context
        {
            // Not flushed here: a client that is gone would end this connection, and nothing would be
            // left to give back the upstream's that the caller takes next.
            context.write(wrapOutboundOut(Self.continueAnswer), promise: nil)
            loop.flushSoon(context)
        }
    }

    func writeRequestHead(
        _ permit: borrowing Permit, _ head: RequestHead, _ assertion: [UInt8]
    ) {
        let received = inbound
        let source = received.readableBytesUInt8Span
        RequestHeadWriter.write(
            permit, lines: loop.requestParser.fields.lines, of: source, framing: head.framing,
            forwarded: forwardedLines(permit, head, source), assertion: assertion,
            into: &loop.writer)
        // Whatever an exchange before this one left unsent must not travel in front of it.
        outgoing.restart(allocator)
        outgoing.append(loop.writer)
    }

    func forwardedLines(
        _ permit: borrowing Permit, _ head: RequestHead, _ source: Span<UInt8>
    ) -> [UInt8] {
        guard let forwardedFields else { return [] }
        let authority = permit.request.text.span.extracting(permit.request.authorityRange)
        guard forwardedFields.isTrusted else { return forwardedFields.lines(authority: authority) }
        return forwardedFields.lines(
            authority: authority, claims: head.facts.forwardedClaims(source))
    }

    func dispatch(fresh: Bool) {
        switch loop.pool.choose(for: self, fresh: fresh) {
        case .reuse(let pooled):
            begin(on: pooled, isReused: true)
        case .open:
            openUpstream()
        case .wait:
            queuedUntil = LoopClock.monotonicMilliseconds() + loop.deadlines.upstreamWait
        case .refuse:
            refuse(Refusal(.upstreamBusy, detail: "all upstream connections are in use"))
        }
    }

    func begin(on connection: UpstreamHandler, isReused: Bool) {
        upstream = connection
        connection.begin(for: self, answeringHead: answersHead, isReused: isReused)
        connection.setReading(isWritable)
        connection.send(outgoing.take())
        updateReading()
    }

    func readRequestBody() {
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
                guard requestBodyBytes <= requestBodyLimit else {
                    refuse(Refusal(.bodyTooLarge, detail: "body over the limit"))
                    return
                }
                sendRequestBody(range)
                start = range.upperBound
            case .trailer(let range):
                requestTrailer += inbound.readableBytesView.dropFirst(range.lowerBound)
                    .prefix(range.count)
                start = range.upperBound
            case .needsMore:
                inbound = ByteBuffer()
                flushRequestBody()
                updateReading()
                return
            case .finished(let next):
                guard
                    TrailerWriter.isSound(
                        requestTrailer, names: loop.requestTrailerNames,
                        parser: &loop.trailerParser)
                else {
                    refuse(Refusal(.badFraming, detail: FramingFault.trailer.rawValue))
                    return
                }
                inbound.moveReaderIndex(forwardBy: next)
                if inbound.readableBytes == 0 { inbound = ByteBuffer() }
                if requestIsChunked, local == nil {
                    TrailerWriter.write(
                        requestTrailer, names: loop.requestTrailerNames,
                        parser: &loop.trailerParser, into: &loop.writer)
                    requestTrailer = []
                    outgoing.prepare(allocator)
                    outgoing.append(loop.writer)
                }
                exchange.requestBodyFinished()
                if local != nil { askResponder() } else { flushRequestBody() }
                return
            case .fault:
                refuse(Refusal(.badFraming, detail: FramingFault.chunk.rawValue))
                return
            }
        }
    }

    /// Until there is a connection, the request collects in `outgoing`.
    func sendRequestBody(_ range: Range<Int>) {
        guard local == nil else {
            local?.body += inbound.readableBytesView.dropFirst(range.lowerBound)
                .prefix(range.count)
            return
        }
        outgoing.prepare(allocator)
        if requestIsChunked { outgoing.appendChunkSize(range.count) }
        if range.count > Self.copiedBodyPiece, let upstream,
            let piece = inbound.getSlice(
                at: inbound.readerIndex + range.lowerBound, length: range.count)
        {
            if !outgoing.isEmpty { upstream.send(outgoing.take()) }
            upstream.send(piece)
            outgoing.prepare(allocator)
        } else {
            outgoing.append(range, of: inbound)
        }
        if requestIsChunked { outgoing.append("\r\n") }
    }

    func flushRequestBody() {
        restartDeadline()
        guard let upstream, !outgoing.isEmpty else { return }
        upstream.send(outgoing.take())
    }

    /// Methods are case-sensitive: `head` is unknown, and answered with a body.
    static func isHead(_ bytes: Span<UInt8>, _ method: ByteRange) -> Bool {
        bytes.spells("head", in: method)
            && method.range.allSatisfy { bytes[$0] & 0x20 == 0 }
    }

    static func path(_ bytes: Span<UInt8>, _ target: ByteRange) -> [UInt8] {
        var end = target.start
        while end < target.end, bytes[end] != 0x3F, bytes[end] != 0x23, end - target.start < 512 {
            end &+= 1
        }
        return unsafe bytes.extracting(target.start..<end).withUnsafeBufferPointer {
            unsafe Array($0)
        }
    }

    /// A task that is merely enqueued runs before the loop looks at its sockets again; one that has a time
    /// to wait for does not.
    static let turnPause = TimeAmount.microseconds(20)

    /// Requests that are refused or answered in one turn of the loop.
    static let mostAtOnce = 16

    static let continueAnswer = ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")
}
