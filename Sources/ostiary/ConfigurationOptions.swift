import ArgumentParser
import FoundationEssentials
import Gateway

/// The options of every command that reads a configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The configuration file; without it, the one that OSTIARY_CONFIG names, or none.",
            valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The policy file; without it and `policy` in the configuration, the built-in policy.",
            valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var policy: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Set one setting, for example limits.head=16KiB; wins over environment and file.",
            valueName: "key=value"))
    var settings: [String] = []

    func validate() throws {
        for setting in settings where SettingFlag(assignment: setting) == nil {
            throw ValidationError("--set must be `key=value`, not `\(setting)`")
        }
    }

    /// Whether any of them was given.
    var isEmpty: Bool { config == nil && policy == nil && settings.isEmpty }

    func sources(upstream: String? = nil) -> ConfigurationSources {
        var flags = settings.compactMap { SettingFlag(assignment: $0) }
        if let policy { flags.append(SettingFlag(policy: policy)) }
        if let upstream { flags.append(SettingFlag(upstream: upstream)) }
        return ConfigurationSources(
            file: config, flags: flags, environment: ProcessInfo.processInfo.environment)
    }
}
