import Cryptography
import GRDB
import TestSupport
import Testing
import TokenIssuing
import TokenVerification

@testable import AccountStorage

@Suite("What the store does when writing fails")
struct FailureTests {
    static let now = StoreFixture.now

    @Test("a database that may not grow changes nothing and is read on; later it grows again")
    func fullDatabase() async throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        let alice = try await fixture.stored("alice")
        let session = try await fixture.opened(for: alice)
        let before = try #require(try await store.session(session.id))
        try limitPages(of: store, to: nil)

        let long = String(repeating: "x", count: 100_000)
        await #expect(throws: AccountStoreError.full) {
            try await fixture.stored("bob") { $0.profile.bio = long }
        }
        await #expect(throws: AccountStoreError.full) {
            _ = try await store.update(alice.id) { $0.profile.bio = long }
        }
        await #expect(throws: AccountStoreError.full) {
            _ = try await store.replacePasswordHash(
                of: alice.id, by: PasswordHash(encoded: long), expected: nil)
        }
        await #expect(throws: AccountStoreError.full) {
            var fat = session.next()
            fat = SessionRotation(
                session: fat.session, generation: fat.generation, currentHash: fat.currentHash,
                nextHash: Array(long.utf8), salt: fat.salt, idleUntil: fat.idleUntil,
                now: fat.now)
            _ = try await store.rotate(fat)
        }
        // The sessions' ends fit; what does not fit is the account: so nothing has ended.
        await #expect(throws: AccountStoreError.full) {
            _ = try await store.updateEndingSessions(
                alice.id, passwordHash: PasswordHash(encoded: long), reason: .passwordChanged,
                at: 1, deniedUntil: .max
            ) { $0.isActive = false }
        }
        let now = try #require(try await store.session(session.id))
        #expect(now.session == before.session)
        #expect(now.account == before.account)
        #expect(
            try await store.account(named: SignInName("alice"))?.passwordHash == StoreFixture.hash)
        #expect(try await store.accounts(after: nil, limit: 9) == [before.account])
        #expect(try await store.revocations(at: 0).isEmpty)

        try limitPages(of: store, to: 1_000_000)
        let bob = try await fixture.stored("bob") { $0.profile.bio = long }
        #expect(try await store.account(bob.id) == bob)
    }

    @Test("an inserted session and its account's note of the sign-in come together or not at all")
    func fullDatabaseAtSignIn() async throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        let alice = try await fixture.stored("alice")
        try limitPages(of: store, to: nil)
        var opened = 0
        await #expect(throws: AccountStoreError.full) {
            for number in 0..<10_000 {
                let session = Session.sample(for: alice.id, at: Self.now + Int64(number))
                _ = try await store.open(session, ifPasswordHashIs: StoreFixture.hash)
                opened += 1
            }
        }
        #expect(opened > 0)
        let last = try await store.account(alice.id)?.lastSignInAt
        #expect(last == Self.now + Int64(opened) - 1)
        let sessions = try await store.pool.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM sessions")
        }
        #expect(sessions == opened)
    }

    /// nil: no more pages than there are.
    private func limitPages(of store: SQLiteAccountStore, to count: Int?) throws {
        try store.pool.writeWithoutTransaction { database in
            let present = try Int.fetchOne(database, sql: "PRAGMA page_count")
            let limit = try #require(count ?? present)
            _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(limit)")
        }
    }

    @Test(
        "on a full disk what was acknowledged stays, reads go on, and room is all it needs",
        .disabled(if: mountObstacle != nil, "\(mountObstacle ?? "")"))
    func fullDisk() async throws {
        let folder = try TemporaryFolder("full")
        let mount = try Mount(memory: 4 << 20, at: folder.path)
        defer { mount.end() }
        let store = try SQLiteAccountStore.open(folder: folder.path)
        defer { store.close() }
        let alice = Account.sample("alice")
        try await store.insert(alice, passwordHash: StoreFixture.hash)
        let filler = SpaceFiller(in: folder.path)
        try filler.fill()
        var acknowledged: [AccountID] = []
        await #expect(throws: AccountStoreError.full) {
            for number in 0..<10_000 {
                let account = Account.sample("user-\(number)")
                try await store.insert(account, passwordHash: StoreFixture.hash)
                acknowledged.append(account.id)
            }
        }
        #expect(try await store.account(alice.id) == alice)
        let stored = try await store.accounts(after: nil, limit: 10_000).map(\.id)
        #expect(Set(stored) == Set(acknowledged + [alice.id]))
        filler.empty()
        try await store.insert(Account.sample("bob"), passwordHash: StoreFixture.hash)
        store.close()
        let again = try SQLiteAccountStore.open(folder: folder.path)
        #expect(
            try await again.accounts(after: nil, limit: 10_000).count == acknowledged.count + 2)
        again.close()
    }

    @Test("another program's transaction is waited for, then told; reads do not wait")
    func busy() async throws {
        let fixture = try StoreFixture()
        let alice = try await fixture.stored("alice")
        let other = try StoreFiles.otherProgram(in: fixture.folder.path)
        try await other.writeWithoutTransaction { try $0.beginTransaction(.immediate) }
        let clock = ContinuousClock()
        let start = clock.now
        await #expect(throws: AccountStoreError.busy) { try await fixture.stored("bob") }
        let waited = clock.now - start
        #expect(waited > .milliseconds(1500))
        #expect(waited < .seconds(10))
        #expect(try await fixture.store.account(alice.id) == alice)
        try await other.writeWithoutTransaction { try $0.rollback() }
        _ = try await fixture.stored("bob")
        try other.close()
    }

    @Test("whoever waits behind others for another program's transaction waits no longer than they")
    func busyQueue() async throws {
        let fixture = try StoreFixture()
        let other = try StoreFiles.otherProgram(in: fixture.folder.path)
        try await other.writeWithoutTransaction { try $0.beginTransaction(.immediate) }
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    await #expect(throws: AccountStoreError.busy) {
                        try await fixture.stored("user-\(number)")
                    }
                }
            }
        }
        // Each for itself they would take forty seconds.
        #expect(start.duration(to: .now) < .seconds(20))
        try await other.writeWithoutTransaction { try $0.rollback() }
        _ = try await fixture.stored("bob")
        try other.close()
    }

    @Test("a database that is locked while it is opened is told")
    func busyAtOpening() throws {
        let folder = try TemporaryFolder("store")
        try SQLiteAccountStore.open(folder: folder.path).close()
        let other = try StoreFiles.otherProgram(in: folder.path)
        try other.inDatabase {
            try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
        }
        #expect(throws: StoreOpeningError.busy) {
            try SQLiteAccountStore.open(folder: folder.path)
        }
        try other.close()
    }

    @Test("a closed store says that it is closed")
    func closed() async throws {
        let fixture = try StoreFixture()
        fixture.store.close()
        fixture.store.close()
        let error = AccountStoreError.failed(detail: "the store is closed")
        await #expect(throws: error) { try await fixture.stored("alice") }
        await #expect(throws: error) { _ = try await fixture.store.hasAccounts() }
    }

    @Test("a write goes on when the task that waits for it is cancelled")
    func cancellation() async throws {
        let fixture = try StoreFixture()
        let accounts = (0..<32).map { Account.sample("user-\($0)") }
        let tasks = accounts.map { account in
            Task { try await fixture.store.insert(account, passwordHash: StoreFixture.hash) }
        }
        for task in tasks { task.cancel() }
        for task in tasks { try await task.value }
        #expect(try await fixture.store.accounts(after: nil, limit: 99).count == 32)
    }

    @Test(
        "a stored value of an unknown form is told by its column, never by itself",
        arguments: [
            ("users SET birth_date = '1999-02-30-secret'", "`birth_date`"),
            ("users SET id = 'secret-5678-1234-1234-123456789012-'", nil),
            ("sessions SET id = 'secret-5678-1234-1234-1234567890123'", nil),
            ("revocation_log SET value = 'secret'", "`value`"),
        ] as [(String, String?)])
    func unknownForms(update: String, column: String?) async throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        let alice = try await fixture.stored("alice")
        let session = try await fixture.opened(for: alice)
        let other = try await fixture.opened(for: alice)
        _ = try await store.revoke(.one(other.id), reason: .signedOut, at: 1, deniedUntil: 2)
        try await store.pool.write { database in
            try database.execute(
                sql: "PRAGMA defer_foreign_keys = ON; DELETE FROM sessions WHERE id = '\(other.id)'"
            )
            try? database.execute(sql: "UPDATE \(update)")
        }
        var details: [String] = []
        do { _ = try await store.accounts(after: nil, limit: 9) } catch {
            details.append("\(error)")
        }
        do { _ = try await store.session(session.id) } catch { details.append("\(error)") }
        do { _ = try await store.revocations(at: 0) } catch { details.append("\(error)") }
        #expect(!details.contains { $0.contains("secret") })
        if let column { #expect(details.contains { $0.contains(column) }) }
    }

    @Test("a reason to end a session that only a newer version knows still ends it")
    func unknownReason() async throws {
        let fixture = try StoreFixture()
        let session = try await fixture.opened(for: try await fixture.stored())
        _ = try await fixture.store.revoke(
            .one(session.id), reason: .signedOut, at: 1, deniedUntil: 2)
        try await fixture.store.pool.write {
            try $0.execute(sql: "UPDATE sessions SET revoke_reason = 'struck by lightning'")
        }
        let read = try #require(try await fixture.store.session(session.id)).session
        #expect(read.revokedAt == 1)
        #expect(read.revocationReason == nil)
    }

    @Test(
        "result codes are sorted by what can be done",
        arguments: [
            (.SQLITE_FULL, .full), (.SQLITE_READONLY, .readOnly), (.SQLITE_CANTOPEN, .readOnly),
            (.SQLITE_READONLY_DIRECTORY, .readOnly), (.SQLITE_BUSY, .busy),
            (.SQLITE_BUSY_SNAPSHOT, .busy), (.SQLITE_LOCKED, .busy),
            (.SQLITE_READONLY_DBMOVED, .failed(detail: "the database file was moved or deleted")),
            (.SQLITE_IOERR_FSYNC, .failed(detail: "SQLite error 1034 (disk I/O error)")),
            (
                .SQLITE_CORRUPT,
                .failed(detail: "SQLite error 11 (database disk image is malformed)")
            ),
        ] as [(ResultCode, AccountStoreError)])
    func codes(code: ResultCode, error: AccountStoreError) throws {
        let folder = try TemporaryFolder("store")
        let engine = DatabaseError(
            resultCode: code, message: "secret", sql: "SELECT secret", arguments: ["secret"])
        #expect(AccountStoreError(engine, DatabaseFile(folder: folder.path)) == error)
    }
}
