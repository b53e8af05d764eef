import StrictYAML

extension RawConfiguration {
    /// Takes `OSTIARY_…` variables. One that names no setting is an error, because a misspelt limit
    /// would otherwise be no limit.
    ///
    /// Call it after the file was read: names in a variable are matched with those of the file.
    mutating func read(environment: [String: String], _ sink: DiagnosticSink) {
        for (variable, text) in environment.sorted(by: { $0.key < $1.key })
        where variable.hasPrefix("OSTIARY_") && !Self.isForeign(variable) {
            guard let (description, name) = setting(variable) else {
                let names = Settings.all.filter { !$0.isFileOnly }.flatMap { description in
                    let known = entryNames(description).map(description.path.environmentName)
                    return known.isEmpty ? [description.path.environmentName()] : known
                }
                sink.report(
                    "unknown_variable", at: nil, "\(variable): there is no such setting",
                    suggestion: nearest(variable, in: names + [configurationVariable])
                        .map { "did you mean `\($0)`?" }
                        ?? "`ostiary config reference` lists all variables")
                continue
            }
            set(
                RawValue(
                    description: description, name: name,
                    texts: Self.texts(text, isList: description.isList),
                    origin: .environment(variable)))
        }
    }

    private func setting(_ variable: String) -> (SettingDescription, name: String?)? {
        var named: [(SettingDescription, name: String, isKnown: Bool)] = []
        for description in Settings.all where !description.isFileOnly {
            guard let match = description.path.match(environment: variable) else { continue }
            guard let written = match else { return (description, nil) }
            let known = entryNames(description).first { SettingPath.environmentForm($0) == written }
            let name = known ?? written.lowercased()
            if isName(name) { named.append((description, name, known != nil)) }
        }
        // `…_CORP_DENIED_KEYS` could set the `keys` of `corp_denied`. A name that the file has
        // decides; else the longest setting, whose name is the shortest.
        let candidates = named.contains(where: \.isKnown) ? named.filter(\.isKnown) : named
        return candidates.min { $0.name.utf8.count < $1.name.utf8.count }.map { ($0.0, $0.name) }
    }

    /// The user's names in the same place as the one of a setting, whichever settings they have.
    private func entryNames(_ description: SettingDescription) -> [String] {
        let place = description.path.components.prefix { $0 != nil }
        let siblings = Settings.all.filter {
            $0.path.components.prefix { $0 != nil } == place && $0.path.components.contains(nil)
        }
        return siblings.flatMap { names($0) }
    }

    /// Splits a list at commas; spaces around an element do not count.
    static func texts(_ text: String, isList: Bool) -> [RawText] {
        guard isList else { return [RawText(text: text)] }
        return text.split(separator: ",").map { part in
            var part = part
            while part.first == " " { part.removeFirst() }
            while part.last == " " { part.removeLast() }
            return RawText(text: String(part))
        }
    }

    /// Variables that begin with `OSTIARY_` and are not ours to judge.
    static func isForeign(_ variable: String) -> Bool {
        // The configuration file's name is read before any setting; the folder of test vectors
        // belongs to the test suites; container images state their own version like this.
        if [configurationVariable, "OSTIARY_VECTORS", "OSTIARY_VERSION"].contains(variable) {
            return true
        }
        // Kubernetes gives every pod of a namespace these when a Service is called `ostiary`.
        return variable == "OSTIARY_SERVICE_HOST" || variable == "OSTIARY_PORT"
            || variable.hasPrefix("OSTIARY_SERVICE_PORT") || variable.hasPrefix("OSTIARY_PORT_")
    }
}

/// Names the configuration file when `--config` does not.
package let configurationVariable = "OSTIARY_CONFIG"
