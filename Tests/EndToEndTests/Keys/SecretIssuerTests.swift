import Cryptography
import Foundation
import TestSupport
import Testing

/// An issuer that signs with a secret which the gateway holds too, as Django sites do, and one of
/// whose keys is denied.
@Suite("an issuer with a secret", .blocking, .serialized)
struct SecretIssuerTests {
    private static let secret = "otter-secret-with-more-than-32-bytes-in-it"
    private let folder: TemporaryFolder
    private let upstream: EchoUpstream
    private let gate: GateProcess
    private let denied: TestKey

    init() throws {
        folder = try TemporaryFolder("secret")
        let file = try folder.write("jwt.key", Self.secret + "\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        denied = try TestKey(.es256, keyID: "stolen")
        let keys = try folder.write("keys.json", "{\"keys\":[\(denied.publicJWK)]}")
        upstream = try EchoUpstream()
        var configuration = GateProcess.Configuration(upstreamPort: upstream.port)
        configuration.logLevel = "trace"
        configuration.policy = attackPolicy.replacing(
            "issuers:\n",
            with: """
                issuers:
                  django:
                    {issuer: "https://django.test", audience: [app], algorithms: [HS256],
                    allow_missing_kid: true, max_lifetime: 2h, subject_prefix: "django:"}

                """
        ).replacing("algorithms: [ES256, RS256, EdDSA]}", with: "subject_prefix: \"test:\"}")
        configuration.lines = [
            "issuers:", "  django: {secrets: \(file)}",
            "  test: {keys: \(keys), denied_keys: [stolen]}",
        ]
        gate = try GateProcess(configuration)
    }

    @Test("its tokens pass, and nothing that is signed with anything else")
    func signatures() throws {
        #expect(try status(token(Self.secret)) == 200)
        #expect(upstream.requests.last?.values("x-auth-user") == ["django:alice"])
        for other in ["", "secret", Self.secret + "\n", String(Self.secret.dropLast())] {
            #expect(try status(token(other)) == 401, "\(other.count) bytes")
        }
        for header in [
            #"{"alg":"HS384","typ":"JWT"}"#, #"{"alg":"HS512","typ":"JWT"}"#,
            #"{"alg":"none"}"#, #"{"alg":"HS256","kid":"other"}"#,
        ] {
            #expect(try status(token(Self.secret, header: header)) == 401, "\(header)")
        }
        let pair = try TokenForger.token(
            header: TokenForger.header(denied), payload: claims().json, signedBy: denied)
        #expect(try status(pair) == 401)
        #expect(upstream.requests.count == 1)
    }

    @Test("a secret does not make tokens of an issuer that has keys, not even with its public key")
    func otherIssuer() throws {
        for secret in [Self.secret, denied.publicPEM, denied.publicJWK] {
            let foreign = token(secret, claims: ClaimSet(subject: "alice", roles: ["admin"]))
            #expect(try status(foreign) == 401)
        }
        #expect(upstream.requests.isEmpty)
    }

    @Test("a token of a denied key is refused although the issuer has the key")
    func deniedKey() throws {
        let token = try TestIssuer.shared.token(key: denied)
        #expect(try status(token) == 401)
        #expect(gate.logLine(with: ["refusal.code=token_revoked"]) != nil)
    }

    @Test("neither the log nor a command shows the secret")
    func secrecy() throws {
        let good = token(Self.secret)
        _ = try status(good)
        _ = try status(good + "x")
        let shown = try [
            ["config", "check"], ["keys", "fetch", "django"], ["token", "inspect", good],
            ["token", "verify", good], ["token", "verify", good + "x"],
        ].map { try gate.command($0) }
        for text in shown.map({ $0.output + $0.error }) + [gate.log] {
            #expect(!text.contains("otter"))
            #expect(!text.contains(base64URL(Self.secret.utf8)))
        }
        #expect(shown.map(\.status) == [0, 1, 0, 0, 1])
    }

    private func status(_ token: String) throws -> Int {
        try gate.exchange(
            "GET /api/x HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n\r\n"
        ).status
    }

    private func claims() -> ClaimSet {
        ClaimSet(subject: "alice", roles: ["viewer"]).setting("iss", "\"https://django.test\"")
    }

    private func token(
        _ secret: String, header: String = #"{"alg":"HS256","typ":"JWT"}"#,
        claims: ClaimSet? = nil
    ) -> String {
        let payload = (claims ?? self.claims()).json
        let input = [header, payload].map { base64URL($0.utf8) }.joined(separator: ".")
        let code = TokenForger.hmacSHA256(key: Array(secret.utf8), Array(input.utf8))
        return "\(input).\(base64URL(code))"
    }
}
