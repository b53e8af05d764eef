import AccountStorage
import TokenIssuing
import TokenVerification

/// The accounts in the database itself, under the lock of the data folder.
struct DirectAccounts {
    let administration: AccountAdministration
    private let lock: DataFolderLock
    private let store: SQLiteAccountStore
    private let passwords: PasswordHashingPool

    init(
        lock: DataFolderLock, folder: String, settings: IssuerSettings, declaredRoles: [String]
    ) throws(StoreOpeningError) {
        self.lock = lock
        store = try SQLiteAccountStore.open(folder: folder)
        passwords = PasswordHashingPool(threads: 1)
        administration = AccountAdministration(
            settings: settings, store: store, passwords: passwords,
            revocations: NobodyServes(), declaredRoles: DeclaredRoles(declaredRoles),
            clock: UnixClock.now)
    }

    func close() {
        passwords.stop()
        store.close()
        lock.release()
    }
}

/// While no server runs, no token is accepted; the next one reads from the store whom to refuse
/// before it serves.
private struct NobodyServes: RevocationPublishing {
    func deny(_ revocations: [Revocation]) async {}
}
