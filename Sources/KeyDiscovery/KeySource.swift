package import Outbound
package import TokenVerification

/// Where the keys of one issuer come from, and how often and how patiently they are asked for.
package struct KeySource: Sendable, Equatable {
    package enum Location: Sendable, Equatable {
        /// JWKS or PEM files, read again when they change.
        case files([String])
        /// A JWK set at a URL.
        case keySet(HTTPFetch)
        /// The issuer's metadata (OpenID Connect Discovery 1.0 § 4), which names the URL of the set.
        /// The `issuer` in it must be the expected one, byte for byte. `template` has what is allowed
        /// for both fetches.
        case discovery(issuer: String, template: HTTPFetch)
    }

    /// The issuer's name in the policy.
    package let issuerName: String
    package let location: Location
    /// From one background refresh to the next.
    package let refreshInterval: Duration
    /// How long keys are used whose source gives no new ones.
    package let staleIfError: Duration
    /// The shortest time between two refreshes that unknown key IDs bring about.
    package let cooldown: Duration
    /// A set of which no key serves these rules is no good one: it would turn every token away that the
    /// keys before it let in. Nil: any set that can verify something is taken.
    package let rules: IssuerRules?

    package init(
        issuerName: String, location: Location, refreshInterval: Duration = .seconds(300),
        staleIfError: Duration = .seconds(6 * 3600), cooldown: Duration = .seconds(30),
        rules: IssuerRules? = nil
    ) {
        self.issuerName = issuerName
        self.location = location
        self.refreshInterval = refreshInterval
        self.staleIfError = staleIfError
        self.cooldown = cooldown
        self.rules = rules
    }
}
