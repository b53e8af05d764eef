package import Cryptography

/// What tokens of one issuer must be like. Built from the policy once; never changed afterwards.
package struct IssuerRules: Sendable, Equatable {
    /// The issuer's name in the policy; no two issuers share it.
    package var name: String
    /// The `iss` claim, compared byte for byte.
    package var issuer: String
    /// A token must be for one of these, compared byte for byte.
    package var audiences: [String]
    /// The only algorithms considered.
    package var algorithms: Set<SignatureAlgorithm>
    /// The accepted `typ`, in lower case and without `application/`, such as `at+jwt`. Empty: any
    /// type or none, except one that names another kind of JWT (see `TokenHeader.hasForeignType`).
    package var tokenTypes: [String]
    /// Claims that must be there, whatever their value, besides `iss`, `aud`, `exp` and `sub`, which
    /// always must.
    package var requiredClaims: [String]
    /// Seconds by which our clock and the issuer's may differ.
    package var leeway: Int64
    /// The longest accepted time in seconds from `iat` to `exp`; nil: any.
    package var maxLifetime: Int64?
    /// Whether a token that names no key is tried against the issuer's keys of its algorithm.
    package var allowMissingKeyID: Bool
    /// Whether this is the embedded issuer, whose tokens name their session in `sid` and the version
    /// of their account in `uv`. Of other issuers those claims mean nothing to us.
    package var hasSessions: Bool
    /// Whether an array of audiences is refused, even one that names only us.
    package var singleAudience: Bool

    package init(
        name: String, issuer: String, audiences: [String], algorithms: Set<SignatureAlgorithm>,
        tokenTypes: [String] = [], requiredClaims: [String] = [], leeway: Int64 = 30,
        maxLifetime: Int64? = 24 * 60 * 60, allowMissingKeyID: Bool = false,
        hasSessions: Bool = false, singleAudience: Bool = false
    ) {
        self.name = name
        self.issuer = issuer
        self.audiences = audiences
        self.algorithms = algorithms
        self.tokenTypes = tokenTypes
        self.requiredClaims = requiredClaims
        self.leeway = leeway
        self.maxLifetime = maxLifetime
        self.allowMissingKeyID = allowMissingKeyID
        self.hasSessions = hasSessions
        self.singleAudience = singleAudience
    }
}
