internal import Admission
internal import NIOCore

/// Where the requests of one event loop wait for evidence. Belongs to that loop.
///
/// However many wait for the same delivery, its source is asked once, for the evidence of the first;
/// all of them are decided again when it arrives. Requests that need none never come here, and so are
/// never delayed.
final class EvidenceRoom {
    private let eventLoop: any EventLoop
    private let source: (any EvidenceSource)?
    private let capacity: Int
    /// Also of deliveries that nobody waits for any more, until the source has told what came of them.
    private var guests: [Evidence.Delivery: [ObjectIdentifier: DownstreamHandler]] = [:]
    private var count = 0

    init(eventLoop: any EventLoop, source: (any EvidenceSource)?, capacity: Int) {
        self.eventLoop = eventLoop
        self.source = source
        self.capacity = capacity
    }

    /// - Returns: whether the connection waits; it will be told `resumeDecision`, once, unless it
    ///   leaves before.
    func admit(_ connection: DownstreamHandler, _ evidence: Evidence) -> Bool {
        guard let source, count < capacity else { return false }
        let delivery = evidence.delivery
        if guests[delivery] == nil {
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            let loop = eventLoop
            let isComing = source.seek(evidence) { loop.execute { bound.value.open(delivery) } }
            guard isComing else { return false }
        }
        guests[delivery, default: [:]][ObjectIdentifier(connection)] = connection
        count += 1
        return true
    }

    /// Gives the place free, and lets go of the connection: a crowd that comes and goes while one fetch
    /// lasts must neither fill the room nor the memory.
    func leave(_ connection: DownstreamHandler, _ evidence: Evidence) {
        let place = ObjectIdentifier(connection)
        guard guests[evidence.delivery]?.removeValue(forKey: place) != nil else { return }
        count -= 1
    }

    /// The delivery has arrived, or will not.
    private func open(_ delivery: Evidence.Delivery) {
        guard let waiting = guests.removeValue(forKey: delivery) else { return }
        count -= waiting.count
        for connection in waiting.values { connection.resumeDecision() }
    }
}
