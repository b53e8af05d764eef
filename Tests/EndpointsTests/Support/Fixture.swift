import AccessPolicy
import AccountStorage
import Admission
import Cryptography
import Endpoints
import ReverseProxy
import StrictJSON
import TestSupport
import TokenIssuing
import TokenVerification

/// The endpoints over a real issuer and a real store; only the clock is not real.
final class Fixture: Sendable {
    let issuer: TokenIssuer
    let store: SQLiteAccountStore
    let table: EndpointTable
    let passwords: PasswordHashingPool
    let revocations = RevocationRecorder()
    let failures = Locked<[AccountStoreError]>([])
    let clock = Locked<Int64>(1_772_357_400)  // 2026-03-01T09:30:00Z
    private let isStoreOpen = Locked(true)
    /// What verifies assertions; nil while there are none.
    let assertionKeys = Locked<PublicDocument?>(nil)
    private let folder: TemporaryFolder
    private let verifier: VerifierOfOurs

    init(_ adjust: (inout IssuerSettings) -> Void = { _ in }) throws {
        var settings = IssuerSettings(issuer: "https://app.test", audience: ["app"])
        settings.registration = .open
        adjust(&settings)
        let folder = try TemporaryFolder("endpoints")
        let store = try SQLiteAccountStore.open(folder: folder.path)
        let signingKey = try SigningKey.generate(.es256)
        let passwords = PasswordHashingPool(
            threads: 1, parameters: Argon2Parameters(memory: 64, passes: 1, lanes: 1))
        guard let refreshKeys = RefreshKeys(bytes: RefreshKeys.generate()) else {
            throw FixtureError("no refresh keys")
        }
        let issuer = TokenIssuer(
            settings: settings, store: store, signingKey: signingKey, refreshKeys: refreshKeys,
            passwords: passwords, revocations: revocations,
            clock: { [clock] in clock.withLock { $0 } })
        let documents = IssuerDocuments(
            issuer: settings.issuer, keySet: SigningKey.publicJWKS([signingKey]))
        self.folder = folder
        self.store = store
        self.issuer = issuer
        self.passwords = passwords
        verifier = try VerifierOfOurs(settings, signingKey)
        table = EndpointTable(
            issuer: { [isStoreOpen] in isStoreOpen.withLock { $0 } ? issuer : nil },
            documents: documents,
            assertionKeys: { [assertionKeys] in assertionKeys.withLock { $0 } },
            onFailure: { [failures] error in failures.withLock { $0.append(error) } })
    }

    deinit {
        passwords.stop()
        store.close()
    }

    /// From now on there is no issuer.
    func closeStore() { isStoreOpen.withLock { $0 = false } }

    /// Sends a request as the data plane would: it asks for the endpoint first, and verifies the token
    /// where the endpoint needs one.
    func send(
        _ method: Method, _ path: String, type: String? = nil, body: String = "",
        fields: [(name: String, value: String)] = [], token: String? = nil
    ) async throws -> LocalResponse {
        let bytes = Array(path.utf8)
        guard let endpoint = table.endpoint(method, bytes) else {
            throw FixtureError("\(path) goes to the app")
        }
        let bearer = endpoint.needsBearer ? try token.map(bearer) : nil
        return await table.respond(
            to: LocalRequest(
                endpoint: endpoint, method: method, path: bytes,
                fields: (type.map { [("content-type", $0)] } ?? []) + fields,
                body: Array(body.utf8), clientAddress: "192.0.2.7", bearer: bearer))
    }

    func send(
        _ method: Method, _ path: String, json: String, token: String? = nil
    ) async throws -> LocalResponse {
        try await send(method, path, type: "application/json", body: json, token: token)
    }

    func refresh(_ form: String) async throws -> LocalResponse {
        try await send(
            .post, "/_ostiary/oauth/token", type: "application/x-www-form-urlencoded", body: form)
    }

    func bearer(_ token: String) throws -> KnownBearer {
        try verifier.bearer(token, now: clock.withLock { $0 })
    }
}

/// A verifier of the fixture's own tokens, as the gateway sets one up.
private struct VerifierOfOurs {
    private let keyRing: KeyRing
    private let policy: PolicySet

    init(_ settings: IssuerSettings, _ signingKey: SigningKey) throws {
        let rules = IssuerRules(
            name: "local", issuer: settings.issuer, audiences: settings.audience,
            algorithms: [.es256], hasSessions: true)
        let keys = try KeySet(jwks: SigningKey.publicJWKS([signingKey]).span)
        keyRing = KeyRing(issuers: [(rules: rules, keys: keys)])
        policy = try PolicySet.load(
            """
            version: 1
            issuers:
              local: {embedded: true}
            claims: {subject: sub, roles: {from: roles}}
            roles: {viewer: {}}
            routes:
              - {id: api, match: ANY /**, allow: {role: viewer}}

            """, file: "policy.yaml")
    }

    func bearer(_ token: String, now: Int64) throws -> KnownBearer {
        let verified = try TokenVerifier(keyRing: keyRing).verify(Array(token.utf8).span, now: now)
        let principal = try policy.principal(issuerName: "local", claims: verified.claims)
        return KnownBearer(token: verified, principal: principal)
    }
}

/// Stands for the event loops.
final class RevocationRecorder: RevocationPublishing {
    private let recorded = Locked<[SessionID]>([])

    func deny(_ revocations: [Revocation]) async {
        let sessions = revocations.compactMap { revocation -> SessionID? in
            guard case .session(let session) = revocation else { return nil }
            return session.session
        }
        recorded.withLock { $0 += sessions }
    }

    var sessions: [SessionID] { recorded.withLock { $0 } }
}

struct FixtureError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
