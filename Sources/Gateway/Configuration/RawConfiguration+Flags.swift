import StrictYAML

/// A setting from the command line.
package struct SettingFlag: Sendable {
    /// How messages call it: `--set limits.head`, `--upstream`.
    let label: String
    let target: Target
    let text: String

    enum Target {
        case path(String)
        /// The address of the only upstream, whatever its name.
        case upstream
    }

    /// `--set limits.head=16KiB`; nil without `=` or without a key.
    package init?(assignment: String) {
        guard let split = assignment.firstIndex(of: "="), split != assignment.startIndex else {
            return nil
        }
        let path = String(assignment[..<split])
        label = "--set \(path)"
        target = .path(path)
        text = String(assignment[assignment.index(after: split)...])
    }

    /// `--upstream http://127.0.0.1:8050`.
    package init(upstream url: String) {
        label = "--upstream"
        target = .upstream
        text = url
    }

    /// `--policy policy.yaml`.
    package init(policy path: String) {
        label = "--policy"
        target = .path(Settings.policy.description.path.dotted())
        text = path
    }
}

extension RawConfiguration {
    /// Takes flags in order: of two equal ones the later counts, but two different ones for the same
    /// setting, such as `--upstream` and `--set upstreams.app.url`, are an error. Call it after the file and the environment were read.
    mutating func read(_ flags: [SettingFlag], _ sink: DiagnosticSink) {
        for flag in flags {
            guard let (description, name) = setting(flag) else {
                report(flag, sink)
                continue
            }
            if case .flag(let earlier) = value(description.path.dotted(name))?.origin,
                earlier != flag.label
            {
                sink.report(
                    "conflicting_flags", at: nil, "\(flag.label): is also set by `\(earlier)`",
                    suggestion: "pass only one of the two")
                continue
            }
            set(
                RawValue(
                    description: description, name: name,
                    texts: Self.texts(flag.text, isList: description.isList),
                    origin: .flag(flag.label)))
        }
    }

    private func setting(_ flag: SettingFlag) -> (SettingDescription, name: String?)? {
        switch flag.target {
        case .upstream:
            let description = Settings.upstreamURL.description
            return (description, names(description).first ?? "app")
        case .path(let path):
            for description in Settings.all where !description.isFileOnly {
                guard let name = description.path.match(dotted: path) else { continue }
                if let name, !isName(name) { return nil }
                return (description, name)
            }
            return nil
        }
    }

    private func report(_ flag: SettingFlag, _ sink: DiagnosticSink) {
        guard case .path(let path) = flag.target else { return }
        // In a path of three words the second is the user's name, which is not misspelt.
        let words = path.split(separator: ".")
        let name = words.count == 3 ? String(words[1]) : nil
        let paths = Settings.all.filter { !$0.isFileOnly }.map { $0.path.dotted(name) }
        let elsewhere = paths.first { $0.hasSuffix("." + path) }
        sink.report(
            "unknown_setting", at: nil, "\(flag.label): there is no such setting",
            suggestion: (elsewhere ?? nearest(path, in: paths)).map { "did you mean `\($0)`?" }
                ?? "`ostiary config reference` lists all settings")
    }
}
