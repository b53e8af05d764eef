import Logging
import Synchronization
import TokenIssuing

/// Logs that the store does not do what it is asked, once a minute for each reason: when a disk is
/// full, every refresh of every client fails.
final class StoreComplaints: Sendable {
    private let lastSaid = Mutex<[String: Int64]>([:])
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    func add(_ error: AccountStoreError) {
        let reason = error.reason
        let now = UnixClock.now()
        let isDue = lastSaid.withLock { lastSaid in
            guard now - (lastSaid[reason] ?? 0) >= Self.interval else { return false }
            lastSaid[reason] = now
            return true
        }
        guard isDue else { return }
        logger.error(
            "the account store fails; what changes accounts or sessions answers 503",
            metadata: ["store.error": "\(reason)"])
    }

    private static let interval: Int64 = 60
}

extension AccountStoreError {
    /// In words, without anything of a request.
    fileprivate var reason: String {
        switch self {
        case .full: "the disk is full"
        case .readOnly: "the data folder takes no writes"
        case .busy: "the database is locked for too long"
        case .failed(let detail): detail
        case .usernameTaken, .emailTaken: "a name is taken"
        }
    }
}
