import StrictYAML

// The types that settings have: each a description and a check in one.

extension Setting where Value == Int {
    static func size(
        _ path: String, default standard: String, in range: ClosedRange<Int>, example: String,
        _ meaning: String
    ) -> Self {
        Setting(
            description: SettingDescription(
                path: SettingPath(path), type: "size",
                bounds: (
                    Quantity.describe(bytes: range.lowerBound),
                    Quantity.describe(bytes: range.upperBound)
                ), defaults: [standard], meaning: meaning, example: example)
        ) { text throws(SettingProblem) in
            guard let value = Quantity.byteCount(text) else {
                throw SettingProblem(
                    message: "must be a size such as `16KiB`, `32MiB` or `65536`, not `\(text)`")
            }
            guard range.contains(value) else {
                let least = Quantity.describe(bytes: range.lowerBound)
                let most = Quantity.describe(bytes: range.upperBound)
                throw SettingProblem(message: "must be between \(least) and \(most), not `\(text)`")
            }
            return value
        }
    }

    /// A whole number; without a default its default must be explained by `note`.
    static func count(
        _ path: String, default standard: Int?, note: String? = nil, in range: ClosedRange<Int>,
        example: String, _ meaning: String
    ) -> Self {
        Setting(
            description: SettingDescription(
                path: SettingPath(path), type: "number",
                bounds: ("\(range.lowerBound)", "\(range.upperBound)"),
                defaults: standard.map { ["\($0)"] } ?? [], defaultNote: note, meaning: meaning,
                example: example)
        ) { text throws(SettingProblem) in
            guard let value = Quantity.integer(text), range.contains(value) else {
                throw SettingProblem(
                    message: "must be a whole number between \(range.lowerBound) and "
                        + "\(range.upperBound), not `\(text)`")
            }
            return value
        }
    }
}

extension Setting where Value == Duration {
    static func duration(
        _ path: String, default standard: String, in range: ClosedRange<Duration>,
        example: String, _ meaning: String
    ) -> Self {
        Setting(
            description: SettingDescription(
                path: SettingPath(path), type: "duration",
                bounds: (
                    Quantity.describe(range.lowerBound), Quantity.describe(range.upperBound)
                ), defaults: [standard], meaning: meaning, example: example)
        ) { text throws(SettingProblem) in
            guard let value = Quantity.duration(text) else {
                throw SettingProblem(
                    message: "must be a length of time such as "
                        + "`500ms`, `10s`, `2m`, `24h` or `7d`, not `\(text)`")
            }
            guard range.contains(value) else {
                let least = Quantity.describe(range.lowerBound)
                let most = Quantity.describe(range.upperBound)
                throw SettingProblem(message: "must be between \(least) and \(most), not `\(text)`")
            }
            return value
        }
    }
}

extension Setting where Value == Bool {
    static func flag(
        _ path: String, default standard: Bool, example: String, _ meaning: String
    ) -> Self {
        Setting(
            description: SettingDescription(
                path: SettingPath(path), type: "true or false", defaults: ["\(standard)"],
                meaning: meaning, example: example)
        ) { text throws(SettingProblem) in
            guard let value = Bool(text) else {
                throw SettingProblem(message: "must be `true` or `false`, not `\(text)`")
            }
            return value
        }
    }
}

extension Setting where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    static func choice(
        _ path: String, default standard: Value, example: String, _ meaning: String
    ) -> Self {
        Setting(
            description: SettingDescription(
                path: SettingPath(path), type: words.joined(separator: ", "), isText: true,
                defaults: [standard.rawValue], meaning: meaning, example: example)
        ) { text throws(SettingProblem) in try choice(text) }
    }

    /// A list of such words; empty by default.
    static func choices(_ path: String, example: String, _ meaning: String) -> Self {
        Setting(
            description: SettingDescription(
                path: SettingPath(path), type: "list: " + words.joined(separator: ", "),
                isList: true, isText: true, defaultNote: "none", meaning: meaning,
                example: example)
        ) { text throws(SettingProblem) in try choice(text) }
    }

    private static var words: [String] { Value.allCases.map(\.rawValue) }

    private static func choice(_ text: String) throws(SettingProblem) -> Value {
        guard let value = Value(rawValue: text) else {
            let list = words.map { "`\($0)`" }.joined(separator: ", ")
            throw SettingProblem(
                message: "must be one of \(list), not `\(text)`",
                suggestion: nearest(text, in: words).map { "did you mean `\($0)`?" })
        }
        return value
    }
}

/// A value that is written as one word and knows how to read itself.
protocol SettingValue: Sendable {
    /// What the reference calls it.
    static var typeName: String { get }
    init(setting text: String) throws(SettingProblem)
}

extension Setting where Value: SettingValue {
    static func value(
        _ path: String, list: Bool = false, defaults: [String] = [], note: String? = nil,
        example: String, _ meaning: String
    ) -> Self {
        Setting(
            description: SettingDescription(
                path: SettingPath(path),
                type: list ? "list: \(Value.typeName)" : Value.typeName, isList: list,
                isText: true, defaults: defaults, defaultNote: note, meaning: meaning,
                example: example)
        ) { text throws(SettingProblem) in try Value(setting: text) }
    }
}
