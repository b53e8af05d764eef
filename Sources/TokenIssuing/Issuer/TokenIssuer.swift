import Cryptography
import TokenVerification

/// The embedded issuer: accounts, sign-in, sessions and their tokens.
///
/// It is reached from the gateway's own endpoints only. Whatever ends a session is on the disk first,
/// then every event loop refuses its access tokens, and only then does the method return.
package final class TokenIssuer: Sendable, Opaque {
    package let settings: IssuerSettings
    let store: any AccountStore
    let accessTokens: AccessTokens
    let refreshKeys: RefreshKeys
    let passwords: PasswordHashingPool
    let revocations: any RevocationPublishing
    let clock: @Sendable () -> Int64

    /// `clock` gives Unix seconds.
    package init(
        settings: IssuerSettings, store: any AccountStore, signingKey: SigningKey,
        refreshKeys: RefreshKeys, passwords: PasswordHashingPool,
        revocations: any RevocationPublishing, clock: @escaping @Sendable () -> Int64
    ) {
        self.settings = settings
        self.store = store
        accessTokens = AccessTokens(settings: settings, signingKey: signingKey)
        self.refreshKeys = refreshKeys
        self.passwords = passwords
        self.revocations = revocations
        self.clock = clock
    }

    /// Makes an account for who asks, with the default roles.
    /// - Throws: `.registrationClosed` before anything else; `.usernameTaken` before `.emailTaken`.
    package func register(_ form: RegistrationForm) async throws(IssuerError) -> Account {
        guard settings.registration == .open else { throw .registrationClosed }
        let (profile, password) = try valid { () throws(FieldErrors) in
            try form.checked(minimumPasswordLength: settings.minimumPasswordLength)
        }
        // Hashed before the names are looked up: a taken name takes as long as a free one.
        let hash = try await hashing { () async throws(HashingRejection) in
            try await passwords.hash(password)
        }
        let now = clock()
        let account = Account(
            id: .random(), profile: profile, roles: NameList.sorted(settings.defaultRoles),
            createdAt: now, updatedAt: now)
        try await stored { () async throws(AccountStoreError) in
            try await store.insert(account, passwordHash: hash)
        }
        return account
    }

    /// The account that an access token names.
    /// - Throws: `.sessionEnded` when it is gone or disabled.
    package func account(_ id: AccountID) async throws(IssuerError) -> Account {
        let account = try await stored { () async throws(AccountStoreError) in
            try await store.account(id)
        }
        guard let account, account.isActive else { throw .sessionEnded }
        return account
    }

    /// Changes one's own profile; a patch that changes nothing writes nothing.
    package func updateProfile(
        of id: AccountID, _ patch: ProfilePatch
    ) async throws(IssuerError) -> Account {
        let patch = try valid { () throws(FieldErrors) in try patch.checked() }
        guard !patch.isEmpty else { return try await account(id) }
        let now = clock()
        let account = try await stored { () async throws(AccountStoreError) in
            try await store.update(id) { account in
                guard account.isActive else { return }
                patch.apply(to: &account.profile)
                account.updatedAt = now
            }
        }
        guard let account, account.isActive else { throw .sessionEnded }
        return account
    }

    func tokens(
        _ refreshToken: RefreshToken, for account: Account, in session: Session, now: Int64
    ) throws(IssuerError) -> IssuedTokens {
        do throws(MintError) {
            return IssuedTokens(
                accessToken: try accessTokens.issue(for: account, in: session, now: now),
                expiresIn: settings.accessLifetime, refreshToken: refreshToken.text(refreshKeys),
                session: session.id, account: account)
        } catch {
            throw .notSigned(error)
        }
    }

    func deny(_ sessions: [SessionID], until: Int64) async {
        guard !sessions.isEmpty else { return }
        await revocations.deny(
            sessions.map { .session(SessionRevocation(session: $0, until: until)) })
    }

    func stored<Value>(
        _ work: () async throws(AccountStoreError) -> Value
    ) async throws(IssuerError) -> Value {
        do throws(AccountStoreError) {
            return try await work()
        } catch {
            throw IssuerError(error)
        }
    }

    func hashing<Value>(
        _ work: () async throws(HashingRejection) -> Value
    ) async throws(IssuerError) -> Value {
        do throws(HashingRejection) {
            return try await work()
        } catch {
            throw IssuerError(error)
        }
    }

    private func valid<Value>(
        _ check: () throws(FieldErrors) -> Value
    ) throws(IssuerError) -> Value {
        do throws(FieldErrors) {
            return try check()
        } catch {
            throw .invalid(error.all)
        }
    }
}
