import Cryptography
import TokenVerification

extension TokenIssuer {
    /// Opens a session for who gives the password of an active account.
    ///
    /// An unknown name, another password and a disabled account cost the same work and give the same
    /// error. The name is a user name or, with `@` in it, an e-mail address.
    package func signIn(
        _ name: String, password text: String, from client: ClientDescription
    ) async throws(IssuerError) -> IssuedTokens {
        // Nobody's name or password is that long, so this tells nothing about anybody.
        guard name.utf8.count <= Self.longestName, let password = Password(text) else {
            throw .badCredentials
        }
        let name = SignInName(name)
        // Again if the hash was replaced meanwhile, as another sign-in may do when it is outdated.
        for _ in 0..<3 {
            let found = try await stored { () async throws(AccountStoreError) in
                try await store.account(named: name)
            }
            let hash = found?.passwordHash ?? passwords.decoy
            let isRight = try await hashing { () async throws(HashingRejection) in
                try await passwords.verify(password, hash)
            }
            guard let found, isRight, found.account.isActive else { throw .badCredentials }
            let now = clock()
            let id = SessionID.random()
            let token = RefreshToken.first(of: id)
            let session = newSession(id, token, of: found.account, from: client, now: now)
            let account = try await stored { () async throws(AccountStoreError) in
                try await store.open(session, ifPasswordHashIs: hash)
            }
            guard let account else { continue }
            await replaceOutdated(hash, of: account.id, password)
            return try tokens(token, for: account, in: session, now: now)
        }
        throw .badCredentials
    }

    private func newSession(
        _ id: SessionID, _ token: RefreshToken, of account: Account, from client: ClientDescription,
        now: Int64
    ) -> Session {
        let notAfter = now + settings.sessionLifetime
        return Session(
            id: id, account: account.id, clientID: settings.clientID, currentHash: token.hash,
            createdAt: now, idleUntil: min(now + settings.sessionIdle, notAfter),
            notAfter: notAfter, tokenVersionAtIssue: account.tokenVersion, methods: ["pwd"],
            address: client.address, userAgent: client.userAgent)
    }

    /// Hashes with the present parameters a password whose hash was made with weaker ones. Should it
    /// fail, the next sign-in tries again.
    private func replaceOutdated(
        _ hash: PasswordHash, of account: AccountID, _ password: Password
    ) async {
        guard passwords.isOutdated(hash), let new = try? await passwords.hash(password) else {
            return
        }
        _ = try? await store.replacePasswordHash(of: account, by: new, expected: hash)
    }

    /// Bytes. Both kinds of names are shorter.
    private static let longestName = 1024
}
