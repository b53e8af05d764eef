/// A path as it was written: relative to the configuration file's folder when it stands there,
/// otherwise to the current folder.
struct WrittenPath: SettingValue {
    let text: String

    static let typeName = "path"

    init(setting text: String) throws(SettingProblem) {
        guard !text.isEmpty, !text.utf8.contains(0) else {
            throw SettingProblem(message: "must be a path, but it is empty")
        }
        self.text = text
    }

    func resolved(in folder: String) -> String {
        text.hasPrefix("/") || folder.isEmpty ? text : "\(folder)/\(text)"
    }
}

/// A file that the configuration names.
package struct ConfiguredFile: Sendable, Equatable {
    /// The path to open.
    package let path: String
    /// The setting, for example `issuers.corp.keys`.
    package let setting: String
    package let origin: SettingOrigin
}
