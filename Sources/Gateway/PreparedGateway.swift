package import AccessPolicy
import Cryptography
import Endpoints
import PolicyTools
package import StrictYAML
package import TokenIssuing

/// Everything that serving needs, loaded and checked before a socket is opened.
package struct PreparedGateway: Sendable {
    package let configuration: GatewayConfiguration
    package let policy: LoadedPolicy
    /// The gateway's own keys; nil when the policy has no embedded issuer.
    package let signingKeys: SigningKeyStore?
    /// How the embedded issuer behaves; nil when the policy has none.
    package let issuerSettings: IssuerSettings?
    package let keys: VerificationKeys
    /// The keys of identity assertions; nil when the policy asks for none, or when none has been made yet.
    let assertionKeys: AssertionKeys?

    /// Loads policy and keys. Makes signing keys when the policy needs some and `makingKeys` says so.
    package static func load(
        _ configuration: GatewayConfiguration, makingKeys: Bool
    ) throws(Diagnostics) -> PreparedGateway {
        let policy = try LoadedPolicy.load(configuration.trust.policy)
        try policy.checkFits(configuration)
        let issuerSettings = try configuration.trust.issuerSettings(for: policy)
        try policy.checkRoutesAreReached(hasAccounts: issuerSettings != nil)
        try policy.checkItMayBeServed(configuration.trust.policy)
        let signingKeys = try configuration.trust.signingKeys(for: policy, making: makingKeys)
        let keys = try VerificationKeys.load(
            policy: policy, trust: configuration.trust, signingKeys: signingKeys)
        return PreparedGateway(
            configuration: configuration, policy: policy, signingKeys: signingKeys,
            issuerSettings: issuerSettings, keys: keys,
            assertionKeys: try configuration.trust.assertionKeys(for: policy, making: makingKeys))
    }
}

extension TrustConfiguration {
    /// The gateway's own keys if the policy has an embedded issuer.
    func signingKeys(
        for policy: LoadedPolicy, making: Bool
    ) throws(Diagnostics) -> SigningKeyStore? {
        guard policy.rules.issuers.contains(where: \.embedded) else { return nil }
        return making ? try SigningKeyStore.open(dataFolder) : try SigningKeyStore.load(dataFolder)
    }
}

extension TrustConfiguration {
    /// The keys of identity assertions if the policy asks for some.
    func assertionKeys(
        for policy: LoadedPolicy, making: Bool
    ) throws(Diagnostics) -> AssertionKeys? {
        guard policy.rules.assertion != nil else { return nil }
        let source = AssertionKeySource(self)
        let now = UnixClock.now()
        guard making else { return try source.read(now: now) }
        do throws(Diagnostics) {
            return try source.renew(now: now)
        } catch {
            // Whoever has a key that works, and cannot make the next one, is told so once the gateway runs.
            guard let keys = try source.read(now: now) else { throw error }
            return keys
        }
    }
}

extension LoadedPolicy {
    /// A policy that cannot do what it is for is not served, nor one that asks for tests which are
    /// missing or fail.
    func checkItMayBeServed(_ file: ConfiguredFile?) throws(Diagnostics) {
        guard let file else { return }
        try PolicyLint.requireNoErrors(rules, text: text, file: file.path)
        try PolicyTests.require(for: rules, at: file.path, read: PolicyFile.text)
    }

    /// A rule about the gateway's own endpoints would be read by people, and by nothing else.
    func checkRoutesAreReached(hasAccounts: Bool) throws(Diagnostics) {
        guard hasAccounts || rules.assertion != nil else { return }
        let sink = DiagnosticSink()
        for (route, summary) in zip(rules.routes, rules.routeSummaries)
        where EndpointTable.answers(summary.pattern, hasAccounts: hasAccounts) {
            sink.report(
                "unreachable_route", at: route.position,
                "the route `\(route.id)` is never reached: the gateway answers "
                    + "`\(summary.pattern)` itself",
                suggestion: "remove the route, or give it another path")
        }
        do throws(Diagnostics) {
            try sink.throwIfAny()
        } catch {
            throw showing(error)
        }
    }
}

/// A policy with its name and its fingerprint.
package struct LoadedPolicy: Sendable {
    package let rules: PolicySet
    /// As it is written.
    package let text: String
    /// The file's name in backticks, or words for the built-in policy.
    package let name: String
    /// The SHA-256 of the file's bytes in hexadecimal, for logs.
    package let fingerprint: String
    /// The file as messages name it.
    private let file: String

    /// Loads the configured policy, or the built-in one for nil.
    package static func load(_ file: ConfiguredFile?) throws(Diagnostics) -> LoadedPolicy {
        guard let file else {
            return try LoadedPolicy(
                Array(DefaultPolicy.text.utf8), file: "built-in policy", name: "(built in)")
        }
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try FileContents.read(file.path, limit: 1 << 20)
        } catch {
            throw Diagnostics([
                file.origin.diagnostic(
                    "unreadable_file", file.setting,
                    "names a file that cannot be read: `\(file.path)`: \(error)")
            ])
        }
        return try LoadedPolicy(bytes, file: file.path, name: "`\(file.path)`")
    }

    /// The same diagnostics, able to show lines of this policy.
    func showing(_ diagnostics: Diagnostics) -> Diagnostics {
        diagnostics.showing(text, of: file)
    }

    /// Compiles a policy; `file` is for places in messages, `name` for sentences.
    init(_ bytes: [UInt8], file: String, name: String) throws(Diagnostics) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            // The reader says where.
            _ = try YAMLReader.read(bytes.span, file: file)
            throw Diagnostics([
                Diagnostic(code: "yaml_syntax", position: nil, message: "\(file): not UTF-8")
            ])
        }
        rules = try PolicySet.load(text, file: file)
        self.name = name
        self.file = file
        self.text = text
        fingerprint = SHA256.hash(bytes.span).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
