import StrictYAML

extension IssuerKeys {
    /// The key sources of all issuers that the configuration names, in order of names, with the rules
    /// between their settings checked; what is refused goes to the sink and is left out.
    static func all(_ settings: SettingsReader) -> [IssuerKeys] {
        let names = Set(Settings.issuers.flatMap { settings.raw.names($0) })
        return names.sorted().compactMap { name in
            IssuerKeysReader(name: name, settings: settings).read()
        }
    }
}

/// Reads what is written below `issuers.<name>`.
private struct IssuerKeysReader {
    let name: String
    let settings: SettingsReader

    func read() -> IssuerKeys? {
        let before = settings.sink.count
        // Each value is read before the rules are asked, so that all errors are reported.
        let values = values()
        let kinds = sourceKinds()
        checkIsOne(kinds)
        if kinds.count < 2 { checkApplicable(kinds.first) }
        let source = kinds.first.flatMap { self.source($0, values) }
        guard settings.sink.count == before, let denied = values.denied,
            let first = written(Settings.issuers).first
        else { return nil }
        return IssuerKeys(
            name: name, source: source, deniedKeys: denied, place: place(of: first),
            sourcePlace: kinds.first.map(place))
    }

    // MARK: - values

    private struct Values {
        let files: [ConfiguredFile]?
        let secrets: [ConfiguredFile]?
        let inline: String?
        let url: KeySetURL?
        let certificates: ConfiguredFile?
        let proxy: String?
        let privateAddresses: Bool?
        let http: Bool?
        let refresh: Duration?
        let staleIfError: Duration?
        let cooldown: Duration?
        let timeout: Duration?
        let denied: [String]?
    }

    private func values() -> Values {
        Values(
            files: files(Settings.issuerKeys), secrets: files(Settings.issuerSecrets),
            inline: value(Settings.issuerKeySet), url: value(Settings.issuerKeySetURL),
            certificates: settings.files(Settings.issuerCertificates, name: name)?.first,
            proxy: value(Settings.issuerProxy)?.description,
            privateAddresses: value(Settings.issuerPrivateAddresses),
            http: value(Settings.issuerHTTP), refresh: value(Settings.issuerRefresh),
            staleIfError: value(Settings.issuerStaleIfError),
            cooldown: value(Settings.issuerCooldown), timeout: value(Settings.issuerTimeout),
            denied: deniedKeys())
    }

    private func value<Value>(_ setting: Setting<Value>) -> Value? {
        settings.values(setting, name: name)?.first
    }

    /// The files of a setting that must name some when it is there.
    private func files(_ setting: Setting<WrittenPath>) -> [ConfiguredFile]? {
        guard let files = settings.files(setting, name: name) else { return nil }
        if files.isEmpty, isSet(setting.description) {
            settings.report(setting, name: name, "must name at least one file")
        }
        return files
    }

    private func deniedKeys() -> [String]? {
        guard let keys = settings.values(Settings.issuerDeniedKeys, name: name)?.map(\.text) else {
            return nil
        }
        if let twice = keys.enumerated().first(where: { keys[..<$0].contains($1) })?.element {
            settings.report(
                Settings.issuerDeniedKeys, name: name, "must not name the key `\(twice)` twice")
        }
        return keys
    }

    // MARK: - rules

    /// The source settings that are there, in the order of the reference.
    private func sourceKinds() -> [SettingDescription] {
        var kinds = written(Settings.issuerSources)
        // `discovery: false` takes back what a weaker place has set.
        if value(Settings.issuerDiscovery) != true {
            kinds.removeAll {
                $0.path.dotted() == Settings.issuerDiscovery.description.path.dotted()
            }
        }
        return kinds
    }

    private func checkIsOne(_ kinds: [SettingDescription]) {
        guard kinds.count > 1, let last = kinds.last else { return }
        let list = kinds.map { "`\($0.path.dotted(name))`" }.joined(separator: ", ")
        report(
            last, "is one source of keys too many: an issuer has one, and there are \(list)",
            suggestion: "remove all but one")
    }

