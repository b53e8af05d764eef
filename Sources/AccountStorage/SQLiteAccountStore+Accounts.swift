import GRDB
package import TokenIssuing
package import TokenVerification

extension SQLiteAccountStore: AccountStore {
    package func insert(
        _ account: Account, passwordHash: PasswordHash
    ) async throws(AccountStoreError) {
        try await write { try AccountRows.insert(account, passwordHash: passwordHash, $0) }
    }

    package func account(_ id: AccountID) async throws(AccountStoreError) -> Account? {
        try await read { try AccountRows.account(id, $0) }
    }

    package func account(
        named name: SignInName
    ) async throws(AccountStoreError) -> (account: Account, passwordHash: PasswordHash)? {
        try await read { try AccountRows.account(named: name, $0) }
    }

    package func accounts(
        after: Username?, limit: Int
    ) async throws(AccountStoreError) -> [Account] {
        try await read {
            try AccountRows.accounts(after: after?.folded, limit: max(limit, 0), $0)
        }
    }

    package func hasAccounts() async throws(AccountStoreError) -> Bool {
        try await read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM users)") == true }
    }

    package func update(
        _ id: AccountID, _ change: @escaping @Sendable (inout Account) -> Void
    ) async throws(AccountStoreError) -> Account? {
        try await write { try AccountRows.update(id, $0, change) }
    }

    @discardableResult
    package func replacePasswordHash(
        of id: AccountID, by hash: PasswordHash, expected: PasswordHash?
    ) async throws(AccountStoreError) -> Bool {
        try await write {
            try AccountRows.replacePasswordHash(of: id, by: hash, expected: expected, $0)
        }
    }

    package func updateEndingSessions(
        _ id: AccountID, passwordHash: PasswordHash?, reason: RevocationReason, at now: Int64,
        deniedUntil: Int64, _ change: @escaping @Sendable (inout Account) -> Void
    ) async throws(AccountStoreError) -> (account: Account, ended: [SessionID])? {
        try await write { database in
            guard let account = try AccountRows.update(id, database, change) else { return nil }
            if let passwordHash {
                try AccountRows.replacePasswordHash(
                    of: id, by: passwordHash, expected: nil, database)
            }
            let ended = try SessionRows.revoke(
                .all(id), reason: reason, at: now, deniedUntil: deniedUntil, database)
            return (account, ended)
        }
    }
}
