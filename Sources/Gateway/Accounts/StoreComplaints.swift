import Logging
import Synchronization
import TokenIssuing

/// Logs that the store does not do what it is asked, once a minute for each reason: when a disk is
/// full, every refresh of every client fails.
final class StoreComplaints: Sendable {
    private let lastSaid = Mutex<[String: Int64]>([:])
    private let folder: String
    private let logger: Logger

    init(folder: String, logger: Logger) {
        self.folder = folder
        self.logger = logger
    }

    func add(_ error: AccountStoreError) {
        let reason = error.description
        let now = UnixClock.now()
        let isDue = lastSaid.withLock { lastSaid in
            guard now - (lastSaid[reason] ?? 0) >= Self.interval else { return false }
            lastSaid[reason] = now
            return true
        }
        guard isDue else { return }
        logger.error(
            "the account store fails; what changes accounts or sessions answers 503",
            metadata: ["store.error": "\(reason)", "store.folder": "\(folder)"])
    }

    private static let interval: Int64 = 60
}
