import AccessPolicy
import Logging
import PolicyTools
import ReverseProxy
import ServiceLifecycle
import StrictYAML
import Synchronization
private import UnixSignals

/// Puts a changed policy file in force: when the file changes, and on SIGHUP.
///
/// A new policy is read, checked and tested before anything of it counts. One that fails changes nothing:
/// the one before it stays in force, which the log and the metrics say.
final class PolicyService: Service {
    private let gateway: Mutex<PreparedGateway>
    private let server: ProxyServer
    private let keys: KeyService
    private let accounts: AccountService?
    private let assertions: AssertionKeyService
    private let logger: Logger
    let status: PolicyStatus

    init(
        _ gateway: PreparedGateway, server: ProxyServer, keys: KeyService,
        accounts: AccountService?, assertions: AssertionKeyService, logger: Logger
    ) {
        self.assertions = assertions
        self.gateway = Mutex(gateway)
        self.server = server
        self.keys = keys
        self.accounts = accounts
        self.logger = logger
        status = PolicyStatus(fingerprint: gateway.policy.fingerprint, now: UnixClock.now())
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                let wishes = AsyncStream.makeStream(of: Wish.self, bufferingPolicy: .unbounded)
                group.addTask { await Self.passOnSignals(to: wishes.continuation) }
                group.addTask { await Self.tick(wishes.continuation) }
                // One attempt after the other.
                var watched = WatchedFiles(watchedPaths)
                for await wish in wishes.stream {
                    guard !Task.isCancelled else { break }
                    if wish == .look, !watched.look() { continue }
                    watched.reading(watchedPaths)
                    await reload(onSignal: wish == .signal)
                    // Changed while it was read: it is read again when it has come to rest.
                    if !watched.areUnchanged { watched = WatchedFiles.changed(watchedPaths) }
                }
                group.cancelAll()
            }
        }
    }

    private enum Wish { case look, signal }

    private static func passOnSignals(to wishes: AsyncStream<Wish>.Continuation) async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) { wishes.yield(.signal) }
    }

    private static func tick(_ wishes: AsyncStream<Wish>.Continuation) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: lookPause)
            wishes.yield(.look)
        }
        wishes.finish()
    }

    /// The policy, and the tests beside it that may keep it from being used.
    private var watchedPaths: [String] {
        let policy = gateway.withLock { $0.configuration.trust.policy }
        guard let path = policy?.path else { return [] }
        return [path] + PolicyTests.paths(besidePolicy: path, read: PolicyFile.text)
    }

    private func reload(onSignal: Bool) async {
        let current = gateway.withLock { $0 }
        guard current.configuration.trust.policy != nil else {
            if onSignal { logger.info("the policy is the built-in one: nothing to load") }
            return
        }
        do throws(Diagnostics) {
            guard let next = try PolicyReload.prepare(current) else {
                let wasOutdated = status.snapshot.isOutdated
                status.confirmed()
                if wasOutdated {
                    logger.notice("the policy file holds the policy in force again")
                } else if onSignal {
                    logger.info("the policy file holds the policy in force")
                }
                return
            }
            await use(next, after: current)
        } catch {
            status.failed()
            tellFailure(error, current)
        }
    }

    private func use(_ next: PreparedGateway, after current: PreparedGateway) async {
        await assertions.prepare(for: next)
        let carried = keys.use(next.keys)
        await server.changePolicy(
            ServedPolicy(next.policy.rules, fingerprint: next.policy.fingerprint)
        ) { ring in
            carried.rekey(next.keys.keyRing, ring)
        }
        carried.begin()
        accounts?.declareRoles(next.policy.rules.roleNames)
        gateway.withLock { $0 = next }
        status.changed(to: next.policy.fingerprint, now: UnixClock.now())
        logger.notice(
            "policy changed",
            metadata: [
                "policy.file": "\(next.policy.name.filter { $0 != "`" })",
                "policy.sha256": "\(next.policy.fingerprint)",
                "policy.before": "\(current.policy.fingerprint)",
                "policy.routes": .stringConvertible(next.policy.rules.routes.count),
            ])
        for skipped in next.keys.skipped {
            logger.warning("key skipped", metadata: ["key.reason": "\(skipped)"])
        }
    }

    private func tellFailure(_ error: Diagnostics, _ current: PreparedGateway) {
        for diagnostic in error.all {
            logger.error(
                "the changed policy cannot be used; the one before it stays in force",
                metadata: [
                    "policy.error": "\(diagnostic)",
                    "policy.sha256": "\(current.policy.fingerprint)",
                ])
        }
    }

    private static let lookPause = Duration.milliseconds(500)
}

extension WatchedFiles {
    /// Files that are to be read as soon as they have come to rest.
    fileprivate static func changed(_ paths: [String]) -> WatchedFiles {
        var files = WatchedFiles(paths)
        files.forget()
        return files
    }
}
