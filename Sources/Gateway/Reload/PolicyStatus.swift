private import Synchronization

/// Which policy is in force, and how the attempts to change it have gone: for metrics.
final class PolicyStatus: Sendable {
    struct Snapshot: Sendable {
        var fingerprint: String
        /// When the policy in force was loaded, in Unix seconds.
        var loadedAt: Int64
        var succeeded = 0
        var failed = 0
        /// Whether the file holds something else than the policy in force, because that is no good.
        var isOutdated = false
    }

    private let state: Mutex<Snapshot>

    init(fingerprint: String, now: Int64) {
        state = Mutex(Snapshot(fingerprint: fingerprint, loadedAt: now))
    }

    var snapshot: Snapshot { state.withLock { $0 } }

    func changed(to fingerprint: String, now: Int64) {
        state.withLock { state in
            state.fingerprint = fingerprint
            state.loadedAt = now
            state.succeeded += 1
            state.isOutdated = false
        }
    }

    /// The file holds the policy in force.
    func confirmed() { state.withLock { $0.isOutdated = false } }

    func failed() {
        state.withLock { state in
            state.failed += 1
            state.isOutdated = true
        }
    }
}
