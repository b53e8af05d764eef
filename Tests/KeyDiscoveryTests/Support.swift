import Cryptography
import Outbound
import TestSupport
import TokenVerification

@testable import KeyDiscovery

/// A service that runs, with all that it published and logged.
final class RunningService: Sendable {
    let service: KeyRefreshService
    private let record = Locked<[KeyUpdate]>([])
    private let log = Locked<[KeyEvent]>([])
    private let task: Task<Void, Never>

    init(
        _ sources: [KeySource], initial: [String: KeySet] = [:],
        fetcher: any HTTPFetching = NoFetcher(), clock: TestClock? = nil,
        readFiles: @escaping KeyRefreshService.FileReading = { _ throws(KeyFetchError) in
            throw KeyFetchError("no files here")
        }
    ) {
        let record = record
        let log = log
        let monotonic = KeyRefreshService.monotonicNow
        let service = KeyRefreshService(
            sources: sources, initial: initial, fetcher: fetcher, readFiles: readFiles,
            now: { clock?.now ?? monotonic() },
            publish: { update in record.withLock { $0.append(update) } },
            log: { event in log.withLock { $0.append(event) } })
        self.service = service
        task = Task(priority: .userInitiated) { await service.run() }
    }

    deinit { task.cancel() }

    /// Cancels it and waits for its end.
    func stop() async {
        task.cancel()
        await task.value
    }

    var updates: [KeyUpdate] { record.withLock { $0 } }
    var events: [KeyEvent] { log.withLock { $0 } }

    /// The keys that verifiers have now.
    var keyIDs: [String?] { updates.last?.keys.keys.map(\.keyID) ?? [] }
    var availability: KeyAvailability? { updates.last?.availability }

    /// Asks until the condition holds; returns whether it did in time.
    func reaches(
        within limit: Duration = .seconds(20), _ condition: (RunningService) -> Bool
    ) async -> Bool {
        let end = ContinuousClock.now + limit
        while !condition(self) {
            guard ContinuousClock.now < end else { return false }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return true
    }

    /// Seeks, and waits for the end of it; false when there was nothing to wait for.
    func seek(
        _ name: String = "new", _ algorithm: SignatureAlgorithm = .edDSA,
        of issuerName: String = "test"
    ) async -> Bool {
        let missing = MissingKey(
            issuerName: issuerName, name: KeyName(keyID: name, algorithm: algorithm))
        return await withCheckedContinuation { continuation in
            let isWorthIt = service.seek(missing) {
                continuation.resume(returning: true)
            }
            if !isWorthIt { continuation.resume(returning: false) }
        }
    }
}

/// A monotonic clock that a test moves.
final class TestClock: Sendable {
    private let time = Locked(Duration.zero)

    var now: Duration { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

/// A server that answers when and what a test says, without a network.
final class ScriptedFetcher: HTTPFetching {
    private struct State {
        var answer: Result<[UInt8], FetchError>
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
        var count = 0
    }
    private let state: Locked<State>

    init(_ body: [UInt8]) {
        state = Locked(State(answer: .success(body)))
    }

    var count: Int { state.withLock { $0.count } }

    func answers(_ answer: Result<[UInt8], FetchError>) {
        state.withLock { $0.answer = answer }
    }

    /// From now on fetches last until `release`.
    func hold() { state.withLock { $0.isHeld = true } }

    func release() {
        let held = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func fetch(_ request: HTTPFetch) async throws(FetchError) -> [UInt8] {
        state.withLock { $0.count += 1 }
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                if state.isHeld { state.held.append(continuation) }
                return state.isHeld
            }
            if !isHeld { continuation.resume() }
        }
        return try state.withLock { $0.answer }.get()
    }
}

struct NoFetcher: HTTPFetching {
    func fetch(_ request: HTTPFetch) async throws(FetchError) -> [UInt8] {
        throw FetchError(.other, "nothing is to be fetched here")
    }
}

extension KeyName {
    static func test(_ keyID: String) -> KeyName { KeyName(keyID: keyID, algorithm: .edDSA) }
}

extension MissingKey {
    static func test(_ keyID: String) -> MissingKey {
        MissingKey(issuerName: "test", name: .test(keyID))
    }
}

extension KeySource {
    /// A source of tests, named `test`.
    static func test(
        _ fetch: HTTPFetch = HTTPFetch(url: "https://issuer.test/jwks"),
        refresh: Duration = .seconds(300), staleIfError: Duration = .seconds(3_600),
        cooldown: Duration = .seconds(30), rules: IssuerRules? = nil
    ) -> KeySource {
        KeySource(
            issuerName: "test", location: .keySet(fetch), refreshInterval: refresh,
            staleIfError: staleIfError, cooldown: cooldown, rules: rules)
    }
}

extension KeyServer {
    /// How tests fetch its key set.
    var fetch: HTTPFetch {
        HTTPFetch(
            url: keySetURL, allowsPrivateAddresses: true, certificateFile: certificateFile,
            timeout: .seconds(10))
    }
}
