import AccountStorage
import Cryptography
import TestSupport
import TextFolding
import TokenIssuing
import TokenVerification

/// A store in a folder of its own, and accounts and sessions to put in.
struct StoreFixture: Sendable {
    static let now: Int64 = 1_800_000_000
    static let hash = PasswordHash(encoded: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA")

    let folder: TemporaryFolder
    let store: SQLiteAccountStore

    init() throws {
        folder = try TemporaryFolder("store")
        store = try SQLiteAccountStore.open(folder: folder.path)
    }

    /// The store as another process would find it after this one has closed it.
    func reopened() throws -> SQLiteAccountStore {
        store.close()
        return try SQLiteAccountStore.open(folder: folder.path)
    }

    /// An account that is in the store.
    func stored(
        _ name: String = "alice", _ change: (inout Account) -> Void = { _ in }
    ) async throws -> Account {
        var account = Account.sample(name)
        change(&account)
        try await store.insert(account, passwordHash: Self.hash)
        return account
    }

    /// A session that is in the store, of an account that is too.
    func opened(for account: Account) async throws -> Session {
        let session = Session.sample(for: account.id)
        _ = try await store.open(session, ifPasswordHashIs: Self.hash)
        return session
    }
}

extension Account {
    static func sample(_ name: String) -> Account {
        Account(
            id: .random(), profile: Profile(username: .of(name), email: .of("\(name)@example.org")),
            createdAt: StoreFixture.now, updatedAt: StoreFixture.now)
    }
}

extension Username {
    static func of(_ text: String) -> Username {
        Username(stored: text, folded: CaseFolding.fold(text))
    }
}

extension EmailAddress {
    static func of(_ text: String) -> EmailAddress {
        EmailAddress(stored: text, folded: CaseFolding.fold(text))
    }
}

extension Session {
    static func sample(
        for account: AccountID, id: SessionID = .random(), at time: Int64 = StoreFixture.now
    ) -> Session {
        Session(
            id: id, account: account, clientID: "ostiary", currentHash: SecureRandom.bytes(32),
            createdAt: time, idleUntil: time + 604_800, notAfter: time + 2_592_000,
            tokenVersionAtIssue: 1, methods: ["pwd"], address: "192.0.2.7",
            userAgent: "curl/8.0")
    }

    /// The step to the generation behind this one.
    func next(at time: Int64 = StoreFixture.now + 60) -> SessionRotation {
        SessionRotation(
            session: id, generation: generation, currentHash: currentHash,
            nextHash: SecureRandom.bytes(32), salt: SecureRandom.bytes(16),
            idleUntil: time + 604_800, now: time)
    }
}
