import AccessPolicy
import KeyDiscovery
import StrictYAML
import TokenIssuing
import TokenVerification

/// Collects the keys of one issuer after the other; what is wrong goes to the sink.
struct KeyLoader {
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
        let written = written(issuer)
        guard let source = written?.source, let place = written?.sourcePlace else {
            reportMissing(issuer, written?.place)
            return
        }
        guard let rules = IssuerRules(issuer), isOfRightKind(source, place, issuer) else { return }
        let before = sink.count
        deny(written)
        switch source {
        case .files(let files, let staleIfError):
            guard let keys = keys(of: files) else { return }
            requireNamedKeys(keys, place, issuer)
            add(rules, keys, filesSource(rules, files, staleIfError))
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
        _ rules: IssuerRules, _ files: [ConfiguredFile], _ staleIfError: Duration
    ) -> KeySource? {
        guard !files.contains(where: { FileContents.isOpenDescriptor($0.path) }) else { return nil }
        return KeySource(
            issuerName: rules.name, location: .files(files.map(\.path)),
            staleIfError: staleIfError, rules: rules)
    }

    private mutating func deny(_ written: IssuerKeys?) {
        denied += (written?.deniedKeys ?? []).map {
            .key(issuerName: written?.name ?? "", keyID: $0)
        }
    }

    private func written(_ issuer: PolicyIssuer) -> IssuerKeys? {
        trust.issuers.first { $0.name == issuer.name }
    }
}

extension KeyLoader {
    fileprivate mutating func keys(of files: [ConfiguredFile]) -> KeySet? {
        merged(files, "names a file that cannot be used") { path throws(FileProblem) in
            try KeyFile.read(path)
        }
    }

    fileprivate mutating func secrets(of files: [ConfiguredFile]) -> KeySet? {
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

    fileprivate mutating func inline(_ text: String, _ place: SettingPlace) -> KeySet? {
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

    fileprivate func ownKeys(_ store: SigningKeyStore?) -> KeySet? {
        do {
            return try KeySet(jwks: SigningKey.publicJWKS(store?.keys ?? []).span)
        } catch {
            sink.report("signing_key", at: nil, "the gateway's own keys cannot be used: \(error)")
            return nil
        }
    }
}
