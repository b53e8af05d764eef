import Foundation
import Gateway
import StrictYAML

/// A folder of its own for one test, gone when the test ends.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("ostiary-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}

/// The whole configuration from a file, flags and an environment.
func loadConfiguration(
    file: String?, flags: [SettingFlag], environment: [String: String]
) throws(Diagnostics) -> GatewayConfiguration {
    try ConfigurationSources(file: file, flags: flags, environment: environment).load()
}
