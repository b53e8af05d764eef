/// Where the keys of one issuer of the policy come from, as the configuration has it.
package struct IssuerKeys: Sendable, Equatable {
    /// The issuer's name in the policy.
    package let name: String
    /// Nil where the configuration has none, as for the embedded issuer.
    package let source: Source?
    /// Key IDs that are refused; none twice.
    package let deniedKeys: [String]
    /// The first of its settings, for messages about all of them.
    let place: SettingPlace
    /// Where its source is written; nil without one.
    let sourcePlace: SettingPlace?

    package enum Source: Sendable, Equatable {
        /// JWKS or PEM; never empty.
        case files([ConfiguredFile], staleIfError: Duration)
        /// Secrets that sign and verify; never empty.
        case secrets([ConfiguredFile])
        /// A JWK set in the configuration itself.
        case inline(String, SettingPlace)
        case remote(RemoteKeys)
    }
}

/// Keys that are fetched from another server.
package struct RemoteKeys: Sendable, Equatable {
    /// The key set's; nil: the issuer's metadata names it.
    package let url: KeySetURL?
    package let certificates: ConfiguredFile?
    /// The URL of an HTTP proxy, with its port.
    package let proxy: String?
    package let allowsPrivateAddresses: Bool
    package let allowsHTTP: Bool
    package let refresh: Duration
    package let staleIfError: Duration
    package let cooldown: Duration
    package let timeout: Duration
    /// Of `jwks_url` or `discovery`.
    let place: SettingPlace
}

/// A setting that was written, for messages.
package struct SettingPlace: Sendable, Equatable {
    /// Dotted, for example `issuers.corp.jwks_url`.
    let setting: String
    let origin: SettingOrigin
}

extension IssuerKeys {
    /// The key files; empty when the keys come from somewhere else.
    package var files: [ConfiguredFile] {
        if case .files(let files, _) = source { return files }
        return []
    }
}
