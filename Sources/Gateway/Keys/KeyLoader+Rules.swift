import AccessPolicy
import Cryptography
import StrictYAML
import TokenVerification

/// What configuration and policy must have in common.
extension KeyLoader {
    /// Secrets verify HS256, HS384 and HS512, and nothing else does: an issuer whose public keys could
    /// be taken for a secret would be everybody's.
    func isOfRightKind(
        _ source: IssuerKeys.Source, _ place: SettingPlace, _ issuer: PolicyIssuer
    ) -> Bool {
        var isSecret = false
        if case .secrets = source { isSecret = true }
        guard isSecret != issuer.usesSecrets else { return true }
        let algorithms = issuer.algorithms.map { "`\($0)`" }.joined(separator: ", ")
        if isSecret {
            report(
                place, "wrong_kind_of_key",
                "holds a secret, which verifies HS256, HS384 and HS512 only, and the policy "
                    + "\(policy.name) accepts \(algorithms) of the issuer",
                suggestion: "write `algorithms: [HS256]` there if the issuer signs with a secret, "
                    + "or else name its public keys")
        } else {
            report(
                place, "wrong_kind_of_key",
                "gives public keys, and the policy \(policy.name) accepts \(algorithms) of the "
                    + "issuer, which only a secret verifies",
                suggestion: "set `issuers.\(issuer.name).secrets` in its place, or correct "
                    + "`algorithms` in the policy")
        }
        return false
    }

    func requireLongEnough(
        _ keys: KeySet, _ place: SettingPlace, _ issuer: PolicyIssuer
    ) {
        for name in issuer.algorithms
        where !keys.keys.contains(where: { $0.algorithms.contains { $0.rawValue == name } }) {
            report(
                place, "wrong_kind_of_key",
                "holds no secret for `\(name)`, which the policy \(policy.name) accepts of the "
                    + "issuer; HS256 needs 32 bytes, HS384 48 and HS512 64",
                suggestion: "use a longer secret, or remove `\(name)` there")
        }
    }

    /// A key without `kid` is for tokens without `kid`, which the policy must accept.
    func requireNamedKeys(
        _ keys: KeySet, _ place: SettingPlace, _ issuer: PolicyIssuer
    ) {
        guard !issuer.allowMissingKeyID, keys.keys.allSatisfy({ $0.keyID == nil }) else { return }
        report(
            place, "nameless_keys",
            "has no key with a `kid`, and the policy \(policy.name) accepts no tokens without one",
            suggestion: "write `allow_missing_kid: true` for the issuer there, or give the key a "
                + "`kid` that its tokens name")
    }

    /// At the place of what is written for the issuer, or else where the policy names it.
    func reportMissing(_ issuer: PolicyIssuer, _ place: SettingPlace?) {
        let path = "issuers.\(issuer.name)"
        let suggestion =
            issuer.usesSecrets
            ? "set `\(path).secrets` to the files of its secrets"
            : "set `\(path).discovery: true`, `\(path).jwks_url`, `\(path).keys` to its key files, "
                + "or `\(path).jwks` to the keys themselves"
        let accepted = "the policy \(policy.name) accepts the issuer `\(issuer.name)`"
        guard let place else {
            sink.report(
                "issuer_without_keys", at: issuer.position,
                "\(accepted), but the configuration has no keys of it", suggestion: suggestion)
            return
        }
        report(
            place, "issuer_without_keys", "is no source of keys, and \(accepted)",
            suggestion: suggestion)
    }

    func reportUnknown() {
        let names = policy.rules.issuers.map(\.name)
        for issuer in trust.issuers where !names.contains(issuer.name) {
            report(
                issuer.sourcePlace ?? issuer.place, "unknown_issuer",
                "belongs to no issuer of the policy \(policy.name)",
                suggestion: didYouMean(issuer.name, in: names) ?? "add it to the policy")
        }
    }

    /// The policy itself cannot see this, because the public URL is in the configuration.
    func reportSameIssuer() {
        guard let own = policy.rules.issuers.first(where: \.embedded) else { return }
        let url = trust.publicURL.description
        for issuer in policy.rules.issuers where issuer.issuer == url {
            sink.report(
                "duplicate", at: issuer.position,
                "the issuer `\(issuer.name)` of the policy \(policy.name) is called `\(url)` like "
                    + "the embedded issuer `\(own.name)`: a token could not be told apart",
                suggestion: "change `public_url`, or remove one of the two")
        }
    }

    func report(
        _ place: SettingPlace, _ code: String, _ message: String, suggestion: String? = nil
    ) {
        sink.report(
            place.origin.diagnostic(code, place.setting, message, suggestion: suggestion))
    }
}
