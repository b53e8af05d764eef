import AccessPolicy
import Admission
import Cryptography
import StrictJSON
import TokenIssuing
import TokenVerification

/// Somebody with a token, under a policy that asks for assertions.
final class BenchmarkSubject {
    /// Bytes of the assertion.
    let size: Int
    private let key: PrivateKey
    private let message: Message
    private let mint: AssertionMint
    private let bearers: [KnownBearer]
    private var cache = AssertionCache()
    private var next = 0

    init() throws {
        let policy = try PolicySet.load(Self.policy, file: "policy.yaml")
        let tokenKey = try SigningKey.generate(.es256)
        let keySet = SigningKey.publicJWKS([tokenKey])
        let ring = KeyRing(issuers: [(rules: Self.rules, keys: try KeySet(jwks: keySet.span))])
        let verifier = TokenVerifier(keyRing: ring)
        let tokens = TokenMint(issuer: Self.rules.issuer, signingKey: tokenKey)
        bearers = try (0..<Self.people).map { number in
            let request = TokenRequest(
                subject: "person-\(number)", audience: Self.rules.audiences, clientID: "benchmark",
                roles: ["viewer"])
            let token = Array(
                try tokens.mint(
                    request, now: Self.now, randomness: [UInt8](repeating: 7, count: 16)
                ).utf8)
            let verified = try verifier.verify(token.span, now: Self.now)
            let principal = try policy.principal(issuerName: "test", claims: verified.claimSet)
            return KnownBearer(token: verified, principal: principal)
        }
        mint = AssertionMint(
            issuer: "https://app.example.com", audience: "app",
            signingKey: try SigningKey.generate(.es256))
        key = try PrivateKey.generate(.es256)
        let text = try mint.mint(
            bearers[0].principal.assertionClaims, issuedAt: Self.now, expiresAt: Self.now + 60)
        size = text.count
        message = Message(bytes: text)
        for bearer in bearers {
            cache.insert(text, of: bearer, usableUntil: Self.now + 30, now: Self.now)
        }
    }

    func signOnly() throws {
        try message.sign(with: key)
    }

    /// A value, because what a class stores lends no spans.
    private struct Message {
        let bytes: [UInt8]

        func sign(with key: PrivateKey) throws {
            _ = try key.sign(bytes.span, algorithm: .es256)
        }
    }

    func sign() throws {
        next = (next + 1) % Self.people
        _ = try mint.mint(
            bearers[next].principal.assertionClaims, issuedAt: Self.now, expiresAt: Self.now + 60)
    }

    func find() throws {
        next = (next + 1) % Self.people
        guard let line = cache.line(of: bearers[next], now: Self.now), line.count == size else {
            throw UnexpectedOutcome()
        }
    }

    struct UnexpectedOutcome: Error, CustomStringConvertible {
        var description: String { "an assertion that was put in is not found" }
    }

    private static let now: Int64 = 1_800_000_000
    private static let people = 1000
    private static let rules = IssuerRules(
        name: "test", issuer: "https://issuer.test", audiences: ["app"], algorithms: [.es256],
        tokenTypes: ["at+jwt"])
    private static let policy = """
        version: 1
        issuers: {test: {issuer: "https://issuer.test", audience: [app], algorithms: [ES256]}}
        roles: {viewer: {}}
        defaults: {identity: {assertion: {}}}
        routes: [{id: app, match: ANY /**, allow: {role: viewer}}]
        """
}
