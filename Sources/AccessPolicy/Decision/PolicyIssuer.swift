package import StrictYAML

/// An issuer whose tokens a policy accepts, and on which conditions. Where its keys are is a matter of
/// the server's configuration.
package struct PolicyIssuer: Sendable, Equatable {
    /// The name by which the server's configuration and logs know it.
    package let name: String
    /// Whether it is the issuer inside this process, which reads its keys and its `issuer` from the
    /// server's configuration.
    package let embedded: Bool
    /// The `iss` to expect, byte for byte; nil for the embedded issuer.
    package let issuer: String?
    /// Accepted members of `aud`. Empty only for the embedded issuer: its default applies.
    package let audiences: [String]
    /// Whether `aud` must be a single text: a list is refused, whatever it holds.
    package let singleAudience: Bool
    /// JWS names, in the order of the policy, either all with secrets (`HS…`) or none. Empty only for
    /// the embedded issuer: its default applies.
    package let algorithms: [String]
    /// Accepted `typ`, lower-case and without `application/`. Empty: any or none; for the embedded
    /// issuer its default applies.
    package let tokenTypes: [String]
    /// Names of claims that must be there.
    package let requiredClaims: [String]
    /// Seconds by which clocks may differ.
    package let leeway: Int64
    /// The longest accepted time from `iat` to `exp`, in seconds.
    package let maxLifetime: Int64
    package let allowMissingKeyID: Bool
    /// What precedes this issuer's subjects everywhere in the policy; may be empty.
    package let subjectPrefix: String
    /// Where the policy names it.
    package let position: SourcePosition?

    /// Whether tokens are signed with a secret that both sides hold, not with a key pair.
    package var usesSecrets: Bool { algorithms.contains(where: Self.isSymmetric) }

    /// Algorithms that a policy can name: RFC 7518 § 3.1, RFC 8037 § 3.1 and RFC 9864. `EdDSA` and
    /// `Ed25519` are two names of one algorithm, and whoever allows one allows both.
    package static let supportedAlgorithms = [
        "ES256", "ES384", "ES512", "EdDSA", "Ed25519", "RS256", "RS384", "RS512", "PS256", "PS384",
        "PS512", "HS256", "HS384", "HS512",
    ]

    /// What counts when a policy names none: one algorithm for each common kind of key, which is what
    /// nearly all issuers sign with. Never one with a secret: a public key must not be able to pass for
    /// the secret of an issuer whose policy says nothing.
    package static let defaultAlgorithms = ["ES256", "RS256", "EdDSA"]

    static func isSymmetric(_ algorithm: String) -> Bool { algorithm.hasPrefix("HS") }
}
