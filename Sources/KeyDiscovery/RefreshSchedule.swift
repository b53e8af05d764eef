import TokenVerification

/// When the keys of one source are fetched, and for how long those that are here count.
///
/// A function of what happened and when: no clock, no fetch. Times are on a monotonic clock with any
/// zero, so that a wall clock that steps changes nothing.
struct RefreshSchedule: Sendable {
    struct Rules: Sendable {
        /// From a success to the next fetch.
        let interval: Duration
        /// For how long after that the keys still count while no fetch succeeds.
        let staleIfError: Duration
        /// Between two fetches that were sought.
        let cooldown: Duration
    }

    /// What becomes of the wish for a fetch.
    enum Outcome: Equatable {
        /// A fetch has to begin.
        case begins
        /// One is under way; its end is to be awaited.
        case joins
        /// Not now.
        case nothing
    }

    let rules: Rules
    private(set) var isFetching = false
    /// When the keys that are here were last confirmed; nil while there are none.
    private(set) var confirmedAt: Duration?
    /// Fetches that have failed since the last success.
    private(set) var failures = 0
    private var nextFetch: Duration
    /// Names that need not be asked for again and again.
    private var absentNames = AbsentNames()
    /// Until when no fetch is begun because of a name that is new.
    private var coolsUntil: Duration?
    /// Until when no fetch is begun because of a name that is known to be absent.
    private var restsUntil: Duration?
    private var hasFetched = false

    /// The first fetch is due at once, unless there are keys to begin with.
    init(_ rules: Rules, now: Duration, hasKeys: Bool) {
        self.rules = rules
        confirmedAt = hasKeys ? now : nil
        hasFetched = hasKeys
        nextFetch = hasKeys ? now + rules.interval : now
    }

    var availability: KeyAvailability {
        guard confirmedAt != nil else { return .unavailable }
        return failures == 0 ? .current : .doubtful
    }

    /// When there will be something to do in the background; nil while a fetch is under way.
    var wakesAt: Duration? {
        guard !isFetching else { return nil }
        return min(nextFetch, expiresAt ?? nextFetch)
    }

    private var expiresAt: Duration? {
        confirmedAt.map { $0 + rules.interval + rules.staleIfError }
    }

    /// - Returns: whether the background has to begin a fetch now, which it then has begun.
    mutating func beginIfDue(at now: Duration) -> Bool {
        guard !isFetching, now >= nextFetch else { return false }
        isFetching = true
        absentNames.fetchBegins()
        return true
    }

    /// A token names a key that is not here, or there are none.
    ///
    /// One fetch serves all who ask while it is under way, and only a fetch that begins here starts the
    /// cooldown: a regular one just before a rotation must not stand in the way of this one.
    ///
    /// Nor must a name that is known to be absent, however often it is asked for. It is looked for
    /// again in time, as it may belong to a key by now, but at its own expense: new names wait for
    /// new names only. A fetch for a new name serves both, so that under a flood of these there is no
    /// other.
    mutating func seek(_ name: KeyName, at now: Duration) -> Outcome {
        let isAbsent = absentNames.ask(for: name, at: now)
        guard !isFetching else { return .joins }
        if let end = isAbsent ? restsUntil : coolsUntil, now < end { return .nothing }
        // The very first fetch is due anyway.
        if !isAbsent, hasFetched { coolsUntil = now + rules.cooldown }
        restsUntil = now + rules.cooldown
        isFetching = true
        absentNames.fetchBegins(for: name)
        return .begins
    }

    /// What is not a fetch, but must not happen beside one.
    mutating func begin() { isFetching = true }

    /// The issuer has keys of the names `present`; `gone` are those that it had and has no more.
    mutating func succeeded(
        at now: Duration, holding present: Set<KeyName>, gone: Set<KeyName> = []
    ) {
        absentNames.fetched(present: present, gone: gone, at: now)
        confirmedAt = now
        failures = 0
        nextFetch = now + rules.interval
    }

    mutating func failed(at now: Duration) {
        absentNames.fetchFailed()
        failures += 1
        nextFetch = now + min(Self.pause(after: failures), rules.interval)
    }

    /// What the fetch has brought is known everywhere.
    mutating func finished() {
        isFetching = false
        hasFetched = true
    }

    /// - Returns: whether the keys that are here have just become too old to be used.
    mutating func expires(at now: Duration) -> Bool {
        guard let expiresAt, now >= expiresAt else { return false }
        confirmedAt = nil
        return true
    }

    /// 1 s, 2 s, 4 s … 30 s.
    private static func pause(after failures: Int) -> Duration {
        .seconds(min(30, 1 << min(failures - 1, 5)))
    }
}
