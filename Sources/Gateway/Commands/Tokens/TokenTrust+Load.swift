import Cryptography
import KeyDiscovery
import Outbound
import StrictJSON
import StrictYAML
import TokenVerification

extension TokenTrust {
    /// The policy and the keys that `serve` would use.
    static func configured(_ sources: ConfigurationSources) throws(CommandFailure) -> TokenTrust {
        try CommandFailure.from { () throws(Diagnostics) in
            let trust = try sources.loadTrust()
            let policy = try LoadedPolicy.load(trust.policy)
            let keys = try VerificationKeys.load(
                policy: policy, trust: trust,
                signingKeys: try trust.signingKeys(for: policy, making: false))
            return TokenTrust(keys, policy: policy)
        }
    }

    /// One issuer that exists only on the command line. What it leaves open is not judged: the token's
    /// own issuer and audiences are taken as asked for.
    static func named(
        _ issuer: NamedIssuer, for token: TokenText
    ) throws(CommandFailure) -> TokenTrust {
        var unjudged: [String] = []
        if issuer.issuer == nil { unjudged.append("issuer") }
        if issuer.audiences.isEmpty { unjudged.append("audience") }
        var isSecret = false
        if case .secret = issuer.keys { isSecret = true }
        let rules = IssuerRules(
            name: NetworkOptions.issuerName,
            issuer: issuer.issuer ?? token.payload?["iss"]?.string ?? "",
            audiences: issuer.audiences.isEmpty ? token.audiences : issuer.audiences,
            algorithms: Set(SignatureAlgorithm.allCases.filter { $0.isSymmetric == isSecret }),
            maxLifetime: nil, allowMissingKeyID: true)
        let keys: VerificationKeys
        switch issuer.keys {
        case .file(let path):
            keys = VerificationKeys(
                rules,
                try read(path, "key file") { path throws(FileProblem) in
                    try KeyFile.read(
                        path, keyID: token.header?["kid"]?.string,
                        secrets: "`ostiary token verify --secret`")
                })
        case .secret(let path):
            keys = VerificationKeys(
                rules,
                try read(path, "secret") { path throws(FileProblem) in
                    try KeyFile.readSecret(path)
                })
        case .url(let url):
            keys = VerificationKeys(rules, issuer.network.source(keySetURL: url))
        case .discovery(let url):
            keys = VerificationKeys(rules, issuer.network.source(issuer: url))
        }
        return TokenTrust(keys, policy: nil, unjudged: unjudged)
    }

    private static func read(
        _ path: String, _ kind: String, _ read: (String) throws(FileProblem) -> KeySet
    ) throws(CommandFailure) -> KeySet {
        do throws(FileProblem) {
            return try read(path)
        } catch {
            throw CommandFailure("the \(kind) `\(path)` cannot be used: \(error)")
        }
    }
}

/// An issuer as the command line describes it.
package struct NamedIssuer: Sendable {
    package enum Keys: Sendable {
        /// A JWK set, or a public key or certificate in PEM.
        case file(String)
        /// A secret for HS256, HS384 and HS512.
        case secret(String)
        /// Where a JWK set is.
        case url(String)
        /// What the metadata of the issuer at this URL names.
        case discovery(String)
    }

    package let keys: Keys
    /// The `iss` to expect; nil: any.
    package let issuer: String?
    /// Empty: any.
    package let audiences: [String]
    package let network: NetworkOptions

    package init(
        keys: Keys, issuer: String?, audiences: [String] = [], network: NetworkOptions = .init()
    ) {
        self.keys = keys
        self.issuer = issuer
        self.audiences = audiences
        self.network = network
    }
}

extension VerificationKeys {
    /// Keys that stay as they are, of a single issuer.
    fileprivate init(_ rules: IssuerRules, _ keys: KeySet) {
        self.init(issuers: [(rules, keys, .fixed)])
    }

    /// Keys that are still to be fetched, of a single issuer.
    fileprivate init(_ rules: IssuerRules, _ source: KeySource) {
        self.init(issuers: [(rules, KeySet(), .unavailable)], sources: [source])
    }
}
