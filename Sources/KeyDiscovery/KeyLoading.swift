private import Glibc
import Outbound
private import Synchronization
import TokenVerification

/// Gets the keys of one source, from wherever it is.
final class KeyLoading: Sendable {
    enum Loaded: Sendable {
        case keys(KeySet)
        /// The files are those that were read last.
        case unchanged
    }

    private let location: KeySource.Location
    private let rules: IssuerRules?
    private let fetcher: any HTTPFetching
    private let readFiles: KeyRefreshService.FileReading
    /// Of the files as they were read last.
    private let fingerprints: Mutex<[FileFingerprint]?>

    init(
        _ source: KeySource, fetcher: any HTTPFetching,
        readFiles: @escaping KeyRefreshService.FileReading
    ) {
        location = source.location
        rules = source.rules
        self.fetcher = fetcher
        self.readFiles = readFiles
        fingerprints = Mutex(nil)
    }

    /// How often to look, where that is not a matter of configuration: files are on this machine.
    var interval: Duration? {
        if case .files = location { .seconds(1) } else { nil }
    }

    func load() async -> Result<Loaded, KeyFetchError> {
        do throws(KeyFetchError) {
            switch location {
            case .files(let paths): return .success(try read(paths))
            case .keySet(let fetch):
                let fetched = try await KeyFetch.keySet(at: fetch, fetcher)
                return .success(.keys(try serving(fetched.keys)))
            case .discovery(let issuer, let template):
                let fetched = try await KeyFetch.discover(issuer: issuer, template, fetcher)
                return .success(.keys(try serving(fetched.keys)))
            }
        } catch {
            return .failure(error)
        }
    }

    private func serving(_ keys: KeySet) throws(KeyFetchError) -> KeySet {
        guard let rules, !keys.serves(rules) else { return keys }
        throw KeyFetchError(
            "none of the keys is for an algorithm that the policy accepts of the issuer"
                + (rules.allowMissingKeyID ? "" : ", and has a `kid` by which tokens can name it"))
    }

    private func read(_ paths: [String]) throws(KeyFetchError) -> Loaded {
        let present = paths.map(FileFingerprint.init)
        let isKnown = fingerprints.withLock { known in
            defer { known = nil }
            return known == present
        }
        // Forgotten until they have been read: files that were out of reach may come back as they
        // were, when the keys that were read from them have been given up.
        let keys = isKnown ? nil : try serving(try readFiles(paths))
        // As they were before: what is written while they are read is seen the next time.
        fingerprints.withLock { $0 = present }
        return keys.map(Loaded.keys) ?? .unchanged
    }
}

/// Tells a file from what it was, without reading it. Follows symbolic links, so that a link that is
/// swapped counts as a change.
struct FileFingerprint: Equatable, Sendable {
    private let numbers: [Int]

    init(_ path: String) {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else {
            numbers = []
            return
        }
        numbers = [
            Int(truncatingIfNeeded: facts.st_dev), Int(truncatingIfNeeded: facts.st_ino),
            facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec, facts.st_ctim.tv_sec,
            facts.st_ctim.tv_nsec,
        ]
    }
}
