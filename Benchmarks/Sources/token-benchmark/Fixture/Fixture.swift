import AccessPolicy
import Cryptography
import StrictJSON
import TokenVerification

/// A token of one algorithm as an issuer makes it, and everything that is needed to verify it.
struct Fixture {
    let algorithm: SignatureAlgorithm
    let token: [UInt8]
    /// Header, dot and payload: what is signed.
    let message: [UInt8]
    /// In JWS form.
    let signature: [UInt8]
    /// What libcrypto alone needs: the public key in PEM, or the secret.
    let key: [UInt8]
    let ring: KeyRing
    let policy: PolicySet

    static let issuer = "https://login.example.test/realms/main"

    /// `now` is in Unix seconds; the token is good for an hour from then on.
    init(_ algorithm: SignatureAlgorithm, now: Int64) throws {
        self.algorithm = algorithm
        let signer = try Signer(algorithm)
        message = Self.message(algorithm, subject: "5f0c3c6e-8a64-4d53-9df1-57ab0a4e6c21", now: now)
        signature = try signer.sign(message)
        token = Self.token(message, signature)
        key = signer.verifyingKey
        ring = try Self.ring(signer)
        policy = try Self.policy()
    }

    static func ring(_ signer: Signer) throws -> KeyRing {
        let rules = IssuerRules(
            name: "main", issuer: issuer, audiences: ["app"], algorithms: [signer.algorithm])
        return KeyRing(issuers: [(rules: rules, keys: try signer.keySet())])
    }

    /// Three claims and roles, as small policies declare them.
    static func policy() throws -> PolicySet {
        try PolicySet.load(
            """
            version: 1
            issuers:
              main: {issuer: "\(issuer)", audience: app, algorithms: [ES256]}
            claims:
              subject: sub
              name: preferred_username
              tenant: tenant
              roles: {from: roles}
            roles:
              viewer: {}
              editor: {includes: [viewer]}
              admin: {includes: [editor]}
            defaults:
              identity:
                headers: {X-Auth-User: subject, X-Auth-Tenant: tenant, X-Auth-Roles: roles}
            routes:
              - {id: read, match: GET /**, allow: {role: viewer}}
            """, file: "policy.yaml")
    }

    static func header(_ algorithm: SignatureAlgorithm) -> String {
        #"{"alg":"\#(algorithm.rawValue)","typ":"at+jwt","kid":"\#(Signer.keyID)"}"#
    }

    static func payload(subject: String, now: Int64) -> String {
        #"{"iss":"\#(issuer)","aud":"app","sub":"\#(subject)","iat":\#(now),"exp":\#(now + 3600),"#
            + #""jti":"0b1f9a3c52d94c5cbb1e7f3f7a1b9d10","client_id":"web","#
            + #""preferred_username":"alice","tenant":"blue","#
            + #""roles":["viewer","editor"],"scope":"openid profile"}"#
    }

    static func message(
        _ algorithm: SignatureAlgorithm, subject: String, now: Int64
    ) -> [UInt8] {
        Base64URL.encode(Array(header(algorithm).utf8).span) + [UInt8(ascii: ".")]
            + Base64URL.encode(Array(payload(subject: subject, now: now).utf8).span)
    }

    static func token(_ message: [UInt8], _ signature: [UInt8]) -> [UInt8] {
        message + [UInt8(ascii: ".")] + Base64URL.encode(signature.span)
    }
}
