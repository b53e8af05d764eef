import TestSupport
import TokenIssuing
import TokenVerification

/// Hands every call on to a real store, unless calls are to fail. Before a call it waits for its turn,
/// if turns are given; after it, the call is recorded.
struct ObservedStore: AccountStore {
    let store: any AccountStore
    let events: RecordedEvents
    var turns: Turns?
    let failure = Locked<AccountStoreError?>(nil)

    private func call<Value>(
        _ name: String, _ work: () async throws(AccountStoreError) -> Value
    ) async throws(AccountStoreError) -> Value {
        await turns?.next()
        if let failure = failure.withLock({ $0 }) { throw failure }
        let value = try await work()
        events.append(.stored(name))
        return value
    }

    func insert(_ account: Account, passwordHash: PasswordHash) async throws(AccountStoreError) {
        try await call("insert") { () async throws(AccountStoreError) in
            try await store.insert(account, passwordHash: passwordHash)
        }
    }

    func account(_ id: AccountID) async throws(AccountStoreError) -> Account? {
        try await call("account") { () async throws(AccountStoreError) in
            try await store.account(id)
        }
    }

    func account(
        named name: SignInName
    ) async throws(AccountStoreError) -> (account: Account, passwordHash: PasswordHash)? {
        try await call("account(named:)") { () async throws(AccountStoreError) in
            try await store.account(named: name)
        }
    }

    func accounts(after: Username?, limit: Int) async throws(AccountStoreError) -> [Account] {
        try await call("accounts") { () async throws(AccountStoreError) in
            try await store.accounts(after: after, limit: limit)
        }
    }

    func hasAccounts() async throws(AccountStoreError) -> Bool {
        try await call("hasAccounts") { () async throws(AccountStoreError) in
            try await store.hasAccounts()
        }
    }

    func update(
        _ id: AccountID, _ change: @escaping @Sendable (inout Account) -> Void
    ) async throws(AccountStoreError) -> Account? {
        try await call("update") { () async throws(AccountStoreError) in
            try await store.update(id, change)
        }
    }

    func replacePasswordHash(
        of id: AccountID, by hash: PasswordHash, expected: PasswordHash?
    ) async throws(AccountStoreError) -> Bool {
        try await call("replacePasswordHash") { () async throws(AccountStoreError) in
            try await store.replacePasswordHash(of: id, by: hash, expected: expected)
        }
    }

    func open(
        _ session: Session, ifPasswordHashIs hash: PasswordHash
    ) async throws(AccountStoreError) -> Account? {
        try await call("open") { () async throws(AccountStoreError) in
            try await store.open(session, ifPasswordHashIs: hash)
        }
    }

    func session(
        _ id: SessionID
    ) async throws(AccountStoreError) -> (session: Session, account: Account)? {
        try await call("session") { () async throws(AccountStoreError) in
            try await store.session(id)
        }
    }

    func rotate(
        _ rotation: SessionRotation
    ) async throws(AccountStoreError) -> (session: Session, account: Account, rotated: Bool)? {
        try await call("rotate") { () async throws(AccountStoreError) in
            try await store.rotate(rotation)
        }
    }

    func countReplay(
        of id: SessionID, generation: UInt32
    ) async throws(AccountStoreError) -> Int? {
        try await call("countReplay") { () async throws(AccountStoreError) in
            try await store.countReplay(of: id, generation: generation)
        }
    }

    func revoke(
        _ sessions: SessionSelection, reason: RevocationReason, at now: Int64, deniedUntil: Int64
    ) async throws(AccountStoreError) -> [SessionID] {
        try await call("revoke") { () async throws(AccountStoreError) in
            try await store.revoke(sessions, reason: reason, at: now, deniedUntil: deniedUntil)
        }
    }

    func updateEndingSessions(
        _ id: AccountID, passwordHash: PasswordHash?, reason: RevocationReason, at now: Int64,
        deniedUntil: Int64, _ change: @escaping @Sendable (inout Account) -> Void
    ) async throws(AccountStoreError) -> (account: Account, ended: [SessionID])? {
        try await call("updateEndingSessions") { () async throws(AccountStoreError) in
            try await store.updateEndingSessions(
                id, passwordHash: passwordHash, reason: reason, at: now, deniedUntil: deniedUntil,
                change)
        }
    }

    func revocations(at now: Int64) async throws(AccountStoreError) -> [SessionRevocation] {
        try await call("revocations") { () async throws(AccountStoreError) in
            try await store.revocations(at: now)
        }
    }

    func removeExpired(at now: Int64, limit: Int) async throws(AccountStoreError) -> Bool {
        try await call("removeExpired") { () async throws(AccountStoreError) in
            try await store.removeExpired(at: now, limit: limit)
        }
    }
}
