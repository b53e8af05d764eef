/// Which connection to the upstream serves the next request: the counts and ages of them all, without
/// a socket and without a clock.
///
/// One connection carries one request at a time, so the bound of connections is also that of requests.
/// The one used last is used next, so that after a peak the rest grow old and are closed.
struct ConnectionLedger<Connection> {
    struct Kept {
        let connection: Connection
        /// Loop clock, milliseconds.
        let idleSince: Int64
        let openedAt: Int64
    }

    enum Choice {
        case reuse(Connection)
        /// Counted as open from now on.
        case open
        /// Counted as waiting from now on.
        case wait
        case refuse
    }

    /// Connections that are kept, used or being opened.
    private(set) var open = 0
    /// Requests that wait for one.
    private(set) var waiting = 0
    private var kept: [Kept] = []
    private let limit: Int
    private let waitingLimit: Int
    /// Milliseconds after which a connection carries no further request.
    private let lifetime: Int64

    init(limit: Int, waitingLimit: Int, lifetime: Int64) {
        self.limit = limit
        self.waitingLimit = waitingLimit
        self.lifetime = lifetime
    }

    /// What serves a request that has come now; `fresh` asks for a connection that never served one.
    mutating func choose(fresh: Bool) -> Choice {
        // Whoever has come first is served first.
        if waiting == 0 {
            if !fresh, let last = kept.popLast() { return .reuse(last.connection) }
            if claim() { return .open }
        }
        guard waiting < waitingLimit else { return .refuse }
        waiting += 1
        return .wait
    }

    /// - Returns: whether another connection may be opened; it is counted then.
    mutating func claim() -> Bool {
        guard open < limit else { return false }
        open += 1
        return true
    }

    /// A counted connection is gone, or could not be opened.
    mutating func release() { open -= 1 }

    /// A request no longer waits.
    mutating func stopWaiting() { waiting -= 1 }

    /// Whether a connection may serve another request.
    func isYoung(openedAt: Int64, now: Int64) -> Bool { now - openedAt < lifetime }

    mutating func keep(_ connection: Connection, openedAt: Int64, now: Int64) {
        kept.append(Kept(connection: connection, idleSince: now, openedAt: openedAt))
    }

    mutating func forget(where isIt: (Connection) -> Bool) {
        // The one that was closed is most often the one used last.
        guard let index = kept.lastIndex(where: { isIt($0.connection) }) else { return }
        kept.remove(at: index)
    }

    /// Takes out those that have been idle since before `idleSince`, or have lived for too long.
    mutating func takeOld(idleSince: Int64, now: Int64) -> [Connection] {
        let lifetime = lifetime
        func isOld(_ entry: Kept) -> Bool {
            entry.idleSince < idleSince || now - entry.openedAt >= lifetime
        }
        guard kept.contains(where: isOld) else { return [] }
        let old = kept.filter(isOld)
        kept.removeAll(where: isOld)
        return old.map(\.connection)
    }

    mutating func takeAll() -> [Connection] {
        defer { kept.removeAll() }
        return kept.map(\.connection)
    }
}
