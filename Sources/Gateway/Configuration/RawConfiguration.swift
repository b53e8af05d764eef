package import StrictYAML

/// Settings as they were written, each with the place that wins: flags over environment over file.
/// Nothing but their names is checked yet.
struct RawConfiguration {
    /// By dotted path with the user's names put in.
    private(set) var values: [String: RawValue] = [:]
    /// Keys at the file's top level below which something was refused: what is missing there is no
    /// error of its own.
    var refusedKeys: Set<String> = []

    /// Keeps `value` unless a stronger or equal place has set the same path; a later flag replaces
    /// an earlier one.
    mutating func set(_ value: RawValue) {
        if let present = values[value.path], present.origin.strength > value.origin.strength {
            return
        }
        values[value.path] = value
    }

    func value(_ path: String) -> RawValue? { values[path] }

    /// The user's names below a setting with a name in its path, in order.
    func names(_ description: SettingDescription) -> [String] {
        values.values
            .filter { $0.description.path.dotted() == description.path.dotted() }
            .compactMap(\.name)
            .sorted()
    }
}

/// One setting as it was written.
struct RawValue {
    let description: SettingDescription
    /// The user's name, for settings that have one in their path.
    let name: String?
    /// One text, or the elements of a list.
    let texts: [RawText]
    let origin: SettingOrigin

    var path: String { description.path.dotted(name) }
}

/// A written value and its own place, which inside a list is the element's.
struct RawText {
    let text: String
    var position: SourcePosition?
}

/// Where a setting was written.
package enum SettingOrigin: Sendable, Equatable {
    case standard
    case file(SourcePosition)
    /// The variable's name.
    case environment(String)
    /// The flag as the user would recognise it: `--set limits.head` or `--upstream`.
    case flag(String)

    /// Precedence: the greater wins.
    var strength: Int {
        switch self {
        case .standard: 0
        case .file: 1
        case .environment: 2
        case .flag: 3
        }
    }

    /// A diagnostic about the setting `path`: a file's place comes first and the message names the
    /// setting; a variable or flag names itself.
    package func diagnostic(
        _ code: String, _ path: String, _ message: String, at position: SourcePosition? = nil,
        suggestion: String? = nil
    ) -> Diagnostic {
        switch self {
        case .standard:
            Diagnostic(
                code: code, position: nil, message: "`\(path)` \(message)", suggestion: suggestion)
        case .file(let own):
            Diagnostic(
                code: code, position: position ?? own, message: "`\(path)` \(message)",
                suggestion: suggestion)
        case .environment(let variable):
            Diagnostic(
                code: code, position: nil, message: "\(variable): \(message)",
                suggestion: suggestion)
        case .flag(let flag):
            Diagnostic(
                code: code, position: nil, message: "\(flag): \(message)", suggestion: suggestion)
        }
    }
}
