/// Connections to the upstream that wait for a request; of one event loop.
///
/// The one used last is used next, so that after a peak the rest grow old and are closed.
final class UpstreamPool {
    private var idle: [UpstreamHandler] = []
    private var open = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Whether another connection may be opened.
    var hasRoom: Bool { open < limit }

    func opened() { open += 1 }

    func closed() { open -= 1 }

    func take() -> UpstreamHandler? {
        while let candidate = idle.popLast() {
            if candidate.isUsable { return candidate }
        }
        return nil
    }

    func put(_ connection: UpstreamHandler, now: Int64) {
        connection.idleSince = now
        idle.append(connection)
    }

    func remove(_ connection: UpstreamHandler) { idle.removeAll { $0 === connection } }

    func closeIdle(before time: Int64) {
        // The oldest are in front.
        guard let first = idle.first, first.idleSince < time else { return }
        let old = idle.prefix { $0.idleSince < time }
        idle.removeFirst(old.count)
        for connection in old { connection.close() }
    }

    func closeAll() {
        let all = idle
        idle.removeAll()
        for connection in all { connection.close() }
    }
}
