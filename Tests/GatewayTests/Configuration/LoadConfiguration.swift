import Gateway
import StrictYAML

/// The whole configuration from a file, flags and an environment.
func loadConfiguration(
    file: String?, flags: [SettingFlag], environment: [String: String]
) throws(Diagnostics) -> GatewayConfiguration {
    try ConfigurationSources(file: file, flags: flags, environment: environment).load()
}
