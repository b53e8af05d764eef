internal import Admission
internal import NIOCore

/// Where the requests of one event loop wait for evidence. Belongs to that loop.
///
/// However many wait for the same evidence, its source is asked once; all of them are decided again
/// when it arrives. Requests that need none never come here, and so are never delayed.
final class EvidenceRoom {
    private struct Guest {
        let connection: DownstreamHandler
        /// The exchange that waits: the connection may have gone on since.
        let exchangeNumber: Int
    }

    private let eventLoop: any EventLoop
    private let source: (any EvidenceSource)?
    private let capacity: Int
    private var guests: [Evidence: [Guest]] = [:]
    private var count = 0

    init(eventLoop: any EventLoop, source: (any EvidenceSource)?, capacity: Int) {
        self.eventLoop = eventLoop
        self.source = source
        self.capacity = capacity
    }

    /// - Returns: whether the connection waits; it will be told `resumeDecision`, once.
    func admit(_ connection: DownstreamHandler, _ evidence: Evidence) -> Bool {
        guard let source, count < capacity else { return false }
        if guests[evidence] == nil {
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            let loop = eventLoop
            let isComing = source.seek(evidence) { loop.execute { bound.value.open(evidence) } }
            guard isComing else { return false }
        }
        guests[evidence, default: []].append(
            Guest(connection: connection, exchangeNumber: connection.exchangeNumber))
        count += 1
        return true
    }

    /// The evidence has arrived, or will not.
    private func open(_ evidence: Evidence) {
        guard let waiting = guests.removeValue(forKey: evidence) else { return }
        count -= waiting.count
        for guest in waiting where guest.connection.exchangeNumber == guest.exchangeNumber {
            guest.connection.resumeDecision()
        }
    }
}
