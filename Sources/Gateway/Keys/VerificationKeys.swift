import AccessPolicy
import Cryptography
package import StrictYAML
import TokenIssuing
package import TokenVerification

/// The key ring of a policy's issuers, from the key files of the configuration and the gateway's own
/// keys.
package struct VerificationKeys: Sendable {
    package let keyRing: KeyRing
    /// Keys of a file that cannot verify tokens and are left out, one line each: normal for key sets
    /// that also hold encryption keys.
    package let skipped: [String]

    /// - Parameters:
    ///   - loaded: names the issuers and their rules.
    ///   - trust: names the key files and the public URL, which is the embedded issuer's name.
    ///   - signingKeys: the gateway's own keys; nil leaves the embedded issuer without keys.
    /// - Returns: a ring in which each issuer of the policy has its keys.
    /// - Throws: `Diagnostics`: a file that cannot be used, an issuer of the policy without keys,
    ///   keys of an issuer that is not in the policy.
    package static func load(
        policy loaded: LoadedPolicy, trust: TrustConfiguration, signingKeys: SigningKeyStore?
    ) throws(Diagnostics) -> VerificationKeys {
        let policy = loaded.rules
        let policyFile = loaded.name
        let sink = DiagnosticSink()
        var skipped: [String] = []
        var issuers: [(rules: IssuerRules, keys: KeySet)] = []
        for issuer in policy.issuers {
            let files = trust.issuers.first { $0.name == issuer.name }?.files
            if issuer.embedded {
                if let file = files?.first {
                    sink.report(
                        file.origin.diagnostic(
                            "embedded_issuer", file.setting,
                            "must not be set: the issuer is embedded, its keys are in the data folder",
                            suggestion: "remove it"))
                }
                guard let keys = ownKeys(signingKeys, sink) else { continue }
                issuers.append((ownRules(issuer, trust, signingKeys), keys))
                continue
            }
            guard let files else {
                sink.report(
                    "issuer_without_keys", at: nil,
                    "the policy \(policyFile) accepts the issuer `\(issuer.name)`, "
                        + "but the configuration has no keys of it",
                    suggestion: "set `issuers.\(issuer.name).keys` to its key files")
                continue
            }
            guard let keys = keys(of: files, &skipped, sink), let rules = rules(issuer) else {
                continue
            }
            issuers.append((rules, keys))
        }
        reportUnknown(policy, policyFile, trust, sink)
        reportSameIssuer(policy, policyFile, trust, sink)
        try sink.throwIfAny()
        return VerificationKeys(keyRing: KeyRing(issuers: issuers), skipped: skipped)
    }

    private static func keys(
        of files: [ConfiguredFile], _ skipped: inout [String], _ sink: DiagnosticSink
    ) -> KeySet? {
        var merged: KeySet?
        for file in files {
            do {
                let set = try KeyFile.read(file.path)
                skipped += set.skipped.map { key in
                    let name = key.keyID.map { " `\($0)`" } ?? ""
                    return "`\(file.path)`: key \(key.index + 1)\(name) is not used: \(key.reason)"
                }
                merged = try merged?.merging(set) ?? set
            } catch {
                sink.report(
                    file.origin.diagnostic(
                        "unusable_key_file", file.setting,
                        "names a file that cannot be used: `\(file.path)`: \(error)"))
                return nil
            }
        }
        return merged
    }

    private static func rules(_ issuer: PolicyIssuer) -> IssuerRules? {
        guard let name = issuer.issuer else { return nil }
        return IssuerRules(
            name: issuer.name, issuer: name, audiences: issuer.audiences,
            algorithms: Set(issuer.algorithms.compactMap(SignatureAlgorithm.init(joseName:))),
            tokenTypes: issuer.tokenTypes, requiredClaims: issuer.requiredClaims,
            leeway: issuer.leeway, maxLifetime: issuer.maxLifetime,
            allowMissingKeyID: issuer.allowMissingKeyID)
    }

    private static func ownKeys(_ store: SigningKeyStore?, _ sink: DiagnosticSink) -> KeySet? {
        do {
            return try KeySet(jwks: SigningKey.publicJWKS(store?.keys ?? []).span)
        } catch {
            sink.report("signing_key", at: nil, "the gateway's own keys cannot be used: \(error)")
            return nil
        }
    }

    /// The embedded issuer's rules: those of the policy, else what `token mint` produces.
    private static func ownRules(
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
            hasSessions: true)
    }

    private static func reportUnknown(
        _ policy: PolicySet, _ policyFile: String, _ trust: TrustConfiguration,
        _ sink: DiagnosticSink
    ) {
        let names = policy.issuers.map(\.name)
        for issuer in trust.issuers where !names.contains(issuer.name) {
            guard let file = issuer.files.first else { continue }
            sink.report(
                file.origin.diagnostic(
                    "unknown_issuer", file.setting,
                    "belongs to no issuer of the policy \(policyFile)",
                    suggestion: didYouMean(issuer.name, in: names) ?? "add it to the policy"))
        }
    }

    /// The policy itself cannot see this, because the public URL is in the configuration.
    private static func reportSameIssuer(
        _ policy: PolicySet, _ policyFile: String, _ trust: TrustConfiguration,
        _ sink: DiagnosticSink
    ) {
        guard let own = policy.issuers.first(where: \.embedded) else { return }
        let url = trust.publicURL.description
        for issuer in policy.issuers where issuer.issuer == url {
            sink.report(
                "duplicate", at: nil,
                "the issuer `\(issuer.name)` of the policy \(policyFile) is called `\(url)` like "
                    + "the embedded issuer `\(own.name)`: a token could not be told apart",
                suggestion: "change `public_url`, or remove one of the two")
        }
    }
}

/// A file of public keys.
enum KeyFile {
    /// Reads a JWK set, or one public key or certificate in PEM: the content tells which. A key in
    /// PEM answers to `keyID`, or to its thumbprint.
    static func read(_ path: String, keyID: String? = nil) throws(FileProblem) -> KeySet {
        let bytes = try FileContents.read(path, limit: 512 * 1024)
        let set: KeySet
        do throws(KeySetError) {
            set =
                isPEM(bytes)
                ? try KeySet(pem: bytes.span, keyID: keyID) : try KeySet(jwks: bytes.span)
        } catch {
            throw FileProblem(error.description)
        }
        if set.keys.isEmpty {
            let reason = set.skipped.first.map { ": key \($0.index + 1): \($0.reason)" } ?? ""
            throw FileProblem("it holds no key that can verify tokens\(reason)")
        }
        return set
    }

    private static func isPEM(_ bytes: [UInt8]) -> Bool {
        bytes.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
            .starts(with: "-----".utf8)
    }
}

extension PolicyIssuer {
    /// What tokens of the embedded issuer carry in `aud` when the policy names nothing.
    var embeddedAudiences: [String] { audiences.isEmpty ? ["ostiary"] : audiences }
}
