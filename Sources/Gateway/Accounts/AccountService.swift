import AccessPolicy
import AccountStorage
import Logging
import ServiceLifecycle
import StrictYAML
import Synchronization
import TokenIssuing
import TokenVerification

/// The embedded issuer of a server: it holds the data folder's lock and its store, and keeps the
/// store tidy.
///
/// A store that cannot be written to, because the disk is full, read-only or has a newer schema, does
/// not keep the gateway from verifying tokens, provided that the ended sessions can be read: then
/// there is no issuer, and once the store can be opened, there is.
final class AccountService: Service {
    private struct Open {
        let store: SQLiteAccountStore
        let issuer: TokenIssuer
        let administration: AccountAdministration
    }

    /// Sessions that had ended before the start, and of which there may be access tokens.
    let denied: [SessionRevocation]
    private let parts: Parts
    private let open: Mutex<Open?>
    private let lock: DataFolderLock
    private let logger: Logger

    /// What an issuer is made of, but for its store.
    private struct Parts {
        let settings: IssuerSettings
        let folder: String
        let signingKey: SigningKey
        let refreshKeys: RefreshKeys
        let declaredRoles: DeclaredRoles
        let passwords = PasswordHashingPool()
        let revocations: any RevocationPublishing
    }

    /// Locks the data folder and opens the store, or finds out what has ended without it.
    ///
    /// - Throws: `CommandFailure`: another server has the folder, the keys cannot be used, or not even
    ///   the ended sessions can be read.
    init(
        _ gateway: PreparedGateway, settings: IssuerSettings, keys: SigningKeyStore,
        revocations: any RevocationPublishing, logger: Logger
    ) async throws(CommandFailure) {
        let data = gateway.configuration.trust.dataFolder
        lock = try await Self.lock(data.path)
        let refreshKeys = try CommandFailure.from { () throws(Diagnostics) in
            try RefreshKeyFile.open(data)
        }
        parts = Parts(
            settings: settings, folder: data.path, signingKey: keys.newest,
            refreshKeys: refreshKeys, declaredRoles: DeclaredRoles(gateway.policy.rules.roleNames),
            revocations: revocations)
        self.logger = logger
        let opened = await Self.openWithRevocations(parts)
        switch opened {
        case .success(let (opened, revocations)):
            open = Mutex(opened)
            denied = revocations
        case .failure(let error):
            open = Mutex(nil)
            denied = try Self.denied(without: error, data.path)
            logger.error(
                """
                accounts are unavailable and their endpoints answer 503; tokens that are out are \
                verified on
                """, metadata: ["store.error": "\(error)", "store.folder": "\(data.path)"])
        }
    }

    /// nil while the store is unavailable.
    var issuer: TokenIssuer? { open.withLock { $0?.issuer } }

    /// nil while the store is unavailable.
    var administration: AccountAdministration? { open.withLock { $0?.administration } }

    /// Only these roles can be given from now on.
    func declareRoles(_ names: [String]) { parts.declaredRoles.change(to: names) }

    /// Whether there is a store, and no account in it.
    func isEmpty() async -> Bool {
        guard let store = open.withLock({ $0?.store }) else { return false }
        return (try? await store.hasAccounts()) == false
    }

    /// Opens the store once it can be, removes from it what nobody can ask for any more, and closes it
    /// when the server stops.
    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                if open.withLock({ $0 == nil }) { reopen() } else { await tidy() }
                let pause = open.withLock { $0 == nil } ? Self.reopenPause : Self.tidyPause
                try? await Task.sleep(for: pause)
            }
        }
        close()
    }

    func close() {
        parts.passwords.stop()
        open.withLock { open in
            open?.store.close()
            open = nil
        }
        lock.release()
    }

    private func reopen() {
        do throws(StoreOpeningError) {
            let opened = try Self.open(parts)
            open.withLock { $0 = opened }
            logger.notice("accounts are available again")
        } catch {
            // Said at the start; saying it again every few seconds helps nobody.
            logger.debug(
                "accounts are still unavailable", metadata: ["store.error": "\(error)"])
        }
    }

    private func tidy() async {
        guard let store = open.withLock({ $0?.store }) else { return }
        // A failure is no harm: what is left over is removed the next time.
        while !Task.isCancelled,
            (try? await store.removeExpired(at: UnixClock.now(), limit: Self.tidyStep)) == true
        {}
    }

    private static func open(_ parts: Parts) throws(StoreOpeningError) -> Open {
        let store = try SQLiteAccountStore.open(folder: parts.folder)
        let issuer = TokenIssuer(
            settings: parts.settings, store: store, signingKey: parts.signingKey,
            refreshKeys: parts.refreshKeys, passwords: parts.passwords,
            revocations: parts.revocations, clock: UnixClock.now)
        let administration = AccountAdministration(
            settings: parts.settings, store: store, passwords: parts.passwords,
            revocations: parts.revocations, declaredRoles: parts.declaredRoles,
            clock: UnixClock.now)
        return Open(store: store, issuer: issuer, administration: administration)
    }

    /// Waits a moment: a command that works on the folder directly has it for a fraction of a second.
    private static func lock(
        _ folder: String
    ) async throws(CommandFailure) -> DataFolderLock {
        let deadline = ContinuousClock.now + lockPatience
        while true {
            do throws(DataFolderLockError) {
                return try DataFolderLock.take(folder: folder)
            } catch {
                guard case .held = error, ContinuousClock.now < deadline else {
                    throw CommandFailure("cannot use `\(folder)`: \(error)")
                }
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func openWithRevocations(
        _ parts: Parts
    ) async -> Result<(Open, [SessionRevocation]), StoreOpeningError> {
        do {
            let opened = try open(parts)
            return .success((opened, try await opened.store.revocations(at: UnixClock.now())))
        } catch let error as StoreOpeningError {
            return .failure(error)
        } catch {
            return .failure(.failed(detail: "the ended sessions cannot be read"))
        }
    }

    private static func denied(
        without opening: StoreOpeningError, _ folder: String
    ) throws(CommandFailure) -> [SessionRevocation] {
        do throws(StoreOpeningError) {
            return try SQLiteAccountStore.readRevocations(folder: folder, now: UnixClock.now())
        } catch {
            // Without them, sessions that were signed out would come back to life.
            throw CommandFailure("the accounts in `\(folder)`: \(opening)")
        }
    }

    private static let lockPatience = Duration.seconds(1)
    private static let reopenPause = Duration.seconds(5)
    private static let tidyPause = Duration.seconds(300)
    private static let tidyStep = 500
}
