/// One setting of `ostiary.yaml`: its description and how one written value becomes a checked one.
///
/// `Settings` lists all of them; the file reader, the environment, `--set`, the reference and its
/// document all work from that list, so a setting cannot exist in one of them only.
struct Setting<Value: Sendable>: Sendable {
    let description: SettingDescription
    /// Checks one value, for lists one element.
    let parse: @Sendable (String) throws(SettingProblem) -> Value
}

/// What is known of a setting without its type.
package struct SettingDescription: Sendable {
    package let path: SettingPath
    /// The type in a word or two, for the reference.
    package let type: String
    /// The least and the greatest value as they would be written; nil without bounds.
    var bounds: (least: String, most: String)?
    /// Whether the file writes a list, and the environment and `--set` separate values by commas.
    package var isList = false
    /// Whether a plain `no` or `null` in the file is ambiguous text that needs quotes.
    var isText = false
    /// What to do for somebody who writes the text's own structure into the file.
    var structureHint: String?
    /// Whether the setting describes the file itself, so that only the file can hold it.
    package var isFileOnly = false
    /// The default as it would be written; empty when there is none.
    var defaults: [String] = []
    /// The default in words, where it depends on the machine or on other settings.
    var defaultNote: String?
    /// One sentence for the reference.
    package let meaning: String
    /// A value that differs from the default, for the reference's tests.
    package let example: String
}

/// Why a written value is refused: ``must be …, not `x` ``.
struct SettingProblem: Error {
    let message: String
    var suggestion: String?
}

/// The keys that lead to a setting. One of them may be a name that the user chooses.
package struct SettingPath: Sendable {
    /// `nil` stands for the user's name.
    let components: [String?]

    /// Reads `limits.head` or `upstreams.<name>.url`.
    init(_ dotted: String) {
        components = dotted.split(separator: ".").map { $0 == "<name>" ? nil : String($0) }
    }

    /// With the user's name put in, or `<name>`.
    package func dotted(_ name: String? = nil) -> String {
        components.map { $0 ?? name ?? "<name>" }.joined(separator: ".")
    }

    /// `OSTIARY_LIMITS_HEAD`; with the user's name put in, or `<NAME>`.
    package func environmentName(_ name: String? = nil) -> String {
        let parts = components.map { $0 ?? name.map(Self.environmentForm) ?? "<NAME>" }
        return "OSTIARY_" + parts.map { $0.uppercased() }.joined(separator: "_")
    }

    /// The user's name in a dotted path that is this one; `.some(nil)` when there is no name in it.
    func match(dotted: String) -> String?? {
        let parts = dotted.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == components.count else { return .none }
        var name: String?
        for (part, component) in zip(parts, components) {
            if let component {
                guard part == component else { return .none }
            } else {
                name = String(part)
            }
        }
        return .some(name)
    }

    /// The user's name, in the form of the environment, in a variable that sets this path.
    func match(environment variable: String) -> String?? {
        guard let index = components.firstIndex(of: nil) else {
            return variable == environmentName() ? .some(nil) : .none
        }
        let before = components[..<index].map { $0 ?? "" } + [""]
        let after = [""] + components[(index + 1)...].map { $0 ?? "" }
        let prefix = "OSTIARY_" + before.joined(separator: "_").uppercased()
        let suffix = after.joined(separator: "_").uppercased()
        guard variable.hasPrefix(prefix), variable.hasSuffix(suffix),
            variable.utf8.count > prefix.utf8.count + suffix.utf8.count
        else { return .none }
        return .some(String(variable.dropFirst(prefix.count).dropLast(suffix.count)))
    }

    /// A variable's name cannot hold `-`, nor tell upper from lower case.
    static func environmentForm(_ name: String) -> String {
        String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }
}
