import Cryptography
import GRDB
import TokenIssuing
import TokenVerification

/// The table `sessions`. Every function is a part of its caller's transaction.
enum SessionRows {
    /// How long a session is kept behind its end: longer than any of its access tokens lives, so that
    /// it can be signed out of for as long as there is one.
    static let secondsKept: Int64 = 86_400

    static func session(_ id: SessionID, _ database: Database) throws -> Session? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM sessions WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id.description]).map(session)
    }

    static func insert(_ session: Session, _ database: Database) throws {
        let methods = session.methods.joined(separator: " ")
        try checkStorable(session.clientID, methods, session.address, session.userAgent)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO sessions (id, user_id, client_id, gen, cur_hash, prev_hash, rot_salt,
                    rotated_at, created_at, auth_time, idle_until, not_after, uv_at_issue, amr, ip,
                    user_agent, revoked_at, revoke_reason, replays)
                VALUES (:id, :user_id, :client_id, :gen, :cur_hash, :prev_hash, :rot_salt,
                    :rotated_at, :created_at, :auth_time, :idle_until, :not_after, :uv_at_issue,
                    :amr, :ip, :user_agent, :revoked_at, :revoke_reason, :replays)
                """)
        try statement.execute(arguments: [
            "id": session.id.description,
            "user_id": session.account.description,
            "client_id": session.clientID,
            "gen": session.generation,
            "cur_hash": blob(session.currentHash),
            "prev_hash": blob(session.previousHash),
            "rot_salt": blob(session.rotationSalt),
            "rotated_at": session.rotatedAt,
            "created_at": session.createdAt,
            "auth_time": session.authenticatedAt,
            "idle_until": session.idleUntil,
            "not_after": session.notAfter,
            "uv_at_issue": session.tokenVersionAtIssue,
            "amr": methods,
            "ip": session.address,
            "user_agent": session.userAgent,
            "revoked_at": session.revokedAt,
            "revoke_reason": session.revocationReason?.rawValue,
            "replays": session.replays,
        ])
    }

    /// - Returns: whether the session was moved on.
    static func rotate(_ rotation: SessionRotation, _ database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE sessions SET gen = gen + 1, prev_hash = cur_hash, cur_hash = :next,
                    rot_salt = :salt, rotated_at = :now, idle_until = :idle_until, replays = 0
                WHERE id = :id AND gen = :gen AND cur_hash = :current AND gen < 4294967295
                    AND revoked_at IS NULL AND idle_until > :now AND not_after > :now
                    AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND is_active)
                """)
        try statement.execute(arguments: [
            "id": rotation.session.description,
            "gen": rotation.generation,
            "current": blob(rotation.currentHash),
            "next": blob(rotation.nextHash),
            "salt": blob(rotation.salt),
            "now": rotation.now,
            "idle_until": rotation.idleUntil,
        ])
        return database.changesCount == 1
    }

    /// A session that has ended counts as one that has moved on.
    static func countReplay(
        of id: SessionID, generation: UInt32, _ database: Database
    ) throws -> Int? {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE sessions SET replays = replays + 1
                WHERE id = ? AND gen = ? AND revoked_at IS NULL
                RETURNING replays
                """)
        return try Int.fetchAll(statement, arguments: [id.description, generation]).first
    }

    /// Ends the sessions and writes their revocations.
    static func revoke(
        _ selection: SessionSelection, reason: RevocationReason, at now: Int64, deniedUntil: Int64,
        _ database: Database
    ) throws -> [SessionID] {
        let (condition, values): (String, StatementArguments) =
            switch selection {
            case .one(let id): ("id = :id", ["id": id.description])
            case .all(let account): ("user_id = :user", ["user": account.description])
            case .allBut(let id, let account):
                (
                    "user_id = :user AND id <> :id",
                    ["user": account.description, "id": id.description]
                )
            }
        let statement = try database.cachedStatement(
            sql: """
                UPDATE sessions SET revoked_at = :now, revoke_reason = :reason
                WHERE \(condition) AND revoked_at IS NULL
                RETURNING id
                """)
        let ended = try Row.fetchAll(
            statement, arguments: values + ["now": now, "reason": reason.rawValue]
        ).map { row -> SessionID in try row.identifier("id") }
        for session in ended {
            try RevocationRows.insert(session, at: now, until: deniedUntil, database)
        }
        return ended
    }

    /// - Returns: how many were removed, at most `limit`.
    static func removeExpired(at now: Int64, limit: Int, _ database: Database) throws -> Int {
        var removed = 0
        for time in ["min(idle_until, not_after)", "revoked_at"] {
            let statement = try database.cachedStatement(
                sql: """
                    DELETE FROM sessions WHERE id IN
                        (SELECT id FROM sessions WHERE \(time) <= ? ORDER BY \(time) LIMIT ?)
                    """)
            try statement.execute(arguments: [now - secondsKept, limit - removed])
            removed += database.changesCount
        }
        return removed
    }

    private static func session(_ row: Row) throws -> Session {
        guard let generation = UInt32(exactly: try row.number("gen")),
            let currentHash = try row.bytes("cur_hash")
        else { throw StoredValueError.unexpected(column: "gen") }
        return Session(
            id: try row.identifier("id"), account: try row.identifier("user_id"),
            clientID: try row.text("client_id"), currentHash: currentHash,
            createdAt: try row.number("created_at"), idleUntil: try row.number("idle_until"),
            notAfter: try row.number("not_after"),
            tokenVersionAtIssue: try row.number("uv_at_issue"),
            methods: try row.text("amr").split(separator: " ").map(String.init),
            address: try row.text("ip"), userAgent: try row.text("user_agent"),
            generation: generation, previousHash: try row.bytes("prev_hash"),
            rotationSalt: try row.bytes("rot_salt"), rotatedAt: try row.number("rotated_at"),
            authenticatedAt: try row.number("auth_time"),
            revokedAt: try row.decode(Int64?.self, forColumn: "revoked_at"),
            // A reason that a newer version knows still is a revocation.
            revocationReason: try row.decode(String?.self, forColumn: "revoke_reason")
                .flatMap(RevocationReason.init),
            replays: try row.decode(Int.self, forColumn: "replays"))
    }
}