    /// A setting without effect is a misunderstanding about which keys count.
    private func checkApplicable(_ kind: SettingDescription?) {
        let ownSettings =
            (kind.map { [$0] } ?? []) + [
                Settings.issuerDeniedKeys.description, Settings.issuerDiscovery.description,
            ]
        let applicable = ownSettings + Self.companions(of: kind)
        let names = Set(applicable.map { $0.path.dotted() })
        let choice =
            "`\(Settings.issuerKeySetURL.description.path.dotted(name))` or "
            + "`\(Settings.issuerDiscovery.description.path.dotted(name))`"
        for setting in written(Settings.issuers) where !names.contains(setting.path.dotted()) {
            guard let kind else {
                report(
                    setting, "has no effect, because `issuers.\(name)` has no source of keys",
                    suggestion: "set \(choice), too")
                continue
            }
            report(
                setting, "has no effect on keys from `\(kind.path.dotted(name))`",
                suggestion: "remove it, or fetch the keys with \(choice)")
        }
    }

    /// What has an effect beside a source.
    private static func companions(of kind: SettingDescription?) -> [SettingDescription] {
        switch kind?.path.dotted() {
        case Settings.issuerKeySetURL.description.path.dotted(),
            Settings.issuerDiscovery.description.path.dotted():
            [
                Settings.issuerCertificates.description, Settings.issuerProxy.description,
                Settings.issuerPrivateAddresses.description, Settings.issuerHTTP.description,
                Settings.issuerRefresh.description, Settings.issuerStaleIfError.description,
                Settings.issuerCooldown.description, Settings.issuerTimeout.description,
            ]
        case Settings.issuerKeys.description.path.dotted():
            [Settings.issuerStaleIfError.description]
        default: []
        }
    }

    // MARK: - sources

    private func source(_ kind: SettingDescription, _ values: Values) -> IssuerKeys.Source? {
        switch kind.path.dotted() {
        case Settings.issuerKeys.description.path.dotted():
            guard let files = values.files, let stale = values.staleIfError else { return nil }
            return .files(files, staleIfError: stale)
        case Settings.issuerSecrets.description.path.dotted():
            return values.secrets.map { .secrets($0) }
        case Settings.issuerKeySet.description.path.dotted():
            return values.inline.map { .inline($0, place(of: kind)) }
        default:
            return remote(kind, values).map { .remote($0) }
        }
    }

    private func remote(_ kind: SettingDescription, _ values: Values) -> RemoteKeys? {
        guard let privateAddresses = values.privateAddresses, let http = values.http,
            let refresh = values.refresh, let stale = values.staleIfError,
            let cooldown = values.cooldown, let timeout = values.timeout
        else { return nil }
        if let url = values.url { check(url, privateAddresses, http) }
        return RemoteKeys(
            url: values.url, certificates: values.certificates, proxy: values.proxy,
            allowsPrivateAddresses: privateAddresses, allowsHTTP: http, refresh: refresh,
            staleIfError: stale, cooldown: cooldown, timeout: timeout, place: place(of: kind))
    }

    private func check(_ url: KeySetURL, _ privateAddresses: Bool, _ http: Bool) {
        if !url.isSecure, !http {
            settings.report(
                Settings.issuerKeySetURL, name: name,
                "must begin with `https://`: whoever is on the way of `http:` can replace the keys",
                suggestion: "use `https://`, or allow it with `issuers.\(name).allow_http: true`")
        }
        if let place = url.refusedPlace, !privateAddresses {
            settings.report(
                Settings.issuerKeySetURL, name: name,
                "is at \(place), from where keys are not fetched",
                suggestion: "if you mean it, set `issuers.\(name).allow_private_addresses: true`")
        }
    }

    // MARK: - helpers

    private func written(_ descriptions: [SettingDescription]) -> [SettingDescription] {
        descriptions.filter(isSet)
    }

    private func isSet(_ setting: SettingDescription) -> Bool {
        settings.raw.value(setting.path.dotted(name)) != nil
    }

    private func place(of setting: SettingDescription) -> SettingPlace {
        let path = setting.path.dotted(name)
        return SettingPlace(setting: path, origin: settings.raw.value(path)?.origin ?? .standard)
    }

    private func report(_ setting: SettingDescription, _ message: String, suggestion: String) {
        let place = place(of: setting)
        settings.sink.report(
            place.origin.diagnostic("wrong_value", place.setting, message, suggestion: suggestion))
    }
}
