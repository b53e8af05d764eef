import AccessPolicy
import Cryptography
import TokenIssuing
import TokenVerification

extension IssuerRules {
    /// The rules of an issuer that is not embedded; nil for the embedded one.
    init?(_ issuer: PolicyIssuer) {
        guard let url = issuer.issuer else { return nil }
        self.init(
            name: issuer.name, issuer: url, audiences: issuer.audiences,
            algorithms: Set(issuer.algorithms.compactMap(SignatureAlgorithm.init(joseName:))),
            tokenTypes: issuer.tokenTypes, requiredClaims: issuer.requiredClaims,
            leeway: issuer.leeway, maxLifetime: issuer.maxLifetime,
            allowMissingKeyID: issuer.allowMissingKeyID, singleAudience: issuer.singleAudience)
    }

    /// The embedded issuer's rules: those of the policy, else what `token mint` produces.
    static func embedded(
        _ issuer: PolicyIssuer, _ trust: TrustConfiguration, _ store: SigningKeyStore?
    ) -> IssuerRules {
        let named = issuer.algorithms.compactMap(SignatureAlgorithm.init(joseName:))
        // The keys are ours, so whatever kind they are is what we sign with.
        let own = store?.keys.map(\.algorithm) ?? []
        return IssuerRules(
            name: issuer.name, issuer: trust.publicURL.description,
            audiences: issuer.embeddedAudiences, algorithms: Set(named.isEmpty ? own : named),
            tokenTypes: ["at+jwt"], requiredClaims: issuer.requiredClaims, leeway: issuer.leeway,
            maxLifetime: issuer.maxLifetime, allowMissingKeyID: issuer.allowMissingKeyID,
            hasSessions: true, singleAudience: issuer.singleAudience)
    }
}

extension PolicyIssuer {
    /// What tokens of the embedded issuer carry in `aud` when the policy names nothing.
    var embeddedAudiences: [String] { audiences.isEmpty ? ["ostiary"] : audiences }
}
