import AccountStorage
import Cryptography
import StrictJSON
import TestSupport
import TokenIssuing
import TokenVerification

/// An issuer with all its real parts: database, password hashing, keys. Only the clock and the event
/// loops are stood in for.
final class IssuerFixture: Sendable {
    static let start: Int64 = 1_800_000_000
    static let password = "correct horse battery staple"
    /// Argon2id as cheap as it gets: the tests hash hundreds of passwords.
    static let cheap = Argon2Parameters(memory: 8, passes: 1, lanes: 1)
    static let client = ClientDescription(address: "192.0.2.7", userAgent: "test")

    let events = RecordedEvents()
    let store: ObservedStore
    let passwords: PasswordHashingPool
    let issuer: TokenIssuer
    let administration: AccountAdministration
    let refreshKeys: RefreshKeys
    let signingKey: SigningKey
    let settings: IssuerSettings
    private let time = Locked<Int64>(start)
    private let database: SQLiteAccountStore
    private let folder: TemporaryFolder

    init(
        turns: Turns? = nil, parameters: Argon2Parameters = cheap,
        _ change: (inout IssuerSettings) -> Void = { _ in }
    ) throws {
        folder = try TemporaryFolder()
        database = try SQLiteAccountStore.open(folder: folder.path)
        store = ObservedStore(store: database, events: events, turns: turns)
        passwords = PasswordHashingPool(threads: 1, parameters: parameters)
        var settings = IssuerSettings(
            issuer: "https://ostiary.test", audience: ["ostiary"], registration: .open)
        change(&settings)
        self.settings = settings
        signingKey = try SigningKey.generate(.es256)
        guard let refreshKeys = RefreshKeys(bytes: RefreshKeys.generate()) else {
            throw FixtureError.noKeys
        }
        self.refreshKeys = refreshKeys
        let revocations = RecordingRevocations(events: events)
        let clock: @Sendable () -> Int64 = { [time] in time.withLock { $0 } }
        issuer = TokenIssuer(
            settings: settings, store: store, signingKey: signingKey, refreshKeys: refreshKeys,
            passwords: passwords, revocations: revocations, clock: clock)
        administration = AccountAdministration(
            settings: settings, store: store, passwords: passwords, revocations: revocations,
            declaredRoles: ["admin", "analyst", "editor", "viewer"], clock: clock)
    }

    deinit {
        passwords.stop()
        database.close()
    }

    private enum FixtureError: Error { case noKeys }

    var now: Int64 { time.withLock { $0 } }

    func advance(by seconds: Int64) { time.withLock { $0 += seconds } }

    @discardableResult
    func register(_ username: String = "alice") async throws -> Account {
        try await issuer.register(
            RegistrationForm(
                username: username, email: "\(username)@example.com", password: Self.password))
    }

    func signIn(_ username: String = "alice") async throws -> IssuedTokens {
        try await issuer.signIn(username, password: Self.password, from: Self.client)
    }

    /// An account with one session.
    func signedIn(_ username: String = "alice") async throws -> IssuedTokens {
        try await register(username)
        return try await signIn(username)
    }

    func refresh(_ token: String) async throws(IssuerError) -> IssuedTokens {
        try await issuer.refresh(token, clientID: nil)
    }

    func session(_ id: SessionID) async throws -> Session? {
        try await database.session(id)?.session
    }

    /// What the real verifier makes of an access token.
    func verify(_ token: String) throws -> VerifiedToken {
        let rules = IssuerRules(
            name: "local", issuer: settings.issuer, audiences: settings.audience,
            algorithms: [.es256], tokenTypes: ["at+jwt"],
            requiredClaims: ["client_id", "iat", "jti", "sid", "uv"],
            maxLifetime: settings.accessLifetime, hasSessions: true)
        let keys = try KeySet(jwks: SigningKey.publicJWKS([signingKey]).span)
        return try TokenVerifier(keyRing: KeyRing(issuers: [(rules: rules, keys: keys)]))
            .verify(Array(token.utf8).span, now: now)
    }
}
