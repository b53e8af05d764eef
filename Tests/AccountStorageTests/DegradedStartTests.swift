import Cryptography
import Foundation
import GRDB
import TestSupport
import Testing
import TokenIssuing
import TokenVerification

@testable import AccountStorage

/// What a start reads of a store that it cannot open.
@Suite("Revocations without opening the store")
struct DegradedStartTests {
    static let now = StoreFixture.now

    /// How the last process left the store.
    enum Left: String, CaseIterable {
        case closed
        case killed
        case killedWithoutSharedMemory
    }

    /// A store with two revocations, one of them expired, as it was left in `folder`.
    private func leave(_ how: Left, in folder: String) async throws -> [SessionRevocation] {
        let fixture = try StoreFixture()
        let account = try await fixture.stored()
        for until in [Self.now, Self.now + 330] {
            _ = try await fixture.opened(for: account)
            _ = try await fixture.store.revoke(
                .all(account.id), reason: .signedOut, at: Self.now, deniedUntil: until)
        }
        try await fixture.store.pool.write {
            try $0.execute(
                sql: """
                    INSERT INTO revocation_log (kind, value, created_at, expires_at)
                    VALUES ('min_uv', 'of a later version', 0, 9000000000)
                    """)
        }
        let revocations = try await fixture.store.revocations(at: Self.now)
        #expect(revocations.count == 1)
        switch how {
        case .closed:
            fixture.store.close()
            try StoreFiles.copy(["ostiary.sqlite"], from: fixture.folder.path, to: folder)
        case .killed:
            try StoreFiles.copy(from: fixture.folder.path, to: folder)
        case .killedWithoutSharedMemory:
            try StoreFiles.copy(
                ["ostiary.sqlite", "ostiary.sqlite-wal"], from: fixture.folder.path, to: folder)
        }
        return revocations
    }

