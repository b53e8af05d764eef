import Cryptography
import Foundation
import GRDB
import TestSupport
import Testing
import TokenIssuing
import TokenVerification

@testable import AccountStorage

@Suite("Opening the account store")
struct OpeningTests {
    @Test("commits reach the disk: WAL, FULL, foreign keys, two seconds of patience")
    func pragmas() throws {
        let fixture = try StoreFixture()
        func pragmas(_ database: Database) throws -> [String: String?] {
            try ["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema"]
                .reduce(into: [:]) { values, name in
                    values[name] = try String.fetchOne(database, sql: "PRAGMA \(name)")
                }
        }
        let store = try fixture.reopened()
        let writer = try store.pool.writeWithoutTransaction(pragmas)
        #expect(
            writer == [
                "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1",
                "busy_timeout": "2000", "trusted_schema": "0",
            ])
        let reader = try store.pool.read(pragmas)
        #expect(reader["busy_timeout"] == "2000")
        #expect(reader["trusted_schema"] == "0")
        #expect(
            try store.pool.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"]
        )
    }

    @Test("nobody else can read the files, whatever their modes were before")
    func modes() async throws {
        let fixture = try StoreFixture()
        _ = try await fixture.stored()
        let paths = StoreFiles.names.map { "\(fixture.folder.path)/\($0)" }
        for path in paths { #expect(try StoreFiles.mode(path) == 0o600, "\(path)") }
        for path in paths {
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        }
        let second = try SQLiteAccountStore.open(folder: fixture.folder.path)
        for path in paths { #expect(try StoreFiles.mode(path) == 0o600, "\(path)") }
        second.close()
    }

    @Test("a symbolic link is no database: it could lead to a network, or to another's file")
    func symbolicLink() throws {
        let folder = try TemporaryFolder("store")
        try folder.write("elsewhere", "")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/ostiary.sqlite",
            withDestinationPath: folder.path + "/elsewhere")
        let error = #expect(throws: StoreOpeningError.self) {
            try SQLiteAccountStore.open(folder: folder.path)
        }
        #expect(error.map { "\($0)" }?.contains("it is a symbolic link") == true)
        #expect(try StoreFiles.contents(of: folder.path)["elsewhere"]?.isEmpty == true)
    }

    @Test("a closed store is one file")
    func closing() async throws {
        let fixture = try StoreFixture()
        _ = try await fixture.stored()
        #expect(try await fixture.store.hasAccounts())
        let folder = fixture.folder.path
        #expect(try Set(StoreFiles.contents(of: folder).keys) == Set(StoreFiles.names))
        fixture.store.close()
        #expect(try Array(StoreFiles.contents(of: folder).keys) == ["ostiary.sqlite"])
    }

    @Test(
        "a folder may have any name", arguments: ["a b", "50%25?mode=memory#x", "file:x", "é'\""])
    func folderNames(name: String) async throws {
        let parent = try TemporaryFolder("store")
        let folder = "\(parent.path)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let store = try SQLiteAccountStore.open(folder: folder)
        let account = Account.sample("alice")
        try await store.insert(account, passwordHash: StoreFixture.hash)
        let session = Session.sample(for: account.id)
        _ = try await store.open(session, ifPasswordHashIs: StoreFixture.hash)
        _ = try await store.revoke(.all(account.id), reason: .signedOut, at: 1, deniedUntil: 9)
        for state in ["open", "closed"] {
            if state == "closed" { store.close() }
            let revocations = try SQLiteAccountStore.readRevocations(folder: folder, now: 1)
            #expect(revocations.map(\.session) == [session.id], "\(state)")
        }
    }

    @Test("a database of a newer version is refused as it is")
    func newerSchema() async throws {
        let fixture = try StoreFixture()
        fixture.store.close()
        try StoreFiles.run(
            "INSERT INTO grdb_migrations VALUES ('0002 future'), ('0003 far future')",
            in: fixture.folder.path)
        let before = try StoreFiles.contents(of: fixture.folder.path)["ostiary.sqlite"]
        let error = StoreOpeningError.newerSchema(
            found: "0002 future", known: "0001 accounts, sessions, revocations")
        #expect(throws: error) { try SQLiteAccountStore.open(folder: fixture.folder.path) }
        #expect(try StoreFiles.contents(of: fixture.folder.path)["ostiary.sqlite"] == before)
    }

    @Test("what is no database of ours is refused as it is")
    func notOurs() throws {
        let folder = try TemporaryFolder("store")
        try folder.write("ostiary.sqlite", String(repeating: "not a database\n", count: 500))
        let before = try StoreFiles.contents(of: folder.path)
        #expect(throws: StoreOpeningError.notADatabase) {
            try SQLiteAccountStore.open(folder: folder.path)
        }
        #expect(try StoreFiles.contents(of: folder.path) == before)

        for table in ["users", "anything"] {
            let other = try TemporaryFolder("store")
            try StoreFiles.run("CREATE TABLE \(table) (id INTEGER)", in: other.path)
            let before = try StoreFiles.contents(of: other.path)
            #expect(throws: StoreOpeningError.notADatabase) {
                try SQLiteAccountStore.open(folder: other.path)
            }
            #expect(try StoreFiles.contents(of: other.path) == before)
        }
    }

    @Test("an empty file and a first start that was killed are no hindrance")
    func unfinished() async throws {
        let empty = try TemporaryFolder("store")
        try empty.write("ostiary.sqlite", "")
        try SQLiteAccountStore.open(folder: empty.path).close()
        let killed = try TemporaryFolder("store")
        try StoreFiles.run(
            "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)", in: killed.path)
        let store = try SQLiteAccountStore.open(folder: killed.path)
        #expect(try await !store.hasAccounts())
        store.close()
    }

    @Test("damage is told as damage")
    func damage() async throws {
        let fixture = try StoreFixture()
        _ = try await fixture.stored()
        fixture.store.close()
        let path = "\(fixture.folder.path)/ostiary.sqlite"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        // The first page's tree, behind the file's header.
        bytes.replaceSubrange(100..<4096, with: Data(repeating: 0xA5, count: 3996))
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(throws: StoreOpeningError.corrupt) {
            try SQLiteAccountStore.open(folder: fixture.folder.path)
        }
    }

    @Test("a folder that is not there is told")
    func noFolder() throws {
        let folder = try TemporaryFolder("store")
        #expect(
            throws: StoreOpeningError.failed(
                detail: "the file `ostiary.sqlite`: no such file or directory")
        ) { try SQLiteAccountStore.open(folder: folder.path + "/none") }
        let path = try folder.write("file", "")
        #expect(throws: StoreOpeningError.self) { try SQLiteAccountStore.open(folder: path) }
    }

    @Test(
        "every reason is one line that ends without a period",
        arguments: [
            .full, .readOnly, .busy, .newerSchema(found: "a", known: "b"),
            .networkFileSystem("nfs4"), .notADatabase, .corrupt, .failed(detail: "x"),
        ] as [StoreOpeningError])
    func descriptions(error: StoreOpeningError) {
        #expect(!"\(error)".contains("\n"))
        #expect(!"\(error)".hasSuffix("."))
        #expect("\(error)".first?.isLowercase == true)
    }
}
