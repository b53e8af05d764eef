package import StrictYAML

/// Where a configuration comes from: flags over environment over file over defaults.
package struct ConfigurationSources: Sendable {
    /// The path of an `ostiary.yaml`; nil: the one that `OSTIARY_CONFIG` names, or none
    /// where that is unset or empty.
    package let file: String?
    package let flags: [SettingFlag]
    package let environment: [String: String]

    package init(file: String?, flags: [SettingFlag], environment: [String: String]) {
        self.file = file
        self.flags = flags
        self.environment = environment
    }

    /// Whether nothing is configured at all, so that the defaults count.
    var isEmpty: Bool {
        file == nil && flags.isEmpty
            && !environment.contains { $0.key.hasPrefix("OSTIARY_") && !$0.value.isEmpty }
    }

    /// All of the configuration. All errors are reported together, those of the file with places.
    package func load() throws(Diagnostics) -> GatewayConfiguration {
        let settings = try read()
        let configuration = GatewayConfiguration(settings, environment: environment)
        try settings.sink.throwIfAny()
        guard let configuration else {
            preconditionFailure("a configuration is refused only with a diagnostic")
        }
        return configuration
    }

    /// Only the part that minting and verifying need; the rest may be missing, but no key may be
    /// unknown.
    package func loadTrust() throws(Diagnostics) -> TrustConfiguration {
        let settings = try read()
        let trust = TrustConfiguration(
            settings, listeners: settings.listeners(port: environment["PORT"]),
            environment: environment)
        try settings.sink.throwIfAny()
        guard let trust else {
            preconditionFailure("a configuration is refused only with a diagnostic")
        }
        return trust
    }

    private func read() throws(Diagnostics) -> SettingsReader {
        let sink = DiagnosticSink()
        var raw = RawConfiguration()
        // An empty variable is how container files and shells often say that there is none.
        let variable = environment[configurationVariable].flatMap { $0.isEmpty ? nil : $0 }
        let path = file ?? variable
        if let path { raw.read(try Self.readFile(path), sink) }
        raw.read(environment: environment, sink)
        raw.read(flags, sink)
        return SettingsReader(raw: raw, folder: Self.folder(of: path), sink: sink)
    }

    private static func readFile(_ path: String) throws(Diagnostics) -> YAMLNode {
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try FileContents.read(path, limit: 1 << 20)
        } catch {
            throw Diagnostics([
                Diagnostic(
                    code: "unreadable_file", position: nil,
                    message: "cannot read the configuration file `\(path)`: \(error)")
            ])
        }
        return try YAMLReader.read(bytes.span, file: path)
    }

    private static func folder(of path: String?) -> String {
        guard let path, let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