    private func expectReadable(_ revocations: [SessionRevocation], in folder: String) throws {
        let before = try StoreFiles.contents(of: folder)
        let lock = try? DataFolderLock.take(folder: folder)
        for _ in 0..<2 {
            #expect(
                try SQLiteAccountStore.readRevocations(folder: folder, now: Self.now)
                    == revocations)
        }
        #expect(
            try SQLiteAccountStore.readRevocations(folder: folder, now: Self.now + 330).isEmpty)
        lock?.release()
        var after = try StoreFiles.contents(of: folder)
        if before[DataFolderLock.fileName] == nil { after[DataFolderLock.fileName] = nil }
        #expect(after == before)
    }

    @Test("are read from an ordinary folder, and nothing is written", arguments: Left.allCases)
    func ordinary(how: Left) async throws {
        let folder = try TemporaryFolder("degraded")
        let revocations = try await leave(how, in: folder.path)
        try expectReadable(revocations, in: folder.path)
        let store = try SQLiteAccountStore.open(folder: folder.path)
        #expect(try await store.revocations(at: Self.now) == revocations)
        store.close()
    }

    @Test("the database alone, without its -wal file, would not have them all")
    func walMatters() async throws {
        let folder = try TemporaryFolder("degraded")
        _ = try await leave(.killed, in: folder.path)
        try FileManager.default.removeItem(atPath: folder.path + "/ostiary.sqlite-wal")
        #expect(
            try SQLiteAccountStore.readRevocations(folder: folder.path, now: Self.now).isEmpty)
    }

    @Test("a torn end of the -wal file does not hide what was committed before it")
    func tornWAL() async throws {
        let folder = try TemporaryFolder("degraded")
        let revocations = try await leave(.killed, in: folder.path)
        let handle = try #require(
            FileHandle(forWritingAtPath: folder.path + "/ostiary.sqlite-wal"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(repeating: 0x5A, count: 3000))
        try handle.close()
        try expectReadable(revocations, in: folder.path)
    }

    @Test(
        "are read from a read-only file system, where opening says so",
        .disabled(if: mountObstacle != nil, "\(mountObstacle ?? "")"),
        arguments: Left.allCases)
    func readOnly(how: Left) async throws {
        let folder = try TemporaryFolder("degraded")
        let mount = try Mount(folder: folder.path)
        defer { mount.end() }
        let revocations = try await leave(how, in: folder.path)
        try mount.set(readOnly: true)
        #expect(throws: StoreOpeningError.readOnly) {
            try SQLiteAccountStore.open(folder: folder.path)
        }
        try expectReadable(revocations, in: folder.path)
        try mount.set(readOnly: false)
        let store = try SQLiteAccountStore.open(folder: folder.path)
        #expect(try await store.revocations(at: Self.now) == revocations)
        store.close()
    }

    @Test(
        "are read from a folder that takes no writes, where opening says so",
        .disabled(if: immutableObstacle != nil, "\(immutableObstacle ?? "")"),
        arguments: Left.allCases)
    func readOnlyFolder(how: Left) async throws {
        let folder = try TemporaryFolder("degraded")
        let revocations = try await leave(how, in: folder.path)
        let names = try StoreFiles.contents(of: folder.path).keys.map { "/\($0)" }
        let immutable = try (names + [""]).map { try Immutable(folder.path + $0) }
        #expect(throws: StoreOpeningError.readOnly) {
            try SQLiteAccountStore.open(folder: folder.path)
        }
        try expectReadable(revocations, in: folder.path)
        // The folder alone: the files may be written to, but none can be made beside them.
        for file in immutable.dropLast() { file.end() }
        if how == .closed {
            #expect(throws: StoreOpeningError.readOnly) {
                try SQLiteAccountStore.open(folder: folder.path)
            }
            try expectReadable(revocations, in: folder.path)
        }
        for file in immutable { file.end() }
    }

    @Test(
        "are read from a full disk",
        .disabled(if: mountObstacle != nil, "\(mountObstacle ?? "")"),
        arguments: Left.allCases)
    func fullDisk(how: Left) async throws {
        let folder = try TemporaryFolder("degraded")
        let mount = try Mount(memory: 4 << 20, at: folder.path)
        defer { mount.end() }
        let revocations = try await leave(how, in: folder.path)
        let filler = SpaceFiller(in: folder.path)
        try filler.fill()
        try expectReadable(revocations, in: folder.path)
        // After a kill there may be room enough in the files that are there; never another error.
        do {
            let store = try SQLiteAccountStore.open(folder: folder.path)
            #expect(how == .killed)
            #expect(try await store.revocations(at: Self.now) == revocations)
            store.close()
        } catch {
            #expect(error as? StoreOpeningError == .full)
        }
        try expectReadable(revocations, in: folder.path)
        filler.empty()
        let store = try SQLiteAccountStore.open(folder: folder.path)
        #expect(try await store.revocations(at: Self.now) == revocations)
        store.close()
    }

    @Test("are read from a database of a newer version")
    func newerSchema() async throws {
        let folder = try TemporaryFolder("degraded")
        let revocations = try await leave(.closed, in: folder.path)
        try StoreFiles.run(
            """
            ALTER TABLE revocation_log ADD COLUMN node TEXT;
            CREATE TABLE audit (id INTEGER PRIMARY KEY) STRICT;
            INSERT INTO grdb_migrations VALUES ('0002 later');
            """, in: folder.path)
        #expect(throws: StoreOpeningError.self) {
            try SQLiteAccountStore.open(folder: folder.path)
        }
        try expectReadable(revocations, in: folder.path)
    }

    @Test("without a database, or with one that was never filled, there are none")
    func none() throws {
        let folder = try TemporaryFolder("degraded")
        func read() throws -> [SessionRevocation] {
            try SQLiteAccountStore.readRevocations(folder: folder.path, now: 0)
        }
        #expect(try read().isEmpty)
        try folder.write("ostiary.sqlite", "")
        #expect(try read().isEmpty)
        try StoreFiles.run(
            "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)", in: folder.path)
        #expect(try read().isEmpty)
        #expect(
            try SQLiteAccountStore.readRevocations(folder: folder.path + "/none", now: 0).isEmpty)
    }

    @Test("what is no database of ours is told, and so is a revocation that cannot be read")
    func unreadable() async throws {
        let folder = try TemporaryFolder("degraded")
        try folder.write("ostiary.sqlite", String(repeating: "not a database\n", count: 500))
        #expect(throws: StoreOpeningError.notADatabase) {
            try SQLiteAccountStore.readRevocations(folder: folder.path, now: 0)
        }
        let other = try TemporaryFolder("degraded")
        try StoreFiles.run("CREATE TABLE users (id INTEGER)", in: other.path)
        #expect(throws: StoreOpeningError.notADatabase) {
            try SQLiteAccountStore.readRevocations(folder: other.path, now: 0)
        }
        let ours = try TemporaryFolder("degraded")
        _ = try await leave(.closed, in: ours.path)
        try StoreFiles.run("UPDATE revocation_log SET value = 'secret'", in: ours.path)
        #expect(
            throws: StoreOpeningError.failed(
                detail: "the column `value` holds a value that this version does not know")
        ) {
            try SQLiteAccountStore.readRevocations(folder: ours.path, now: Self.now)
        }
    }
}
