import GRDB

/// The tables, by steps that only go forward. A step that was released is never changed: a further
/// one is appended, and only adds, so that the version before still runs on the result.
enum Schema {
    /// `OSTY`: tells our databases from those of other programs.
    static let applicationID = 0x4F53_5459

    /// Each step with the mark that it was made is one transaction.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (identifier, sql) in steps {
            migrator.registerMigration(identifier, foreignKeyChecks: .immediate) {
                try $0.execute(sql: sql)
            }
        }
        return migrator
    }

    /// Refuses, before anything is written, what is not ours or comes from a newer version.
    static func check(_ database: Database) throws {
        // A first start that was killed may have left the list of steps, and nothing else.
        let tables = try Int.fetchOne(
            database,
            sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'")
        guard let tables, tables > 0 else { return }
        guard
            try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID,
            try database.tableExists("grdb_migrations")
        else { throw StoreOpeningError.notADatabase }
        let known = steps.map(\.identifier)
        let applied = try String.fetchAll(
            database, sql: "SELECT identifier FROM grdb_migrations ORDER BY identifier")
        if let found = applied.first(where: { !known.contains($0) }) {
            throw StoreOpeningError.newerSchema(found: found, known: known.last ?? "")
        }
    }

    private static let steps: [(identifier: String, sql: String)] = [
        ("0001 accounts, sessions, revocations", accountsSessionsRevocations)
    ]

    /// Times are Unix seconds; identifiers are UUIDs in lower case; `…_folded` is NFC, case-folded.
    private static let accountsSessionsRevocations = """
        PRAGMA application_id = \(applicationID);

        CREATE TABLE users (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
            username TEXT NOT NULL,
            username_folded TEXT NOT NULL UNIQUE,
            email TEXT NOT NULL,
            email_folded TEXT NOT NULL UNIQUE,
            password_hash TEXT NOT NULL,
            full_name TEXT NOT NULL,
            bio TEXT NOT NULL,
            birth_date TEXT,
            is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
            is_staff INTEGER NOT NULL CHECK (is_staff IN (0, 1)),
            is_superuser INTEGER NOT NULL CHECK (is_superuser IN (0, 1)),
            token_version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            last_login INTEGER
        ) STRICT;

        CREATE TABLE groups (
            id INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE user_groups (
            user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            group_id INTEGER NOT NULL REFERENCES groups ON DELETE CASCADE,
            PRIMARY KEY (user_id, group_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX user_groups_by_group ON user_groups (group_id);

        CREATE TABLE user_permissions (
            user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            permission TEXT NOT NULL,
            PRIMARY KEY (user_id, permission)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE user_roles (
            user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            role TEXT NOT NULL,
            PRIMARY KEY (user_id, role)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX user_roles_by_role ON user_roles (role);

        CREATE TABLE sessions (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
            user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            client_id TEXT NOT NULL,
            gen INTEGER NOT NULL CHECK (gen BETWEEN 0 AND 4294967295),
            cur_hash BLOB NOT NULL,
            prev_hash BLOB,
            rot_salt BLOB,
            rotated_at INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            auth_time INTEGER NOT NULL,
            idle_until INTEGER NOT NULL,
            not_after INTEGER NOT NULL,
            uv_at_issue INTEGER NOT NULL,
            aal INTEGER NOT NULL DEFAULT 1,
            amr TEXT NOT NULL,
            ip TEXT NOT NULL,
            user_agent TEXT NOT NULL,
            revoked_at INTEGER,
            revoke_reason TEXT,
            replays INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX sessions_by_user ON sessions (user_id);
        CREATE INDEX sessions_by_end ON sessions (min(idle_until, not_after));
        CREATE INDEX sessions_by_revocation ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

        -- What is refused before it expires by itself. Of the kind `sid`, the value is a session.
        CREATE TABLE revocation_log (
            seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            value TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX revocation_log_by_expiry ON revocation_log (expires_at);
        """
}
