import StrictYAML

extension TrustConfiguration {
    /// Checks the settings; nil when something went to the sink. `listeners` is nil when they were
    /// refused, `environment` serves the data folder's default.
    init?(
        _ settings: SettingsReader, listeners: [Listener]?, environment: [String: String]
    ) {
        let before = settings.sink.count
        _ = settings.value(Settings.version)
        let publicURL = Self.publicURL(settings, listeners: listeners)
        let policy = settings.files(Settings.policy)
        let dataFolder = Self.dataFolder(settings, environment: environment)
        let issuers = IssuerKeys.all(settings)
        let accounts = AccountSettings(settings)
        let assertion = AssertionSettings(settings)
        guard settings.sink.count == before, let publicURL, let policy, let dataFolder,
            let accounts, let assertion
        else { return nil }
        self.assertion = assertion
        self.publicURL = publicURL
        self.policy = policy.first
        self.dataFolder = dataFolder
        self.issuers = issuers
        self.accounts = accounts
    }

    private static func publicURL(
        _ settings: SettingsReader, listeners: [Listener]?
    ) -> HTTPOrigin? {
        if settings.raw.value(Settings.publicURL.description.path.dotted()) != nil {
            return settings.value(Settings.publicURL)
        }
        guard let listeners else { return nil }
        // The server in front of a Unix socket has a URL that nobody here can know.
        if let socket = listeners.first(where: { $0.address == nil }) {
            reportMissingURL(settings, "the listener `\(socket)` is a Unix socket")
            return nil
        }
        if let open = listeners.first(where: { $0.address?.isLoopback == false }) {
            reportMissingURL(settings, "the listener `\(open)` is not loopback")
            return nil
        }
        guard let first = listeners.first?.address else { return nil }
        return HTTPOrigin(isSecure: false, host: first.host, port: first.port)
    }

    private static func reportMissingURL(_ settings: SettingsReader, _ reason: String) {
        settings.sink.report(
            "missing_key", at: nil, "`public_url` is required because \(reason)",
            suggestion: "set it to the URL that clients use, "
                + "for example `public_url: https://app.example.com`")
    }

    private static func dataFolder(
        _ settings: SettingsReader, environment: [String: String]
    ) -> ConfiguredFile? {
        guard let written = settings.files(Settings.data) else { return nil }
        if let first = written.first { return first }
        let path: String
        // The XDG specification says that relative paths there are to be ignored.
        if let share = environment["XDG_DATA_HOME"], share.hasPrefix("/") {
            path = "\(share)/ostiary"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            path = "\(home == "/" ? "" : home)/.local/share/ostiary"
        } else {
            settings.sink.report(
                "missing_key", at: nil, "`data` is required because HOME is not set",
                suggestion: "set it to a folder for the gateway's signing keys and accounts")
            return nil
        }
        return ConfiguredFile(path: path, setting: "data", origin: .standard)
    }
}

extension SettingsReader {
    /// The listeners, with the port that a hosting platform says in `PORT` for the first.
    func listeners(port: String?) -> [Listener]? {
        guard var listeners = list(Settings.listeners) else { return nil }
        guard let first = listeners.first else {
            report(
                Settings.listeners, "must name at least one address",
                suggestion: "write for example `127.0.0.1:8080`")
            return nil
        }
        // A hosting platform says in PORT where it will connect; only an explicit flag knows better.
        let written = raw.value(Settings.listeners.description.path.dotted())
        if let port, (written?.origin.strength ?? 0) < SettingOrigin.flag("").strength {
            guard let number = Quantity.integer(port), (1...65535).contains(number) else {
                guard !port.isEmpty else {
                    sink.report(
                        "wrong_value", at: nil, "PORT: is empty",
                        suggestion: "unset it, or give it a value")
                    return nil
                }
                sink.report(
                    "wrong_value", at: nil,
                    "PORT: must be a port between 1 and 65535, not `\(port)`")
                return nil
            }
            guard let address = first.address else {
                report(
                    Settings.listeners,
                    "must begin with an address, because PORT says which port it is to have",
                    suggestion: "unset PORT, or put `\(first)` behind an address")
                return nil
            }
            listeners[0] = .address(ListenAddress(host: address.host, port: number))
        }
        // Port 0 is another port each time.
        let fixed = listeners.filter { $0.address?.port != 0 }
        guard Set(fixed).count == fixed.count else {
            report(Settings.listeners, "must not name an address twice")
            return nil
        }
        return listeners
    }
}
