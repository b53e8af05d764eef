/// Where the keys of the policy's issuers come from.
extension Settings {
    static let issuers: [SettingDescription] = [
        issuerKeys.description, issuerKeySetURL.description, issuerDiscovery.description,
        issuerKeySet.description, issuerSecrets.description, issuerCertificates.description,
        issuerProxy.description, issuerPrivateAddresses.description, issuerHTTP.description,
        issuerRefresh.description, issuerStaleIfError.description, issuerCooldown.description,
        issuerTimeout.description, issuerDeniedKeys.description,
    ]

    /// The five that say where keys are: an issuer has one of them.
    static let issuerSources = [
        issuerKeys.description, issuerKeySetURL.description, issuerDiscovery.description,
        issuerKeySet.description, issuerSecrets.description,
    ]

    static let issuerKeys = Setting<WrittenPath>.value(
        "issuers.<name>.keys", list: true,
        note: "each issuer that is not embedded needs one of the five",
        example: "keys.json",
        "Key files (JWKS or PEM) of an issuer that the policy names; read again when they change.")

    static let issuerKeySetURL = Setting<KeySetURL>.value(
        "issuers.<name>.jwks_url", note: "none", example: "https://id.example.com/jwks.json",
        "Where the issuer publishes its keys (a JWK set), fetched again and again.")

    static let issuerDiscovery = Setting<Bool>.flag(
        "issuers.<name>.discovery", default: false, example: "true",
        "Whether the issuer's own metadata says where its keys are: "
            + "`<issuer>/.well-known/openid-configuration`.")

    static let issuerKeySet = Setting<String>(
        description: SettingDescription(
            path: SettingPath("issuers.<name>.jwks"), type: "JSON text", isText: true,
            structureHint: "write the JSON as text, in single quotes or below `jwks: |`",
            defaultNote: "none", meaning: "The issuer's keys themselves: a JWK set as text.",
            example: #"{"keys":[]}"#)
    ) { text throws(SettingProblem) in
        guard !text.isEmpty else {
            throw SettingProblem(message: "must be a JWK set, but is empty")
        }
        return text
    }

    static let issuerSecrets = Setting<WrittenPath>.value(
        "issuers.<name>.secrets", list: true, note: "none", example: "secret.key",
        "Files with the secrets that the issuer signs with (HS256, HS384, HS512 only): the plain "
            + "bytes, or JWKs of type `oct`.")

    static let issuerCertificates = Setting<WrittenPath>.value(
        "issuers.<name>.ca", note: "the system's", example: "ca.pem",
        "Certificates (PEM) to trust when the keys are fetched, in place of the system's.")

    static let issuerProxy = Setting<ProxyURL>.value(
        "issuers.<name>.proxy", note: "none", example: "http://proxy.internal:3128",
        "An HTTP proxy to fetch the keys through.")

    static let issuerPrivateAddresses = Setting<Bool>.flag(
        "issuers.<name>.allow_private_addresses", default: false, example: "true",
        "Whether the keys may be fetched from a loopback, private or link-local address.")

    static let issuerHTTP = Setting<Bool>.flag(
        "issuers.<name>.allow_http", default: false, example: "true",
        "Whether the keys may be fetched over plain `http:`; whoever is on the way can replace them."
    )

    static let issuerRefresh = Setting<Duration>.duration(
        "issuers.<name>.refresh", default: "5m", in: .seconds(1)...(.seconds(86_400)),
        example: "10m", "From one fetch of the keys to the next.")

    static let issuerStaleIfError = Setting<Duration>.duration(
        "issuers.<name>.stale_if_error", default: "6h", in: .zero ... .seconds(30 * 86_400),
        example: "1h",
        "How long keys go on being used whose source gives no new ones; then the issuer's tokens are "
            + "refused with 503.")

    static let issuerCooldown = Setting<Duration>.duration(
        "issuers.<name>.cooldown", default: "30s", in: .seconds(1)...(.seconds(3600)),
        example: "1m",
        "Shortest time between two fetches that tokens with an unknown `kid` bring about.")

    static let issuerTimeout = Setting<Duration>.duration(
        "issuers.<name>.timeout", default: "2s", in: .milliseconds(100)...(.seconds(30)),
        example: "5s", "Longest time for one fetch of the keys, from the name to the last byte.")

    static let issuerDeniedKeys = Setting<KeyID>.value(
        "issuers.<name>.denied_keys", list: true, note: "none", example: "2024-06",
        "Key IDs (`kid`) whose tokens are refused even while the issuer still publishes the key.")
}

/// The `kid` of a key.
struct KeyID: SettingValue {
    let text: String

    static let typeName = "key ID"

    init(setting text: String) throws(SettingProblem) {
        // No key of a longer `kid` is ever used, so nobody needs to deny one.
        guard (1...256).contains(text.utf8.count) else {
            throw SettingProblem(message: "must be a key ID of 1 to 256 bytes")
        }
        self.text = text
    }
}
