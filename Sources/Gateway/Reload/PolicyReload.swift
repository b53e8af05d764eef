import StrictYAML
import TokenIssuing

/// What becomes of a policy file that has changed while the gateway runs.
enum PolicyReload {
    /// Reads and checks the policy again, with everything that follows from it: parsed, checked against the
    /// configuration, tested where it asks for that. Only what passes all of it is handed on.
    ///
    /// - Returns: nil when it is the policy that is in force already.
    /// - Throws: everything that speaks against it.
    static func prepare(
        _ current: PreparedGateway
    ) throws(Diagnostics) -> PreparedGateway? {
        let trust = current.configuration.trust
        let policy = try LoadedPolicy.load(trust.policy)
        guard policy.fingerprint != current.policy.fingerprint else { return nil }
        try policy.checkFits(current.configuration)
        let settings = try trust.issuerSettings(for: policy)
        try checkIssuer(settings, of: policy, current)
        try policy.checkRoutesAreReached(hasAccounts: settings != nil)
        try policy.checkItMayBeServed(trust.policy)
        let keys = try VerificationKeys.load(
            policy: policy, trust: trust, signingKeys: current.signingKeys)
        return PreparedGateway(
            configuration: current.configuration, policy: policy,
            signingKeys: current.signingKeys, issuerSettings: settings, keys: keys,
            assertionKeys: try trust.assertionKeys(for: policy, making: true))
    }

    /// The embedded issuer holds a database, keys and sessions: it is made when the process starts.
    private static func checkIssuer(
        _ settings: IssuerSettings?, of policy: LoadedPolicy, _ current: PreparedGateway
    ) throws(Diagnostics) {
        guard settings != current.issuerSettings else { return }
        let difference =
            switch (current.issuerSettings, settings) {
            case (nil, _): "it has an embedded issuer, and the policy in force has none"
            case (_, nil): "it has no embedded issuer, and the policy in force has one"
            default: "its embedded issuer has another `audience` or `leeway`"
            }
        throw Diagnostics([
            Diagnostic(
                code: "needs_restart", position: nil,
                message: "the policy \(policy.name) cannot take effect while the gateway runs: "
                    + difference,
                suggestion: "restart the gateway")
        ])
    }
}
