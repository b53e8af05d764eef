import AccessPolicy
import Cryptography
package import KeyDiscovery
package import StrictYAML
import TokenIssuing
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
        for issuer in loaded.rules.issuers {
            if issuer.embedded {
                loader.addOwn(issuer, signingKeys)
            } else {
                loader.add(issuer)
            }
        }
        loader.reportUnknown()
        loader.reportSameIssuer()
        try loader.sink.throwIfAny()
        return VerificationKeys(
            issuers: loader.issuers, sources: loader.sources, initial: loader.initial,
            denied: loader.denied, skipped: loader.skipped)
    }
}

/// Collects the keys of one issuer after the other; what is wrong goes to the sink.
private struct KeyLoader {
    let policy: LoadedPolicy
    let trust: TrustConfiguration
    let sink = DiagnosticSink()
    var issuers: [(rules: IssuerRules, keys: KeySet, availability: KeyAvailability)] = []
    var sources: [KeySource] = []
    var initial: [String: KeySet] = [:]
    var denied: [Revocation] = []
    var skipped: [String] = []

    mutating func addOwn(_ issuer: PolicyIssuer, _ signingKeys: SigningKeyStore?) {
        let written = written(issuer)
        if let written, let place = written.sourcePlace {
            report(
                place, "embedded_issuer",
                "must not be set: the issuer is embedded, its keys are in the data folder",
                suggestion: "remove it")
        }
        guard let keys = ownKeys(signingKeys) else { return }
        deny(written)
        issuers.append((.embedded(issuer, trust, signingKeys), keys, .fixed))
    }

    mutating func add(_ issuer: PolicyIssuer) {
        guard let written = written(issuer), let source = written.source,
            let place = written.sourcePlace
        else {
            reportMissing(issuer)
            return
        }
        guard let rules = IssuerRules(issuer), isOfRightKind(source, place, issuer) else { return }
        let before = sink.count
        deny(written)
        switch source {
        case .files(let files, let staleIfError):
            guard let keys = keys(of: files) else { return }
            requireNamedKeys(keys, place, issuer)
            add(rules, keys, filesSource(issuer.name, files, staleIfError))
        case .secrets(let files):
            guard let keys = secrets(of: files) else { return }
            requireNamedKeys(keys, place, issuer)
            requireLongEnough(keys, place, issuer)
            issuers.append((rules, keys, .fixed))
        case .inline(let text, let place):
            guard let keys = inline(text, place) else { return }
            requireNamedKeys(keys, place, issuer)
            issuers.append((rules, keys, .fixed))
        case .remote(let remote):
            guard let source = KeySource(remote, rules, policy, sink), sink.count == before else {
                return
            }
            sources.append(source)
            issuers.append((rules, KeySet(), .unavailable))
        }
    }

    private mutating func add(_ rules: IssuerRules, _ keys: KeySet, _ source: KeySource?) {
        guard let source else {
            issuers.append((rules, keys, .fixed))
            return
        }
        sources.append(source)
        initial[rules.name] = keys
        issuers.append((rules, keys, .current))
    }

    /// Nil for files that can be read only once, such as `/dev/stdin`.
    private func filesSource(
        _ name: String, _ files: [ConfiguredFile], _ staleIfError: Duration
    ) -> KeySource? {
        guard !files.contains(where: { FileContents.isOpenDescriptor($0.path) }) else { return nil }
        return KeySource(
            issuerName: name, location: .files(files.map(\.path)), staleIfError: staleIfError)
    }

    private mutating func deny(_ written: IssuerKeys?) {
        denied += (written?.deniedKeys ?? []).map {
            .key(issuerName: written?.name ?? "", keyID: $0)
        }
    }

    private func written(_ issuer: PolicyIssuer) -> IssuerKeys? {
        trust.issuers.first { $0.name == issuer.name }
    }

    // MARK: - keys

    private mutating func keys(of files: [ConfiguredFile]) -> KeySet? {
        merged(files, "names a file that cannot be used") { path throws(FileProblem) in
            try KeyFile.read(path)
        }
    }

    private mutating func secrets(of files: [ConfiguredFile]) -> KeySet? {
        merged(files, "names a secret that cannot be used") { path throws(FileProblem) in
            try KeyFile.readSecret(path)
        }
    }

    private mutating func merged(
        _ files: [ConfiguredFile], _ rule: String,
        _ read: (String) throws(FileProblem) -> KeySet
    ) -> KeySet? {
        var merged: KeySet?
        for file in files {
            do {
                let set = try read(file.path)
                noteSkipped(set, in: "`\(file.path)`")
                merged = try merged?.merging(set) ?? set
            } catch {
                sink.report(
                    file.origin.diagnostic(
                        "unusable_key_file", file.setting, "\(rule): `\(file.path)`: \(error)"))
                return nil
            }
        }
        return merged
    }

    private mutating func inline(_ text: String, _ place: SettingPlace) -> KeySet? {
        do throws(FileProblem) {
            let set = try KeyFile.parse(Array(text.utf8))
            noteSkipped(set, in: "`\(place.setting)`")
            return set
        } catch {
            report(place, "unusable_keys", "cannot be used: \(error)")
            return nil
        }
    }

    private mutating func noteSkipped(_ set: KeySet, in source: String) {
        skipped += set.skipped.map { key in
            let name = key.keyID.map { " `\(Printable.text($0))`" } ?? ""
            return "\(source): key \(key.index + 1)\(name) is not used: \(key.reason)"
        }
    }

    private func ownKeys(_ store: SigningKeyStore?) -> KeySet? {
        do {
            return try KeySet(jwks: SigningKey.publicJWKS(store?.keys ?? []).span)
        } catch {
            sink.report("signing_key", at: nil, "the gateway's own keys cannot be used: \(error)")
            return nil
        }
    }

    // MARK: - rules between configuration and policy

    /// Secrets verify HS256, HS384 and HS512, and nothing else does: an issuer whose public keys could
    /// be taken for a secret would be everybody's.
    private func isOfRightKind(
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

    private func requireLongEnough(
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
    private func requireNamedKeys(
        _ keys: KeySet, _ place: SettingPlace, _ issuer: PolicyIssuer
    ) {
        guard !issuer.allowMissingKeyID, keys.keys.allSatisfy({ $0.keyID == nil }) else { return }
        report(
            place, "nameless_keys",
            "has no key with a `kid`, and the policy \(policy.name) accepts no tokens without one",
            suggestion: "write `allow_missing_kid: true` for the issuer there, or give the key a "
                + "`kid` that its tokens name")
    }

    private func reportMissing(_ issuer: PolicyIssuer) {
        let path = "issuers.\(issuer.name)"
        sink.report(
            "issuer_without_keys", at: nil,
            "the policy \(policy.name) accepts the issuer `\(issuer.name)`, "
                + "but the configuration has no keys of it",
            suggestion: issuer.usesSecrets
                ? "set `\(path).secrets` to the files of its secrets"
                : "set `\(path).discovery: true`, `\(path).jwks_url`, or `\(path).keys` to its "
                    + "key files")
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
                "duplicate", at: nil,
                "the issuer `\(issuer.name)` of the policy \(policy.name) is called `\(url)` like "
                    + "the embedded issuer `\(own.name)`: a token could not be told apart",
                suggestion: "change `public_url`, or remove one of the two")
        }
    }

    private func report(
        _ place: SettingPlace, _ code: String, _ message: String, suggestion: String? = nil
    ) {
        sink.report(
            place.origin.diagnostic(code, place.setting, message, suggestion: suggestion))
    }
}
