/// One request and its answer, as a state machine without I/O: told what happened, it says what to
/// do. What is read and written is the driver's business.
struct Exchange: Equatable {
    enum Progress: Equatable {
        case awaited
        case streaming
        case finished
    }

    /// What to do when the upstream's connection is gone.
    enum UpstreamLoss: Equatable {
        /// The request reached nobody, or may be sent again: try another connection.
        case retry
        /// Nothing has been answered yet: say so.
        case refuse
        /// The connection's end was the body's end.
        case finish
        /// The client has part of an answer that cannot be completed; only cutting it off says so.
        case abort
    }

    /// What to do with both connections when the answer is complete.
    struct Completion: Equatable {
        let reusesUpstream: Bool
        let reusesDownstream: Bool
    }

    private(set) var request: Progress
    private(set) var response = Progress.awaited
    /// Whether the client's connection may carry another request.
    private(set) var keepsDownstream: Bool
    private var mayRepeat: Bool

    /// `hasBody`: whether the request's body is still to come. `mayRepeat`: the method is idempotent,
    /// so that without a body the request can be sent again as it is.
    init(hasBody: Bool, keepsDownstream: Bool, mayRepeat: Bool) {
        request = hasBody ? .streaming : .finished
        self.keepsDownstream = keepsDownstream
        self.mayRepeat = mayRepeat && !hasBody
    }

    mutating func requestBodyFinished() { request = .finished }

    /// - Parameter closesDownstream: the answer's end can only be told by closing.
    mutating func responseHeadReceived(closesDownstream: Bool) {
        response = .streaming
        if closesDownstream { keepsDownstream = false }
    }

    /// An answer before the end of the request's body: what the client still sends is not wanted,
    /// and where its next request would begin is not worth finding out.
    mutating func closeDownstreamAfterAnswer() { keepsDownstream = false }

    /// Told when the answer is complete; `upstreamIsClean` when the upstream keeps its connection and
    /// sent nothing behind the answer.
    mutating func responseFinished(upstreamIsClean: Bool) -> Completion {
        response = .finished
        let complete = request == .finished
        return Completion(
            reusesUpstream: upstreamIsClean && complete,
            reusesDownstream: keepsDownstream && complete)
    }

    /// Told when the upstream's connection is gone. `wasReused`: it had carried a request before, so
    /// that the upstream may have closed it just as this one was sent (RFC 9112 § 9.3.1). `endsBody`:
    /// the answer's body was to end with it.
    mutating func upstreamLost(wasReused: Bool, endsBody: Bool) -> UpstreamLoss {
        switch response {
        case .awaited:
            guard mayRepeat, wasReused else { return .refuse }
            mayRepeat = false
            return .retry
        case .streaming:
            return endsBody ? .finish : .abort
        case .finished:
            return .finish
        }
    }
}
