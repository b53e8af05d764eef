import GRDB
import Synchronization
import TokenIssuing

/// Accounts, sessions and revocations in one SQLite database, `ostiary.sqlite` in the data folder.
///
/// One connection writes, one transaction after the other; others read the last committed state
/// meanwhile. A commit is on the disk before its method returns (WAL, `synchronous=FULL`). One
/// process has the database open at a time: whoever opens it holds the folder's `DataFolderLock`.
package final class SQLiteAccountStore: Sendable {
    let pool: DatabasePool
    private let file: DatabaseFile
    /// When a write last waited in vain for another program's transaction.
    private let lastBusy = Mutex<ContinuousClock.Instant?>(nil)

    /// Opens the database, makes it where there is none, and brings its schema up to date.
    /// - Throws: without having changed anything but, at most, an older schema's steps to this one.
    package static func open(folder: String) throws(StoreOpeningError) -> SQLiteAccountStore {
        let file = DatabaseFile(folder: folder)
        try file.prepare()
        do {
            let pool = try DatabasePool(path: file.path, configuration: .forAccounts)
            try pool.writeWithoutTransaction { try $0.makeCommitsDurable() }
            try Schema.migrator.migrate(pool)
            try file.restrictModes()
            return SQLiteAccountStore(pool: pool, file: file)
        } catch {
            throw StoreOpeningError(error, file)
        }
    }

    private init(pool: DatabasePool, file: DatabaseFile) {
        self.pool = pool
        self.file = file
    }

    /// Waits for what is being written, and closes the database. What is asked of the store
    /// afterwards fails.
    package func close() {
        // Whoever closes last merges the -wal file into the database, which readers cannot, and the pool
        // closes its writer before its readers. So it is merged now, and idle readers go before.
        pool.releaseMemory()
        try? pool.writeWithoutTransaction {
            // Not GRDB's own function for it, which a connection that is closed already would crash.
            try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        // A connection that cannot be closed now is closed when the process ends; nothing is lost.
        try? pool.close()
    }

    /// One transaction. It does not end half-way when the caller's task is cancelled: whoever waits
    /// learns what became of it.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(AccountStoreError) -> Value {
        let asked = ContinuousClock.now
        let result = await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { database in
                continuation.resume(
                    returning: Result { try self.transaction(asked: asked, body, database) })
            }
        }
        return try value(of: result)
    }

    /// Runs on the writer. Those who are behind somebody who has waited in vain have waited as long:
    /// were each to try for itself, the last would wait for minutes, and the server's stop for it.
    private func transaction<Value>(
        asked: ContinuousClock.Instant, _ body: (Database) throws -> Value, _ database: Database
    ) throws -> Value {
        if let lastBusy = lastBusy.withLock({ $0 }), asked < lastBusy,
            asked.duration(to: .now) > .milliseconds(Configuration.busyMilliseconds)
        {
            throw AccountStoreError.busy
        }
        do {
            var value: Value?
            try database.inTransaction {
                value = try body(database)
                return .commit
            }
            guard let value else { throw AccountStoreError.failed(detail: "nothing was written") }
            return value
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            lastBusy.withLock { $0 = .now }
            throw error
        }
    }

    /// Reads one committed state, whatever is written meanwhile; uncancelled as `write` is.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(AccountStoreError) -> Value {
        let result = await withCheckedContinuation { continuation in
            pool.asyncRead { database in
                continuation.resume(returning: Result { try body(database.get()) })
            }
        }
        return try value(of: result)
    }

    private func value<Value>(
        of result: Result<Value, any Error>
    ) throws(AccountStoreError) -> Value {
        switch result {
        case .success(let value): return value
        case .failure(let error): throw AccountStoreError(error, file)
        }
    }
}

extension Configuration {
    fileprivate static let busyMilliseconds = 2000

    static var forAccounts: Configuration {
        var configuration = Configuration()
        configuration.label = "ostiary.accounts"
        configuration.foreignKeysEnabled = true
        // For `sqlite3` and backups at the same database; our own writers wait in the pool's queue.
        configuration.busyMode = .timeout(Double(busyMilliseconds) / 1000)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            if !database.configuration.readonly { try Schema.check(database) }
            // GRDB gives readers a timeout of their own, 10 s.
            try database.execute(
                sql: "PRAGMA busy_timeout = \(busyMilliseconds); PRAGMA trusted_schema = OFF")
        }
        return configuration
    }
}

extension Database {
    /// GRDB makes its pools' writers `NORMAL`: a power failure could then undo commits.
    fileprivate func makeCommitsDurable() throws {
        try execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216")
    }
}
