import Cryptography
import GRDB
private import GRDBSQLite
package import TokenVerification

/// Reads the revocations of a database that cannot be opened for writing, and writes nothing at all:
/// neither the database nor the files beside it, whose locks and index SQLite would need otherwise.
///
/// INVARIANT (unlocked reading): the caller holds the folder's lock, so nobody writes meanwhile.
@safe struct RevocationReader: ~Copyable {
    private var connection: OpaquePointer?
    private let file: DatabaseFile

    init(_ file: DatabaseFile) throws {
        self.file = file
        unsafe connection = nil
        // A database without waiting commits is read as it lies there. Otherwise its -wal file has to
        // be read too, with the index in our own memory; that needs SQLite to believe that it has
        // the database to itself, and the VFS without locks lets it.
        let hasCommits = file.hasUnmergedCommits
        let uri = "file:\(Self.escaped(file.path))?mode=ro" + (hasCommits ? "" : "&immutable=1")
        try check(
            unsafe sqlite3_open_v2(
                uri, &connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                hasCommits ? "unix-none" : "unix"))
        if hasCommits {
            var keep: Int32 = 1
            try check(
                unsafe sqlite3_file_control(
                    connection, "main", SQLITE_FCNTL_PERSIST_WAL, &keep))
            try rows("PRAGMA locking_mode = EXCLUSIVE") { _ in }
        }
    }

    deinit {
        unsafe sqlite3_close_v2(connection)
    }

    /// Revoked sessions that matter at `now`; none in a database that was never filled.
    func sessions(at now: Int64) throws -> [SessionRevocation] {
        var tables = 0
        var hasLog = false
        try rows("SELECT name FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'") { row in
            tables += 1
            if row.text(0) == "revocation_log" { hasLog = true }
        }
        guard tables > 0 else { return [] }
        guard hasLog else { throw StoreOpeningError.notADatabase }
        var revocations: [SessionRevocation] = []
        var isReadable = true
        try rows(
            """
            SELECT value, expires_at FROM revocation_log
            WHERE kind = '\(RevocationRows.sessionKind)' AND expires_at > \(now) ORDER BY seq
            """
        ) { row in
            guard let session = row.text(0).flatMap({ SessionID($0) }) else {
                isReadable = false
                return
            }
            revocations.append(SessionRevocation(session: session, until: row.number(1)))
        }
        guard isReadable else { throw StoredValueError.unexpected(column: "value") }
        return revocations
    }

    @safe private struct ResultRow {
        fileprivate let statement: OpaquePointer?

        func text(_ index: Int32) -> String? {
            unsafe sqlite3_column_text(statement, index).map { unsafe String(cString: $0) }
        }

        func number(_ index: Int32) -> Int64 {
            unsafe sqlite3_column_int64(statement, index)
        }
    }

    private func rows(_ sql: String, _ body: (ResultRow) -> Void) throws {
        var statement: OpaquePointer?
        try check(unsafe sqlite3_prepare_v2(connection, sql, -1, &statement, nil))
        defer { unsafe sqlite3_finalize(statement) }
        while true {
            let code = unsafe sqlite3_step(statement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { return try check(code) }
            unsafe body(ResultRow(statement: statement))
        }
    }

    private func check(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        let extended = unsafe connection == nil ? code : sqlite3_extended_errcode(connection)
        throw DatabaseError(resultCode: ResultCode(rawValue: extended))
    }

    /// The path with what means something in a URI written as escapes.
    private static func escaped(_ path: String) -> String {
        path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
    }
}

extension SQLiteAccountStore {
    /// Revoked sessions that still matter at `now`, for a start that cannot open the database: on a
    /// full disk, a read-only file system, or with a newer schema. The caller holds the folder's
    /// lock. Nothing is written.
    /// - Returns: none when there is no database yet.
    package static func readRevocations(
        folder: String, now: Int64
    ) throws(StoreOpeningError) -> [SessionRevocation] {
        let file = DatabaseFile(folder: folder)
        do {
            guard try file.exists() else { return [] }
            return try RevocationReader(file).sessions(at: now)
        } catch let error as FileError {
            throw StoreOpeningError(error)
        } catch {
            throw StoreOpeningError(error, file)
        }
    }
}
