import AccessPolicy

extension LeafTrace {
    /// `path.user = claims.subject ("root" and "alice")`
    var line: String { TerminalText.plain("\(words) (\(compared))") }
}

/// What somebody sent, fit for a terminal.
enum TerminalText {
    /// Without what would rewrite the screen or the order of what is read.
    static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse,
                        .unassigned, .surrogate:
                        "\u{FFFD}"
                    default: scalar
                    }
                }))
    }
}
