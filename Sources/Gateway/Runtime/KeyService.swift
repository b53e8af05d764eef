import Admission
import KeyDiscovery
import Logging
import Outbound
import ServiceLifecycle
import Synchronization
import TokenVerification

/// The keys of other issuers: refreshed in the background, told to the event loops, and asked for by
/// requests whose token names a key that is not known yet.
///
/// Another policy may have other issuers, or other rules for them: then another `KeyRefreshService`
/// takes the place of the one before, with the keys that are the same for both.
final class KeyService: Service, EvidenceSource {
    fileprivate struct Refreshing {
        let sources: [KeySource]
        let refresh: KeyRefreshService
        let fetcher: CurlFetcher
    }

    /// What the event loops are to verify with under another policy.
    struct Succession: Sendable {
        /// From the new policy's ring and the one at hand.
        let rekey: @Sendable (_ next: KeyRing, _ current: KeyRing) -> KeyRing
        /// Lets the fetches begin; to be called when the event loops have the new ring.
        let begin: @Sendable () -> Void
    }

    private let relay: DataPlaneRelay
    private let logger: Logger
    private let current: Mutex<Refreshing>
    private let newest: Newest
    private let starts: AsyncStream<Refreshing>
    private let start: AsyncStream<Refreshing>.Continuation

    /// `relay` is connected before the service runs.
    init(_ keys: VerificationKeys, relay: DataPlaneRelay, logger: Logger) {
        self.relay = relay
        self.logger = logger
        let newest = Newest()
        self.newest = newest
        let first = Refreshing(
            keys.sources, initial: keys.initial, newest: newest, relay: relay, logger: logger)
        current = Mutex(first)
        (starts, start) = AsyncStream.makeStream(of: Refreshing.self)
        start.yield(first)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [starts] in
            await withDiscardingTaskGroup { group in
                for await keys in starts {
                    group.addTask {
                        await keys.refresh.run()
                        keys.fetcher.stop()
                    }
                }
            }
        }
    }

    func seek(_ evidence: Evidence, arrived: @escaping @Sendable () -> Void) -> Bool {
        switch evidence {
        case .key(let missing):
            current.withLock { $0.refresh }.seek(missing, arrived: arrived)
        }
    }

    /// How the keys of each issuer are at the moment.
    var status: [KeySourceStatus] { current.withLock { $0.refresh }.status() }

    /// Goes on with the issuers of another policy. What is the same for both is neither fetched again nor
    /// forgotten.
    func use(_ keys: VerificationKeys) -> Succession {
        current.withLock { current in
            guard keys.sources != current.sources else {
                let names = Set(keys.sources.map(\.issuerName))
                return Succession(
                    rekey: { next, ring in next.takingKeys(of: ring, for: names) }, begin: {})
            }
            // First: what arrives for the policy before must not reach the ring of this one.
            newest.advance()
            current.refresh.stop()
            let held = Self.held(by: current, for: keys.sources)
            let initial = held.mapValues(\.keys).merging(keys.initial) { _, read in read }
            let next = Refreshing(
                keys.sources, initial: initial, newest: newest, relay: relay, logger: logger)
            current = next
            return Succession(
                rekey: { ring, _ in
                    held.reduce(ring) { ring, entry in
                        ring.replacing(
                            issuerName: entry.key, keys: entry.value.keys,
                            availability: entry.value.availability)
                    }
                },
                begin: { [start] in start.yield(next) })
        }
    }

    /// Keys of other servers that are good for these sources, too.
    private static func held(
        by current: Refreshing, for sources: [KeySource]
    ) -> [String: (keys: KeySet, availability: KeyAvailability)] {
        let isSame = Set(
            sources.filter { source in
                source.isRemote
                    && current.sources.contains {
                        $0.issuerName == source.issuerName && $0.location == source.location
                    }
            }.map(\.issuerName))
        return current.refresh.held().filter { name, held in
            isSame.contains(name) && held.availability != .unavailable
        }
    }
}

/// Which of several services of keys is the one that counts.
private final class Newest: Sendable {
    private let counter = Atomic<Int>(0)

    var number: Int { counter.load(ordering: .sequentiallyConsistent) }

    func advance() { counter.add(1, ordering: .sequentiallyConsistent) }
}

extension KeyService.Refreshing {
    fileprivate init(
        _ sources: [KeySource], initial: [String: KeySet], newest: Newest, relay: DataPlaneRelay,
        logger: Logger
    ) {
        let number = newest.number
        // A thread for each: issuers that do not answer must not hold up those that do.
        let fetcher = CurlFetcher(
            threads: min(max(sources.count { $0.isRemote }, 1), Self.mostThreads))
        self.sources = sources
        self.fetcher = fetcher
        refresh = KeyRefreshService(
            sources: sources, initial: initial, fetcher: fetcher,
            readFiles: { paths throws(KeyFetchError) in try KeyFile.read(paths) },
            publish: { update in
                await relay.changeKeys { ring in
                    guard newest.number == number else { return ring }
                    return ring.replacing(
                        issuerName: update.issuerName, keys: update.keys,
                        availability: update.availability)
                }
            },
            log: { event in event.write(to: logger) })
    }

    private static var mostThreads: Int { 64 }
}

extension KeyFile {
    /// The keys of all these files; each file's problem is named with its path.
    fileprivate static func read(_ paths: [String]) throws(KeyFetchError) -> KeySet {
        var merged: KeySet?
        for path in paths {
            do {
                let set = try read(path)
                merged = try merged?.merging(set) ?? set
            } catch {
                throw KeyFetchError("`\(path)`: \(error)")
            }
        }
        return merged ?? KeySet()
    }
}

extension KeyEvent {
    /// Writes a line; what makes requests fail now or soon is an error or a warning.
    fileprivate func write(to logger: Logger) {
        let metadata: Logger.Metadata = [
            "keys.issuer": "\(issuerName)", "keys.detail": "\(text)",
        ]
        switch kind {
        case .changed: logger.info("keys changed", metadata: metadata)
        case .recovered: logger.notice("keys can be refreshed again", metadata: metadata)
        case .skipped: logger.warning("key skipped", metadata: metadata)
        case .failed: logger.warning("keys cannot be refreshed", metadata: metadata)
        case .expired:
            logger.error(
                "keys have become too old: tokens are answered with 503", metadata: metadata)
        }
    }
}
