package import TokenVerification

/// Where accounts, sessions and revocations are kept. Every method is one transaction: when it
/// returns, what it changed is on the disk; when it throws, nothing was changed.
///
/// Methods are free of rules: what may be done is decided above them, and what must not change
/// between decision and deed is a condition of the deed.
package protocol AccountStore: Sendable {
    // MARK: Accounts

    /// Adds an account with its roles, groups and permissions.
    /// - Throws: `.usernameTaken` (looked at first) or `.emailTaken`, by folded name.
    func insert(_ account: Account, passwordHash: PasswordHash) async throws(AccountStoreError)

    func account(_ id: AccountID) async throws(AccountStoreError) -> Account?

    /// Looks an account up by e-mail address or by user name.
    func account(
        named name: SignInName
    ) async throws(AccountStoreError) -> (account: Account, passwordHash: PasswordHash)?

    /// All accounts in order of folded user names: at most `limit` behind `after`.
    func accounts(
        after: Username?, limit: Int
    ) async throws(AccountStoreError) -> [Account]

    func hasAccounts() async throws(AccountStoreError) -> Bool

    /// Replaces profile, flags, groups, permissions, roles, `tokenVersion` and `updatedAt` by those of
    /// what `change` makes of the account as it is in this transaction.
    /// - Returns: the account as it is now; nil when there is none.
    /// - Throws: as `insert`.
    func update(
        _ id: AccountID, _ change: @escaping @Sendable (inout Account) -> Void
    ) async throws(AccountStoreError) -> Account?

    /// Replaces the password's hash; with `expected`, only while it is still that one (a rehash).
    /// - Returns: whether it was replaced.
    @discardableResult
    func replacePasswordHash(
        of id: AccountID, by hash: PasswordHash, expected: PasswordHash?
    ) async throws(AccountStoreError) -> Bool

    // MARK: Sessions

    /// Adds a session, only while its account is active and has this password hash, and notes the
    /// sign-in. Ends nothing else.
    /// - Returns: the account; nil when it has changed or gone meanwhile.
    func open(
        _ session: Session, ifPasswordHashIs hash: PasswordHash
    ) async throws(AccountStoreError) -> Account?

    /// A session with its account, ended or not.
    func session(
        _ id: SessionID
    ) async throws(AccountStoreError) -> (session: Session, account: Account)?

    /// The compare-and-set of a refresh: moves the session on if it still stands at
    /// `rotation.generation` with `rotation.currentHash`, is not revoked, not past `idleUntil` or
    /// `notAfter` at `rotation.now`, and its account is active.
    /// - Returns: session and account as they are now, and whether this call moved the session; nil
    ///   when there is no such session.
    func rotate(
        _ rotation: SessionRotation
    ) async throws(AccountStoreError) -> (session: Session, account: Account, rotated: Bool)?

    /// Counts one more answer that repeats the present generation, only while the session still
    /// stands at `generation`.
    /// - Returns: how many there are now; nil when the session has moved on.
    func countReplay(
        of id: SessionID, generation: UInt32
    ) async throws(AccountStoreError) -> Int?

    /// Ends sessions that have not ended yet, and records the revocation of each in the same
    /// transaction, to be kept until `deniedUntil`.
    /// - Returns: the sessions that this call ended.
    func revoke(
        _ sessions: SessionSelection, reason: RevocationReason, at now: Int64, deniedUntil: Int64
    ) async throws(AccountStoreError) -> [SessionID]

    /// `update` and `revoke` of all of the account's sessions in one transaction, and with
    /// `passwordHash` its replacement too: disabling an account, setting a password.
    /// - Returns: the account as it is now and the sessions ended; nil when there is no account.
    func updateEndingSessions(
        _ id: AccountID, passwordHash: PasswordHash?, reason: RevocationReason, at now: Int64,
        deniedUntil: Int64, _ change: @escaping @Sendable (inout Account) -> Void
    ) async throws(AccountStoreError) -> (account: Account, ended: [SessionID])?

    /// Revocations that still matter at `now`: loaded before the first request is served.
    func revocations(at now: Int64) async throws(AccountStoreError) -> [SessionRevocation]

    /// Removes revocations and sessions that nothing can ask for any more, at most `limit` of each.
    /// - Returns: whether there may be more.
    func removeExpired(at now: Int64, limit: Int) async throws(AccountStoreError) -> Bool
}

/// Which sessions to end.
package enum SessionSelection: Sendable, Equatable {
    case one(SessionID)
    case all(AccountID)
    case allBut(SessionID, AccountID)
}

/// Why a session ended; its raw value is stored.
package enum RevocationReason: String, Sendable {
    case signedOut = "signed_out"
    case refreshTokenReused = "refresh_token_reused"
    case accountDisabled = "account_disabled"
    case passwordChanged = "password_changed"
}
