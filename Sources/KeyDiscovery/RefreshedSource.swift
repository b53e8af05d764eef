private import Synchronization
import TokenVerification

/// One source with its schedule, its keys, and those who wait for it.
final class RefreshedSource: Sendable {
    private struct State {
        var schedule: RefreshSchedule
        var keys: KeySet
        var waiting: [@Sendable () -> Void] = []
        var lastError: String?
        var succeeded = 0
        var failed = 0
        var sought = 0
    }

    let issuerName: String
    private let hadKeysAtStart: Bool
    private let loading: KeyLoading
    private let state: Mutex<State>

    init(_ source: KeySource, keys: KeySet?, now: Duration, load: KeyLoading) {
        issuerName = source.issuerName
        hadKeysAtStart = keys != nil
        loading = load
        let schedule = RefreshSchedule(
            RefreshSchedule.Rules(
                interval: load.interval ?? source.refreshInterval,
                staleIfError: source.staleIfError, cooldown: source.cooldown),
            now: now, hasKeys: keys != nil)
        state = Mutex(State(schedule: schedule, keys: keys ?? KeySet()))
    }

    func seek(
        _ name: KeyName, at now: Duration, _ arrived: @escaping @Sendable () -> Void
    ) -> RefreshSchedule.Outcome {
        state.withLock { state in
            let outcome = state.schedule.seek(name, at: now)
            if outcome == .begins { state.sought += 1 }
            if outcome != .nothing { state.waiting.append(arrived) }
            return outcome
        }
    }

    func beginIfDue(at now: Duration) -> Bool {
        state.withLock { $0.schedule.beginIfDue(at: now) }
    }

    /// How long the background has nothing to do; never long, since a fetch that was sought changes it.
    func pause(from now: Duration) -> Duration {
        guard let wakesAt = state.withLock({ $0.schedule.wakesAt }) else {
            return .milliseconds(200)
        }
        return min(max(wakesAt - now, .milliseconds(20)), .seconds(1))
    }

    var held: (keys: KeySet, availability: KeyAvailability) {
        state.withLock { ($0.keys, $0.schedule.availability) }
    }

    func load() async -> Result<KeyLoading.Loaded, KeyFetchError> { await loading.load() }

    /// Takes in what a fetch has brought.
    /// - Returns: what is to be published, if anything has changed, and what to log.
    func learn(
        _ result: Result<KeyLoading.Loaded, KeyFetchError>, at now: Duration
    ) -> (KeyUpdate?, [KeyEvent]) {
        state.withLock { state in
            let before = state
            switch result {
            case .success(let loaded):
                if case .keys(let keys) = loaded { state.keys = keys.keeping(state.keys) }
                let names = state.keys.names
                state.schedule.succeeded(
                    at: now, holding: names, gone: before.keys.names.subtracting(names))
                state.succeeded += 1
                state.lastError = nil
            case .failure(let error):
                state.schedule.failed(at: now)
                state.failed += 1
                state.lastError = error.description
                if state.schedule.expires(at: now) { state.keys = KeySet() }
            }
            return (update(state, since: before), events(state, since: before))
        }
    }

    /// - Returns: what is to be published and logged when the keys have become too old; the caller
    ///   calls `finish` then.
    func expire(at now: Duration) -> (KeyUpdate, KeyEvent)? {
        state.withLock { state in
            guard !state.schedule.isFetching, state.schedule.expires(at: now) else { return nil }
            state.schedule.begin()
            state.keys = KeySet()
            return (
                KeyUpdate(issuerName: issuerName, keys: KeySet(), availability: .unavailable),
                event(.expired, state.lastError ?? "")
            )
        }
    }

    /// What was learned is known everywhere: those who wait go on.
    func finish() {
        let waiting = state.withLock { state in
            state.schedule.finished()
            defer { state.waiting = [] }
            return state.waiting
        }
        for arrived in waiting { arrived() }
    }

    /// Lets those go who wait, though nothing was learned.
    func release() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for arrived in waiting { arrived() }
    }

    func status(at now: Duration) -> KeySourceStatus {
        state.withLock { state in
            KeySourceStatus(
                issuerName: issuerName, availability: state.schedule.availability,
                hasExpired: state.schedule.availability == .unavailable
                    && (hadKeysAtStart || state.succeeded > 0),
                keyCount: state.keys.keys.count, skippedCount: state.keys.skipped.count,
                age: state.schedule.confirmedAt.map { now - $0 }, lastError: state.lastError,
                succeeded: state.succeeded, failed: state.failed, sought: state.sought)
        }
    }

    private func update(_ state: State, since before: State) -> KeyUpdate? {
        let availability = state.schedule.availability
        let isChanged =
            availability != before.schedule.availability || epochs(state) != epochs(before)
        guard isChanged else { return nil }
        return KeyUpdate(issuerName: issuerName, keys: state.keys, availability: availability)
    }

    private func epochs(_ state: State) -> [UInt64] { state.keys.keys.map(\.epoch) }

    private func events(_ state: State, since before: State) -> [KeyEvent] {
        var events: [KeyEvent] = []
        if let error = state.lastError, before.lastError == nil {
            let keys = state.keys.isEmpty ? "there are none" : "the old ones are kept"
            events.append(event(.failed, "\(error); \(keys)"))
        }
        if !before.keys.isEmpty, state.keys.isEmpty {
            events.append(event(.expired, state.lastError ?? ""))
        }
        if state.lastError == nil, before.lastError != nil {
            events.append(event(.recovered, "after \(before.schedule.failures) failures"))
        }
        if epochs(state) != epochs(before), !state.keys.isEmpty {
            events.append(event(.changed, state.keys.changes(since: before.keys)))
        }
        for key in state.keys.skipped where !before.keys.skipped.contains(key) {
            let name = key.keyID.map { " `\(ForeignText.shown($0))`" } ?? ""
            events.append(event(.skipped, "key \(key.index + 1)\(name): \(key.reason)"))
        }
        return events
    }

    private func event(_ kind: KeyEvent.Kind, _ text: String) -> KeyEvent {
        KeyEvent(kind: kind, issuerName: issuerName, text: text)
    }
}
