import StrictYAML

/// Turns written settings into checked values; everything that is refused goes to the sink.
struct SettingsReader {
    let raw: RawConfiguration
    /// The configuration file's folder; empty for the current one.
    let folder: String
    let sink: DiagnosticSink

    /// The value that was set or the default; nil when there is neither or it was refused.
    func value<Value>(_ setting: Setting<Value>) -> Value? {
        values(setting, name: nil)?.first
    }

    /// The elements that were set or the default ones; nil when one was refused.
    func list<Value>(_ setting: Setting<Value>) -> [Value]? {
        values(setting, name: nil)
    }

    /// As `list`, for a setting below a name that the user chose.
    func values<Value>(_ setting: Setting<Value>, name: String?) -> [Value]? {
        let written = raw.value(setting.description.path.dotted(name))
        let texts = written?.texts ?? setting.description.defaults.map { RawText(text: $0) }
        let origin = written?.origin ?? .standard
        var values: [Value] = []
        for text in texts {
            do throws(SettingProblem) {
                values.append(try setting.parse(text.text))
            } catch {
                if reportEmptyVariable(written) { continue }
                sink.report(
                    origin.diagnostic(
                        "wrong_value", setting.description.path.dotted(name), error.message,
                        at: text.position, suggestion: error.suggestion))
            }
        }
        return values.count == texts.count ? values : nil
    }

    /// The files of a setting, resolved.
    func files(_ setting: Setting<WrittenPath>, name: String? = nil) -> [ConfiguredFile]? {
        let path = setting.description.path.dotted(name)
        guard let written = raw.value(path) else { return [] }
        var base = ""
        if case .file = written.origin { base = folder }
        return values(setting, name: name)?.enumerated().map { index, file in
            var origin = written.origin
            if let position = written.texts[index].position { origin = .file(position) }
            return ConfiguredFile(
                path: file.resolved(in: base), setting: path, origin: origin)
        }
    }

    /// Reports a rule between settings, at the place where `setting` was written.
    func report<Value>(
        _ setting: Setting<Value>, name: String? = nil, _ message: String,
        suggestion: String? = nil
    ) {
        let path = setting.description.path.dotted(name)
        if reportEmptyVariable(raw.value(path)) { return }
        let origin = raw.value(path)?.origin ?? .standard
        sink.report(origin.diagnostic("wrong_value", path, message, suggestion: suggestion))
    }

    /// Reports a refused value that is an empty variable in words of its own; false for others.
    private func reportEmptyVariable(_ written: RawValue?) -> Bool {
        guard let written, case .environment(let variable) = written.origin,
            written.texts.allSatisfy(\.text.isEmpty)
        else { return false }
        sink.report(
            "wrong_value", at: nil, "\(variable): is empty",
            suggestion: "unset it, or give it a value")
        return true
    }
}
