internal import AccessPolicy
internal import Admission
internal import NIOCore

/// Requests for the gateway's own endpoints: read whole, answered off the loop by `LocalResponder`.
extension DownstreamHandler {
    /// The endpoint of our own that a request is for; nil for one that goes to the app.
    ///
    /// A path that is ours in one of its two views only is refused: somebody behind us could take it
    /// for the other.
    @inline(__always)
    func ownEndpoint(
        _ request: borrowing CanonicalRequest
    ) throws(RequestRejection) -> LocalEndpoint? {
        guard let responder = loop.localResponder, OwnPaths.mayHold(request.path) else {
            return nil
        }
        let endpoint = responder.endpoint(request.method, request.path.bytes)
        let folded = responder.endpoint(request.method, OwnPaths.folded(request.path))
        guard (endpoint == nil) == (folded == nil) else {
            throw RequestRejection(.badTarget, "the path could be taken for one of the gateway's")
        }
        guard endpoint == nil || request.path.opaque.isEmpty else {
            throw RequestRejection(.badTarget, "the path holds an escaped delimiter")
        }
        return endpoint
    }

    /// Decides whether the endpoint may be asked, and begins to read the body.
    func serveLocally(
        _ request: borrowing CanonicalRequest, _ endpoint: LocalEndpoint, _ head: RequestHead
    ) {
        record.routeID = endpoint.id
        let admission = loop.gatekeeper.admitLocally(
            request, endpoint: endpoint.id, needsBearer: endpoint.needsBearer,
            now: LoopClock.unixSeconds())
        let bearer: KnownBearer?
        switch admission {
        case .admitted(let known): bearer = known
        case .preflight(let preflight):
            inbound.moveReaderIndex(forwardBy: head.length)
            answer(preflight)
            return
        case .refused(let refusal):
            inbound.moveReaderIndex(forwardBy: head.length)
            refuse(refusal)
            return
        }
        guard loop.localExchanges < loop.settings.limits.localExchanges else {
            inbound.moveReaderIndex(forwardBy: head.length)
            refuse(Refusal(.overloaded, detail: "too many requests for own endpoints"))
            return
        }
        let received = inbound
        let source = received.readableBytesUInt8Span
        local = LocalExchange(
            request: LocalRequest(
                endpoint, request, lines: loop.requestParser.fields.lines, of: source,
                clientAddress: forwardedFields?.client(claims: head.facts.forwardedClaims(source))
                    ?? "unknown",
                bearer: bearer))
        guard bodyMayPass(head, limit: loop.settings.limits.localBody) else { return }
        inbound.moveReaderIndex(forwardBy: head.length)
        beginBody(head, limit: loop.settings.limits.localBody)
        if exchange.request == .finished {
            askResponder()
        } else if inbound.readableBytes > 0 {
            readRequestBody()
        } else {
            updateReading()
        }
    }

    /// Called when the body is complete.
    func askResponder() {
        guard let local, let responder = loop.localResponder else { return }
        let number = exchangeNumber
        let request = local.request.with(body: local.body)
        loop.localExchanges += 1
        restartDeadline()
        // The one bridge from a loop to tasks: accounts are rare next to requests. Somebody waits for
        // the answer, so whatever else the process has to do comes later.
        let answered = loop.eventLoop.makePromise(of: LocalResponse.self)
        Task(priority: .userInitiated) {
            answered.succeed(await responder.respond(to: request))
        }
        answered.futureResult.assumeIsolated().whenSuccess { [self] response in
            loop.localExchanges -= 1
            // The client may have gone, or waited for too long, meanwhile.
            guard phase == .exchange, exchangeNumber == number, self.local != nil else {
                return
            }
            answerLocally(response)
            startNextRequest()
        }
    }

    private func answerLocally(_ response: LocalResponse) {
        local = nil
        if loop.isDraining { exchange.closeDownstreamAfterAnswer() }
        let closes = !exchange.keepsDownstream || clientMinorVersion == 0
        let bodySize = LocalAnswerWriter.write(
            response, answersHead: answersHead, closes: closes, now: LoopClock.unixSeconds(),
            into: &loop.writer)
        answer.restart(allocator)
        answer.append(loop.writer)
        record.status = response.status
        record.bytesOut = Int64(bodySize)
        record.refusalCode = response.reasonCode ?? ""
        record.detail = response.detail ?? ""
        finishRecord()
        sendAnswer()
        endExchange(reusesConnection: !closes)
    }
}
