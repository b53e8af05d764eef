import StrictYAML

extension AssertionSettings {
    /// Checks the settings and the rule between them; nil when something went to the sink.
    init?(_ settings: SettingsReader) {
        let keys = settings.files(Settings.assertionKeys)
        let rotation = settings.value(Settings.assertionRotation)
        guard let keys, let rotation else { return nil }
        let isRotationWritten =
            settings.raw.value(Settings.assertionRotation.description.path.dotted()) != nil
        guard keys.isEmpty || !isRotationWritten else {
            settings.report(
                Settings.assertionRotation,
                "is about keys that the gateway makes itself, and `assertion.keys` names others",
                suggestion: "remove one of the two")
            return nil
        }
        guard rotation.components.attoseconds == 0 else {
            settings.report(
                Settings.assertionRotation, "must be a whole number of seconds")
            return nil
        }
        self.init(keys: keys, rotation: rotation.components.seconds)
    }
}
