import AccessPolicy
package import StrictYAML
package import TokenIssuing

/// How accounts and sessions of the embedded issuer behave. Times are whole seconds.
package struct AccountSettings: Sendable {
    package let registration: RegistrationMode
    /// As they are written in the configuration; none twice.
    package let defaultRoles: [String]
    /// Where they are written, for messages.
    package let defaultRolesOrigin: SettingOrigin
    /// Characters.
    package let minimumPasswordLength: Int
    /// At most `sessionIdle`.
    package let accessLifetime: Int64
    /// At most `sessionLifetime`.
    package let sessionIdle: Int64
    package let sessionLifetime: Int64
    /// None twice.
    package let tokenClaims: [PersonalClaim]
    /// Where the lifetime of access tokens is written, for messages.
    let accessLifetimeOrigin: SettingOrigin
}

extension TrustConfiguration {
    /// The embedded issuer as the configuration and the policy have it; nil where the policy has none.
    ///
    /// - Throws: `Diagnostics` where the two disagree: a default role that the policy does not
    ///   declare, more of them than a token holds, access tokens that live longer than the policy
    ///   accepts.
    package func issuerSettings(
        for policy: LoadedPolicy
    ) throws(Diagnostics) -> IssuerSettings? {
        guard let embedded = policy.rules.issuers.first(where: \.embedded) else { return nil }
        let sink = DiagnosticSink()
        accounts.checkDefaultRoles(policy, sink)
        accounts.checkAccessLifetime(embedded, policy, sink)
        try sink.throwIfAny()
        let settings = IssuerSettings(
            issuer: publicURL.description, audience: embedded.embeddedAudiences,
            accessLifetime: accounts.accessLifetime, sessionIdle: accounts.sessionIdle,
            sessionLifetime: accounts.sessionLifetime, registration: accounts.registration,
            defaultRoles: accounts.defaultRoles,
            minimumPasswordLength: accounts.minimumPasswordLength,
            tokenClaims: accounts.tokenClaims, leeway: embedded.leeway)
        guard settings.allowsDefaultRoles else {
            throw Diagnostics([
                accounts.defaultRolesOrigin.diagnostic(
                    "wrong_value", Settings.registrationDefaultRoles.description.path.dotted(),
                    "names more roles than fit into an access token of 700 bytes",
                    suggestion: "name fewer, or one that includes the others")
            ])
        }
        return settings
    }
}

extension AccountSettings {
    fileprivate func checkDefaultRoles(_ policy: LoadedPolicy, _ sink: DiagnosticSink) {
        let declared = policy.rules.roleNames
        for role in defaultRoles
        where !declared.contains(where: { $0.utf8.elementsEqual(role.utf8) }) {
            sink.report(
                defaultRolesOrigin.diagnostic(
                    "unknown_role", Settings.registrationDefaultRoles.description.path.dotted(),
                    "names the role `\(role)`, which the policy \(policy.name) does not declare",
                    suggestion: didYouMean(role, in: declared)))
        }
    }

    fileprivate func checkAccessLifetime(
        _ embedded: PolicyIssuer, _ policy: LoadedPolicy, _ sink: DiagnosticSink
    ) {
        guard accessLifetime > embedded.maxLifetime else { return }
        let longest = Quantity.describe(.seconds(embedded.maxLifetime))
        sink.report(
            accessLifetimeOrigin.diagnostic(
                "wrong_value", Settings.sessionAccessToken.description.path.dotted(),
                "must not be longer than the policy \(policy.name) accepts, which is "
                    + "`\(longest)` for the issuer `\(embedded.name)`",
                suggestion: "lower it, or raise the issuer's `max_lifetime`"))
    }
}
