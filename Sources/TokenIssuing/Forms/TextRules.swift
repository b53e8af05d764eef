/// Questions that the rules of several fields ask about a text.
enum TextRules {
    /// Unicode scalars: what a limit in characters counts.
    static func characterCount(_ text: String) -> Int { text.unicodeScalars.count }

    /// Control characters and line separators: they forge lines of logs and of tables.
    static func hasControl(_ text: String, except allowed: [Unicode.Scalar] = []) -> Bool {
        text.unicodeScalars.contains { isControl($0) && !allowed.contains($0) }
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    static func hasOuterWhiteSpace(_ text: String) -> Bool {
        [text.unicodeScalars.first, text.unicodeScalars.last].contains {
            $0?.properties.isWhitespace == true
        }
    }
}
