import Admission
import KeyDiscovery
import Logging
import Outbound
import ServiceLifecycle
import TokenVerification

/// The keys of other issuers: refreshed in the background, told to the event loops, and asked for by
/// requests whose token names a key that is not known yet.
final class KeyService: Service, EvidenceSource {
    private let fetcher: CurlFetcher
    private let refresh: KeyRefreshService

    /// `relay` is connected before the service runs.
    init(_ keys: VerificationKeys, relay: DataPlaneRelay, logger: Logger) {
        // A thread for each: issuers that do not answer must not hold up those that do.
        let remoteCount = keys.sources.count { $0.isRemote }
        let fetcher = CurlFetcher(threads: min(max(remoteCount, 1), Self.mostThreads))
        self.fetcher = fetcher
        refresh = KeyRefreshService(
            sources: keys.sources, initial: keys.initial, fetcher: fetcher,
            readFiles: { paths throws(KeyFetchError) in try KeyFile.read(paths) },
            publish: { update in
                await relay.changeKeys { ring in
                    ring.replacing(
                        issuerName: update.issuerName, keys: update.keys,
                        availability: update.availability)
                }
            },
            log: { event in event.write(to: logger) })

    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [refresh] in await refresh.run() }
        fetcher.stop()
    }

    func seek(_ evidence: Evidence, arrived: @escaping @Sendable () -> Void) -> Bool {
        switch evidence {
        case .key(let missing): refresh.seek(missing, arrived: arrived)
        }
    }

    private static let mostThreads = 64

    /// How the keys of each issuer are at the moment.
    var status: [KeySourceStatus] { refresh.status() }
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
