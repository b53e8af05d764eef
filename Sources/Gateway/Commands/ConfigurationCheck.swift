import AccessPolicy
import StrictYAML

/// `ostiary config check`: loads what `serve` would load, and makes and opens nothing.
package enum ConfigurationCheck {
    /// Returns lines for standard output.
    package static func run(_ sources: ConfigurationSources) throws(CommandFailure) -> [String] {
        let gateway = try CommandFailure.from { () throws(Diagnostics) in
            try PreparedGateway.load(try sources.load(), makingKeys: false)
        }
        return summary(gateway)
    }

    private static func summary(_ gateway: PreparedGateway) -> [String] {
        let configuration = gateway.configuration
        let listeners = configuration.listeners.map(\.url).joined(separator: ", ")
        let routes = gateway.policy.rules.routes.count
        var lines = [
            "the configuration is good",
            "  listening on   \(listeners)",
            "  public URL     \(configuration.publicURL)",
            "  forwarding to  \(configuration.upstream.endpoint) (`\(configuration.upstream.name)`)",
            "  policy         \(gateway.policy.name), \(routes == 1 ? "1 route" : "\(routes) routes")",
        ]
        for issuer in gateway.policy.rules.issuers {
            lines.append("  issuer         `\(issuer.name)`: \(keys(of: issuer.name, gateway))")
        }
        if let assertion = assertion(gateway) { lines.append("  assertion      \(assertion)") }
        return lines + gateway.keys.skipped.map { "  note           \($0)" }
    }

    /// With which keys assertions are signed; nil where the policy asks for none.
    private static func assertion(_ gateway: PreparedGateway) -> String? {
        guard let rule = gateway.policy.rules.assertion else { return nil }
        let trust = gateway.configuration.trust
        let place =
            trust.assertion.keys.isEmpty
            ? "`\(trust.dataFolder.path)/keys/assertion`"
            : trust.assertion.keys.map { "`\($0.path)`" }.joined(separator: ", ")
        guard let keys = gateway.assertionKeys else {
            return "`\(rule.header)`, its first key will be made in \(place)"
        }
        let count = keys.entries.count == 1 ? "1 key" : "\(keys.entries.count) keys"
        return "`\(rule.header)`, \(count) in \(place)"
    }

    private static func keys(of name: String, _ gateway: PreparedGateway) -> String {
        let trust = gateway.configuration.trust
        if let keys = trust.issuers.first(where: { $0.name == name }), keys.source != nil {
            return keys.summary + denied(name, trust)
        }
        let folder = trust.dataFolder.path
        guard let own = gateway.signingKeys?.keys else {
            return "embedded, its first key will be made in `\(folder)/keys`"
                + denied(name, trust)
        }
        let count = own.count == 1 ? "1 key" : "\(own.count) keys"
        return "embedded, \(count) in `\(folder)/keys`" + denied(name, trust)
    }

    private static func denied(_ name: String, _ trust: TrustConfiguration) -> String {
        let keys = trust.issuers.first { $0.name == name }?.deniedKeys ?? []
        guard !keys.isEmpty else { return "" }
        return "; denied " + keys.map { "`\(Printable.text($0))`" }.joined(separator: ", ")
    }
}

extension IssuerKeys {
    /// Where the keys come from, in words.
    fileprivate var summary: String {
        func list(_ files: [ConfiguredFile]) -> String {
            files.map { "`\($0.path)`" }.joined(separator: ", ")
        }
        switch source {
        case .files(let files, _): return list(files)
        case .secrets(let files): return "secrets in \(list(files))"
        case .inline: return "keys in the configuration"
        case .remote(let remote):
            let place = remote.url.map { "from `\($0)`" } ?? "through its metadata"
            let refresh = Quantity.describe(remote.refresh)
            return "keys \(place), every \(refresh) (try `ostiary keys fetch \(name)`)"
        case nil: return "no keys"
        }
    }
}
