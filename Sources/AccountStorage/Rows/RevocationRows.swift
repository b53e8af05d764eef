import Cryptography
import GRDB
import TokenIssuing
import TokenVerification

/// The table `revocation_log`. Every function is a part of its caller's transaction.
enum RevocationRows {
    /// Revoked sessions; other kinds are for versions that know them.
    static let sessionKind = "sid"

    static func insert(
        _ session: SessionID, at now: Int64, until: Int64, _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO revocation_log (kind, value, created_at, expires_at)
                VALUES (?, ?, ?, ?)
                """
        ).execute(arguments: [sessionKind, session.description, now, until])
    }

    static func sessions(at now: Int64, _ database: Database) throws -> [SessionRevocation] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT value, expires_at FROM revocation_log WHERE kind = ? AND expires_at > ?
                ORDER BY seq
                """)
        return try Row.fetchAll(statement, arguments: [sessionKind, now]).map { row in
            SessionRevocation(
                session: try row.identifier("value"), until: try row.number("expires_at"))
        }
    }

    /// - Returns: how many were removed, at most `limit`.
    static func removeExpired(at now: Int64, limit: Int, _ database: Database) throws -> Int {
        try database.cachedStatement(
            sql: """
                DELETE FROM revocation_log WHERE seq IN
                    (SELECT seq FROM revocation_log WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
                """
        ).execute(arguments: [now, limit])
        return database.changesCount
    }
}
