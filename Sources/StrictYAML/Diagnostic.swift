/// One thing that is wrong in a file that a person wrote, with the place and what to do about it.
///
/// The message is lowercase, without a final period, with the user's own words in backticks.
package struct Diagnostic: Error, Sendable, Equatable, CustomStringConvertible {
    /// A stable word for tests and tools, for example `unknown_key`.
    package let code: String
    /// Where; `nil` when the cause is no place in a file (an environment variable, a flag).
    package let position: SourcePosition?
    package let message: String
    /// A clause of its own that follows the message, for example ``did you mean `roles`?``.
    package let suggestion: String?

    package init(
        code: String, position: SourcePosition?, message: String, suggestion: String? = nil
    ) {
        self.code = code
        self.position = position
        self.message = message
        self.suggestion = suggestion
    }

    /// ``policy.yaml:3:5: unknown key `rolez`; did you mean `roles`?``
    package var description: String {
        var text = position.map { "\($0): " } ?? ""
        text += message
        if let suggestion { text += "; \(suggestion)" }
        return text
    }
}

/// Everything that is wrong in a file: never empty, in file order.
package struct Diagnostics: Error, Sendable, CustomStringConvertible {
    package let all: [Diagnostic]
    /// The texts of files by name, for ``rendered``.
    var sources: [String: String] = [:]

    /// Diagnostics of one file are sorted by position; files keep the order of their first
    /// diagnostic; those without a position come last.
    ///
    /// - Parameter all: at least one diagnostic.
    package init(_ all: [Diagnostic]) {
        precondition(!all.isEmpty, "an error needs at least one diagnostic")
        var files: [String] = []
        for case let file? in all.map(\.position?.file) where !files.contains(file) {
            files.append(file)
        }
        var sorted: [Diagnostic] = []
        for file in files {
            // The index makes the sort stable: two findings at one place keep their order.
            let here = all.enumerated().filter { $0.element.position?.file == file }
            sorted += here.sorted { left, right in
                guard let first = left.element.position, let second = right.element.position,
                    first != second
                else { return left.offset < right.offset }
                return first.precedes(second)
            }.map(\.element)
        }
        self.all = sorted + all.filter { $0.position == nil }
    }

    /// One line per diagnostic.
    package var description: String { all.map(\.description).joined(separator: "\n") }
}
