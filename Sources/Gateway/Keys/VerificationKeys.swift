import AccessPolicy
package import KeyDiscovery
package import StrictYAML
package import TokenVerification

/// The key ring of a policy's issuers as serving begins with it, and where it goes on to get keys.
package struct VerificationKeys: Sendable {
    /// Issuers whose keys come from other servers are `.unavailable` in it and have none.
    package let keyRing: KeyRing
    /// Where keys come from that can change: files and other servers.
    package let sources: [KeySource]
    /// The keys of those `sources` that are files, by the issuer's name in the policy.
    package let initial: [String: KeySet]
    /// Keys that the configuration denies.
    package let denied: [Revocation]
    /// Keys that cannot verify tokens and are left out, one line each: normal for key sets that also
    /// hold encryption keys.
    package let skipped: [String]
    /// What the ring was made of.
    let issuers: [(rules: IssuerRules, keys: KeySet, availability: KeyAvailability)]

    init(
        issuers: [(rules: IssuerRules, keys: KeySet, availability: KeyAvailability)],
        sources: [KeySource] = [], initial: [String: KeySet] = [:], denied: [Revocation] = [],
        skipped: [String] = []
    ) {
        keyRing = KeyRing(issuers: issuers)
        self.issuers = issuers
        self.sources = sources
        self.initial = initial
        self.denied = denied
        self.skipped = skipped
    }

    /// - Parameters:
    ///   - loaded: names the issuers and their rules.
    ///   - trust: names the sources of keys and the public URL, which is the embedded issuer's name.
    ///   - signingKeys: the gateway's own keys; nil leaves the embedded issuer without keys.
    /// - Returns: a ring with each issuer of the policy.
    /// - Throws: `Diagnostics`: a file that cannot be used, an issuer of the policy without keys,
    ///   keys of an issuer that is not in the policy, keys of another kind than the policy's
    ///   algorithms.
    package static func load(
        policy loaded: LoadedPolicy, trust: TrustConfiguration, signingKeys: SigningKeyStore?
    ) throws(Diagnostics) -> VerificationKeys {
        var loader = KeyLoader(policy: loaded, trust: trust)
        // First, because a misspelt name is why the issuer that is meant has no keys.
        loader.reportUnknown()
        for issuer in loaded.rules.issuers {
            if issuer.embedded {
                loader.addOwn(issuer, signingKeys)
            } else {
                loader.add(issuer)
            }
        }
        loader.reportSameIssuer()
        try loader.sink.throwIfAny()
        return VerificationKeys(
            issuers: loader.issuers, sources: loader.sources, initial: loader.initial,
            denied: loader.denied, skipped: loader.skipped)
    }
}
