package import StrictYAML

extension GatewayConfiguration {
    /// Reads the configuration: flags over environment over file over defaults.
    ///
    /// `file` is the path of an `ostiary.yaml`, or nil; without it the one that `OSTIARY_CONFIG`
    /// names. All errors are reported together, those of the file with their places.
    package static func load(
        file: String?, flags: [SettingFlag], environment: [String: String]
    ) throws(Diagnostics) -> GatewayConfiguration {
        let sink = DiagnosticSink()
        var raw = RawConfiguration()
        let path = file ?? environment[configurationVariable]
        if let path { raw.read(try readFile(path), sink) }
        raw.read(environment: environment, sink)
        raw.read(flags, sink)
        let settings = SettingsReader(raw: raw, folder: folder(of: path), sink: sink)
        let configuration = GatewayConfiguration(settings, environment: environment)
        try sink.throwIfAny()
        guard let configuration else {
            preconditionFailure("a configuration is refused only with a diagnostic")
        }
        return configuration
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
