/// The reference of all settings, made from their descriptions.
package enum SettingsReference {
    /// A Markdown table: `docs/configuration.md` holds it between markers.
    package static var markdown: String {
        var lines = [
            "| setting | type | from – to | default | environment | meaning |",
            "|---|---|---|---|---|---|",
        ]
        for setting in Settings.all {
            let environment = setting.isFileOnly ? "" : "`\(setting.path.environmentName())`"
            let bounds = setting.bounds.map { "\($0.least) – \($0.most)" } ?? ""
            let row = [
                "`\(setting.path.dotted())`", setting.type, bounds,
                standard(setting, quote: "`"), environment, setting.meaning,
            ]
            lines.append("| \(row.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The same for a terminal: each setting with its variable, its type and default, its meaning.
    package static var text: String {
        Settings.all.map { setting in
            var head = setting.path.dotted()
            if !setting.isFileOnly { head += "   \(setting.path.environmentName())" }
            let standard = standard(setting, quote: "").replacing("`", with: "")
            let bounds = setting.bounds.map { ", \($0.least) to \($0.most)" } ?? ""
            let type = setting.type.replacing("`", with: "") + bounds
            return """
                \(head)
                    \(type); default: \(standard)
                    \(setting.meaning.replacing("`", with: ""))
                """
        }.joined(separator: "\n\n") + "\n"
    }

    private static func standard(_ setting: SettingDescription, quote: String) -> String {
        if let note = setting.defaultNote { return note }
        return setting.defaults.map { "\(quote)\($0)\(quote)" }.joined(separator: ", ")
    }
}
