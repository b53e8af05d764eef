import Cryptography
import GRDB
import TokenIssuing

/// The table `users`. Every function is a part of its caller's transaction.
enum AccountRows {
    static func account(_ id: AccountID, _ database: Database) throws -> Account? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM users WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id.description])
            .map { try account($0, database) }
    }

    static func account(
        named name: SignInName, _ database: Database
    ) throws -> (account: Account, passwordHash: PasswordHash)? {
        let (column, folded) =
            switch name {
            case .username(let folded): ("username_folded", folded)
            case .email(let folded): ("email_folded", folded)
            }
        // It would be looked up as the part before.
        guard !folded.utf8.contains(0) else { return nil }
        let statement = try database.cachedStatement(sql: "SELECT * FROM users WHERE \(column) = ?")
        return try Row.fetchOne(statement, arguments: [folded]).map { row in
            (
                try account(row, database),
                PasswordHash(encoded: try row.text("password_hash"))
            )
        }
    }

    static func accounts(
        after folded: String?, limit: Int, _ database: Database
    ) throws -> [Account] {
        // No text comes before the empty one, and no name is empty.
        let statement = try database.cachedStatement(
            sql: "SELECT * FROM users WHERE username_folded > ? ORDER BY username_folded LIMIT ?")
        return try Row.fetchAll(statement, arguments: [folded ?? "", limit])
            .map { try account($0, database) }
    }

    static func insert(
        _ account: Account, passwordHash: PasswordHash, _ database: Database
    ) throws {
        try checkStorable(account.profile)
        try checkUnique(account, database)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO users (id, username, username_folded, email, email_folded,
                    password_hash, full_name, bio, birth_date, is_active, is_staff, is_superuser,
                    token_version, created_at, updated_at, last_login)
                VALUES (:id, :username, :username_folded, :email, :email_folded,
                    :password_hash, :full_name, :bio, :birth_date, :is_active, :is_staff,
                    :is_superuser, :token_version, :created_at, :updated_at, :last_login)
                """)
        try statement.execute(
            arguments: changeable(account) + [
                "password_hash": passwordHash.encoded,
                "created_at": account.createdAt,
                "last_login": account.lastSignInAt,
            ])
        try Membership.replace(by: account, database)
    }

    /// Stores what `change` makes of the account, save what a change cannot touch: `id`,
    /// `createdAt` and `lastSignInAt`.
    static func update(
        _ id: AccountID, _ database: Database, _ change: (inout Account) -> Void
    ) throws -> Account? {
        guard var changed = try account(id, database) else { return nil }
        change(&changed)
        precondition(changed.id == id, "a change makes no other account")
        try checkStorable(changed.profile)
        try checkUnique(changed, database)
        let statement = try database.cachedStatement(
            sql: """
                UPDATE users SET username = :username, username_folded = :username_folded,
                    email = :email, email_folded = :email_folded, full_name = :full_name,
                    bio = :bio, birth_date = :birth_date, is_active = :is_active,
                    is_staff = :is_staff, is_superuser = :is_superuser,
                    token_version = :token_version, updated_at = :updated_at
                WHERE id = :id
                """)
        try statement.execute(arguments: changeable(changed))
        try Membership.replace(by: changed, database)
        return try account(id, database)
    }

    @discardableResult
    static func replacePasswordHash(
        of id: AccountID, by hash: PasswordHash, expected: PasswordHash?, _ database: Database
    ) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE users SET password_hash = :hash
                WHERE id = :id AND password_hash = ifnull(:expected, password_hash)
                """)
        try statement.execute(arguments: [
            "id": id.description, "hash": hash.encoded, "expected": expected?.encoded,
        ])
        return database.changesCount == 1
    }

    /// - Returns: whether the account is there, active, and has this password hash.
    static func noteSignIn(
        of id: AccountID, at time: Int64, ifPasswordHashIs hash: PasswordHash, _ database: Database
    ) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE users SET last_login = max(ifnull(last_login, :time), :time)
                WHERE id = :id AND is_active AND password_hash = :hash
                """)
        try statement.execute(arguments: [
            "id": id.description, "time": time, "hash": hash.encoded,
        ])
        return database.changesCount == 1
    }

    private static func account(_ row: Row, _ database: Database) throws -> Account {
        let id: AccountID = try row.identifier("id")
        let birthDate = try row.decode(String?.self, forColumn: "birth_date").map { text in
            guard let date = CalendarDate(text) else {
                throw StoredValueError.unexpected(column: "birth_date")
            }
            return date
        }
        let memberships = try Membership.all(of: id, database)
        return Account(
            id: id,
            profile: Profile(
                username: Username(
                    stored: try row.text("username"), folded: try row.text("username_folded")),
                email: EmailAddress(
                    stored: try row.text("email"), folded: try row.text("email_folded")),
                fullName: try row.text("full_name"), bio: try row.text("bio"),
                birthDate: birthDate),
            isActive: try row.flag("is_active"), isStaff: try row.flag("is_staff"),
            isSuperuser: try row.flag("is_superuser"), groups: memberships.groups,
            permissions: memberships.permissions, roles: memberships.roles,
            tokenVersion: try row.number("token_version"), createdAt: try row.number("created_at"),
            updatedAt: try row.number("updated_at"),
            lastSignInAt: try row.decode(Int64?.self, forColumn: "last_login"))
    }

    /// The columns that `update` writes, and `id`.
    private static func changeable(_ account: Account) -> StatementArguments {
        [
            "id": account.id.description,
            "username": account.profile.username.text,
            "username_folded": account.profile.username.folded,
            "email": account.profile.email.text,
            "email_folded": account.profile.email.folded,
            "full_name": account.profile.fullName,
            "bio": account.profile.bio,
            "birth_date": account.profile.birthDate?.description,
            "is_active": account.isActive,
            "is_staff": account.isStaff,
            "is_superuser": account.isSuperuser,
            "token_version": account.tokenVersion,
            "updated_at": account.updatedAt,
        ]
    }

    private static func checkStorable(_ profile: Profile) throws {
        try AccountStorage.checkStorable(
            profile.username.text, profile.username.folded, profile.email.text,
            profile.email.folded, profile.fullName, profile.bio)
    }

    /// INVARIANT (unique names): the writer's transactions exclude each other, so what is free here
    /// is free until the commit. The columns are UNIQUE all the same.
    private static func checkUnique(_ account: Account, _ database: Database) throws {
        let isTaken = { (column: String, folded: String) in
            let statement = try database.cachedStatement(
                sql: "SELECT EXISTS (SELECT 1 FROM users WHERE \(column) = ? AND id <> ?)")
            return try Bool.fetchOne(statement, arguments: [folded, account.id.description])
                == true
        }
        if try isTaken("username_folded", account.profile.username.folded) {
            throw AccountStoreError.usernameTaken
        }
        if try isTaken("email_folded", account.profile.email.folded) {
            throw AccountStoreError.emailTaken
        }
    }
}
