internal import Admission
internal import NIOCore

/// How an admitted request gets its connection to the upstream.
extension DownstreamHandler {
    /// The pool has counted the connection already.
    func openUpstream() {
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

    // MARK: - Waiting for one

    /// Told by the pool: a connection has come free.
    func upstreamIsFree(_ connection: UpstreamHandler) {
        queuedUntil = .max
        begin(on: connection, isReused: true)
    }

    /// Told by the pool: one more connection may be opened, and is counted.
    func upstreamMayBeOpened() {
        queuedUntil = .max
        openUpstream()
    }

    /// The exchange has ended some other way.
    func leaveQueue() {
        guard queuedUntil != .max else { return }
        queuedUntil = .max
        loop.pool.leave(self)
    }
}
