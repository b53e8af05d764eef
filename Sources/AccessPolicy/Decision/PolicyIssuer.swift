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
    /// JWS names, in the order of the policy. Empty only for the embedded issuer: its default applies.
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

    /// Algorithms that a policy can name.
    static let supportedAlgorithms = ["ES256", "RS256", "EdDSA"]
}
