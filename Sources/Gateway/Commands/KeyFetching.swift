import Cryptography
import KeyDiscovery
import StrictJSON
import StrictYAML
import TokenVerification

/// `ostiary keys fetch`: gets the keys of an issuer once, as `serve` would, and shows them.
package struct KeyFetching: Sendable {
    package enum Issuer: Sendable {
        /// An issuer of the policy, with its settings.
        case configured(name: String, ConfigurationSources)
        /// The issuer at this URL, whose metadata names its keys.
        case url(String, NetworkOptions)
    }

    package let issuer: Issuer

    package init(_ issuer: Issuer) { self.issuer = issuer }

    /// What was found: a table for people, and the usable keys as a JWK set (RFC 7517).
    package struct Report: Sendable {
        package let lines: [String]
        package let keySet: String
    }

    /// - Throws: `CommandFailure` when nothing usable is found.
    package func run() async throws(CommandFailure) -> Report {
        switch issuer {
        case .configured(let name, let sources): return try await configured(name, sources)
        case .url(let url, let network):
            try network.check(url, "the issuer")
            return try await fetch(network.source(issuer: url), of: "`\(url)`", nil)
        }
    }

    private func configured(
        _ name: String, _ sources: ConfigurationSources
    ) async throws(CommandFailure) -> Report {
        let (trust, keys) = try CommandFailure.from { () throws(Diagnostics) in
            let trust = try sources.loadTrust()
            let policy = try LoadedPolicy.load(trust.policy)
            let keys = try VerificationKeys.load(
                policy: policy, trust: trust,
                signingKeys: try trust.signingKeys(for: policy, making: false))
            return (trust, keys)
        }
        guard let found = keys.issuers.first(where: { $0.rules.name == name }) else {
            throw unknown(name, keys.issuers.map(\.rules.name), sources)
        }
        guard let source = keys.sources.first(where: { $0.issuerName == name }), source.isRemote
        else {
            guard !found.keys.keys.contains(where: { $0.material.publicKey == nil }) else {
                throw CommandFailure(
                    "the issuer `\(name)` signs with secrets, which are not shown")
            }
            guard !found.keys.isEmpty else {
                throw CommandFailure(
                    "the embedded issuer `\(name)` has no key yet; `ostiary serve` makes the first")
            }
            let table = KeyTable(found.keys, rules: found.rules)
            return Report(
                lines: ["keys of `\(name)`, from \(trust.place(ofKeysOf: name)):", ""]
                    + table.lines,
                keySet: table.keySet)
        }
        return try await fetch(source, of: "`\(name)`", found.rules)
    }

    private func unknown(
        _ name: String, _ known: [String], _ sources: ConfigurationSources
    ) -> CommandFailure {
        if name.contains(".") {
            return CommandFailure(
                "the policy has no issuer `\(name)`; if it is the host of one, write "
                    + "`https://\(name)`")
        }
        guard !sources.isEmpty else {
            return CommandFailure(
                "the built-in policy has no issuer `\(name)`; name your configuration with --config"
            )
        }
        let hint = didYouMean(name, in: known) ?? "name one of the policy"
        return CommandFailure("the policy has no issuer `\(name)`; \(hint)")
    }

    private func fetch(
        _ source: KeySource, of name: String, _ rules: IssuerRules?
    ) async throws(CommandFailure) -> Report {
        do throws(KeyFetchError) {
            let fetched = try await TokenTrust.fetch(source)
            let table = KeyTable(fetched.keys, rules: rules)
            return Report(
                lines: ["keys of \(name), from \(Printable.text(fetched.url)):", ""] + table.lines,
                keySet: table.keySet)
        } catch {
            throw CommandFailure("the keys of \(name) could not be fetched: \(error)")
        }
    }
}

extension TrustConfiguration {
    /// Where on this machine an issuer's keys are.
    fileprivate func place(ofKeysOf name: String) -> String {
        switch issuers.first(where: { $0.name == name })?.source {
        case .files(let files, _), .secrets(let files):
            files.map { "`\($0.path)`" }.joined(separator: ", ")
        case .inline(_, let place): "the configuration (`\(place.setting)`)"
        case .remote, nil: "`\(dataFolder.path)/keys`"
        }
    }
}

/// Keys for people to read: one a line, those that are not used with the reason.
private struct KeyTable {
    let lines: [String]
    /// The keys that are used, as a JWK set with a line feed.
    let keySet: String

    init(_ keys: KeySet, rules: IssuerRules?) {
        var rows = [["kid", "type", "alg", "use"]]
        for key in keys.keys {
            rows.append([
                key.keyID.map(Printable.text) ?? "(none)", key.type,
                key.algorithms.map(\.rawValue).joined(separator: ","), Self.use(of: key, rules),
            ])
        }
        for key in keys.skipped {
            rows.append([
                key.keyID.map(Printable.text) ?? "(key \(key.index + 1))", "?", "?",
                "not used: \(Printable.text(key.reason))",
            ])
        }
        lines = Self.aligned(rows)
        let set = JSONMember(name: "keys", value: .array(keys.keys.compactMap(\.jwk)))
        keySet = String(decoding: JSONWriter.write(.object([set])), as: UTF8.self) + "\n"
    }

    private static func use(of key: VerificationKey, _ rules: IssuerRules?) -> String {
        guard let rules else { return "signatures" }
        guard key.algorithms.contains(where: rules.algorithms.contains) else {
            return "none: the policy accepts none of its algorithms"
        }
        guard key.keyID != nil || rules.allowMissingKeyID else {
            return "none: the policy accepts no tokens without a `kid`"
        }
        return "signatures"
    }

    private static func aligned(_ rows: [[String]]) -> [String] {
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count)
            }
            return (cells + row.suffix(1)).joined(separator: "  ")
        }
    }
}

extension VerificationKey {
    /// `RSA 2048`, `P-256`
    fileprivate var type: String {
        guard let key = material.publicKey else { return KeyType.secret.rawValue }
        if case .rsa(let modulus, _) = key.components {
            return "\(key.type.rawValue) \(modulus.count * 8)"
        }
        return key.type.rawValue
    }

    fileprivate var jwk: JSONValue? {
        guard let key = material.publicKey else { return nil }
        var members = JSONWebKey.members(of: key)
        if let keyID { members.append(JSONMember(name: "kid", value: .string(keyID))) }
        members.append(JSONMember(name: "use", value: .string("sig")))
        if let algorithm = algorithms.first, algorithms.count == 1 {
            members.append(JSONMember(name: "alg", value: .string(algorithm.rawValue)))
        }
        return .object(members)
    }
}
