internal import NIOCore

/// The connections of one event loop to the upstream, and the requests that wait for one.
final class UpstreamPool {
    private var ledger: ConnectionLedger<UpstreamHandler>
    /// The one that has waited longest in front.
    private var queue: [DownstreamHandler] = []

    init(limit: Int, waitingLimit: Int, lifetime: Int64) {
        ledger = ConnectionLedger(limit: limit, waitingLimit: waitingLimit, lifetime: lifetime)
    }

    /// What serves the request of `client`. After `.wait` it is told `upstreamIsFree` or
    /// `upstreamMayBeOpened`, once, unless it leaves before.
    @inline(__always)
    func choose(
        for client: DownstreamHandler, fresh: Bool
    ) -> ConnectionLedger<UpstreamHandler>.Choice {
        while true {
            let choice = ledger.choose(fresh: fresh)
            switch choice {
            case .reuse(let connection) where !connection.isUsable: continue
            case .wait: queue.append(client)
            default: break
            }
            return choice
        }
    }

    /// The request no longer waits.
    func leave(_ client: DownstreamHandler) {
        guard let index = queue.firstIndex(where: { $0 === client }) else { return }
        queue.remove(at: index)
        ledger.stopWaiting()
    }

    /// A counted connection is gone, or could not be opened: whoever waits may open another.
    func release() {
        ledger.release()
        guard !queue.isEmpty, ledger.claim() else { return }
        next().upstreamMayBeOpened()
    }

    /// Gives back a connection whose request has been answered: to whoever waits, or for later.
    func put(_ connection: UpstreamHandler, now: Int64) {
        guard queue.isEmpty else {
            next().upstreamIsFree(connection)
            return
        }
        ledger.keep(connection, openedAt: connection.openedAt, now: now)
    }

    /// Whether a connection is young enough to be given back.
    func mayKeep(_ connection: UpstreamHandler, now: Int64) -> Bool {
        ledger.isYoung(openedAt: connection.openedAt, now: now)
    }

    func remove(_ connection: UpstreamHandler) { ledger.forget { $0 === connection } }

    func closeOld(idleSince: Int64, now: Int64) {
        for connection in ledger.takeOld(idleSince: idleSince, now: now) { connection.close() }
    }

    func closeAll() {
        for connection in ledger.takeAll() { connection.close() }
    }

    private func next() -> DownstreamHandler {
        ledger.stopWaiting()
        return queue.removeFirst()
    }
}
