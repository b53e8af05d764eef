import GRDB
package import TokenIssuing
package import TokenVerification

extension SQLiteAccountStore {
    package func open(
        _ session: Session, ifPasswordHashIs hash: PasswordHash
    ) async throws(AccountStoreError) -> Account? {
        try await write { database in
            guard
                try AccountRows.noteSignIn(
                    of: session.account, at: session.createdAt, ifPasswordHashIs: hash, database)
            else { return nil }
            try SessionRows.insert(session, database)
            return try AccountRows.account(session.account, database)
        }
    }

    package func session(
        _ id: SessionID
    ) async throws(AccountStoreError) -> (session: Session, account: Account)? {
        try await read { try Self.session(id, $0) }
    }

    package func rotate(
        _ rotation: SessionRotation
    ) async throws(AccountStoreError) -> (session: Session, account: Account, rotated: Bool)? {
        try await write { database in
            let rotated = try SessionRows.rotate(rotation, database)
            guard let (session, account) = try Self.session(rotation.session, database) else {
                return nil
            }
            return (session, account, rotated)
        }
    }

    package func countReplay(
        of id: SessionID, generation: UInt32
    ) async throws(AccountStoreError) -> Int? {
        try await write { try SessionRows.countReplay(of: id, generation: generation, $0) }
    }

    package func revoke(
        _ sessions: SessionSelection, reason: RevocationReason, at now: Int64, deniedUntil: Int64
    ) async throws(AccountStoreError) -> [SessionID] {
        try await write {
            try SessionRows.revoke(
                sessions, reason: reason, at: now, deniedUntil: deniedUntil, $0)
        }
    }

    package func revocations(
        at now: Int64
    ) async throws(AccountStoreError) -> [SessionRevocation] {
        try await read { try RevocationRows.sessions(at: now, $0) }
    }

    package func removeExpired(
        at now: Int64, limit: Int
    ) async throws(AccountStoreError) -> Bool {
        guard limit > 0 else { return true }
        return try await write { database in
            let revocations = try RevocationRows.removeExpired(at: now, limit: limit, database)
            let sessions = try SessionRows.removeExpired(at: now, limit: limit, database)
            return revocations == limit || sessions == limit
        }
    }

    private static func session(
        _ id: SessionID, _ database: Database
    ) throws -> (session: Session, account: Account)? {
        guard let session = try SessionRows.session(id, database),
            let account = try AccountRows.account(session.account, database)
        else { return nil }
        return (session, account)
    }
}
