import Cryptography
import GRDB
import TokenIssuing

/// The tables `user_groups`, `user_permissions` and `user_roles`: lists of names of an account.
enum Membership: String, CaseIterable {
    case groups
    case permissions
    case roles

    /// Each list in ascending order of the names' bytes.
    static func all(
        of id: AccountID, _ database: Database
    ) throws -> (groups: [String], permissions: [String], roles: [String]) {
        let statement = try database.cachedStatement(
            sql: """
                SELECT 'groups' AS list, name FROM user_groups JOIN groups ON id = group_id
                    WHERE user_id = :user
                UNION ALL SELECT 'permissions', permission FROM user_permissions
                    WHERE user_id = :user
                UNION ALL SELECT 'roles', role FROM user_roles WHERE user_id = :user
                ORDER BY name
                """)
        var lists: [Membership: [String]] = [:]
        for row in try Row.fetchAll(statement, arguments: ["user": id.description]) {
            guard let list = Membership(rawValue: try row.text("list")) else { continue }
            lists[list, default: []].append(try row.text("name"))
        }
        return (lists[.groups] ?? [], lists[.permissions] ?? [], lists[.roles] ?? [])
    }

    /// Makes the lists those of `account`.
    static func replace(by account: Account, _ database: Database) throws {
        let stored = try all(of: account.id, database)
        try groups.replace(stored.groups, by: account.groups, of: account.id, database)
        try permissions.replace(
            stored.permissions, by: account.permissions, of: account.id, database)
        try roles.replace(stored.roles, by: account.roles, of: account.id, database)
    }

    private func replace(
        _ stored: [String], by names: [String], of id: AccountID, _ database: Database
    ) throws {
        // Never by Swift's equality, for which two spellings of `é` are one.
        for name in stored where !NameList.contains(names, name) {
            try execute(removal, id, name, database)
        }
        for name in NameList.sorted(names) where !NameList.contains(stored, name) {
            try checkStorable(name)
            if self == .groups {
                try database.cachedStatement(
                    sql: "INSERT INTO groups (name) VALUES (?) ON CONFLICT DO NOTHING"
                ).execute(arguments: [name])
            }
            try execute(addition, id, name, database)
        }
    }

    private func execute(
        _ sql: String, _ id: AccountID, _ name: String, _ database: Database
    ) throws {
        try database.cachedStatement(sql: sql).execute(
            arguments: ["user": id.description, "name": name])
    }

    private var addition: String {
        switch self {
        case .groups:
            "INSERT INTO user_groups SELECT :user, id FROM groups WHERE name = :name"
        case .permissions:
            "INSERT INTO user_permissions (user_id, permission) VALUES (:user, :name)"
        case .roles:
            "INSERT INTO user_roles (user_id, role) VALUES (:user, :name)"
        }
    }

    private var removal: String {
        switch self {
        case .groups:
            """
            DELETE FROM user_groups WHERE user_id = :user
                AND group_id = (SELECT id FROM groups WHERE name = :name)
            """
        case .permissions:
            "DELETE FROM user_permissions WHERE user_id = :user AND permission = :name"
        case .roles:
            "DELETE FROM user_roles WHERE user_id = :user AND role = :name"
        }
    }
}
