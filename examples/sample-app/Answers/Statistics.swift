import Synchronization

/// What the app has done since it started.
final class Statistics: Sendable {
    struct Counts: Sendable {
        var requests = 0
        /// By hundreds: 200 for all 2xx answers.
        var byClass: [Int: Int] = [:]
    }

    /// Unix milliseconds.
    let startedAt: Int
    private let counts = Mutex(Counts())

    init(startedAt: Int) {
        self.startedAt = startedAt
    }

    func record(status: Int) {
        counts.withLock {
            $0.requests += 1
            $0.byClass[status / 100 * 100, default: 0] += 1
        }
    }

    var current: Counts {
        counts.withLock { $0 }
    }
}
