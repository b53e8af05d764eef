import StrictYAML

/// What names in a policy may look like. All are ASCII, so that equal names are equal bytes.
enum NameRule {
    /// Names of issuers, claims and routes: words that also serve as labels and as parts of `claims.x`.
    case word
    /// Names of variables in patterns.
    case variable
    /// Names of roles, which other systems may have chosen: visible characters, none of which could
    /// split or end a header value.
    case role

    /// Reports a name that breaks the rule.
    func check(
        _ name: String, _ kind: String, at position: SourcePosition, _ sink: DiagnosticSink
    ) -> Bool {
        if !name.isEmpty, name.utf8.count <= Self.maximumLength, accepts(name) { return true }
        sink.report("bad_name", at: position, "`\(name)` is no valid \(kind) name: \(requirement)")
        return false
    }

    private func accepts(_ name: String) -> Bool {
        switch self {
        case .word: Self.isLetter(name.utf8.first) && name.utf8.allSatisfy(Self.isWordByte)
        case .variable:
            Self.isLetter(name.utf8.first)
                && name.utf8.allSatisfy {
                    Self.isWordByte($0) && $0 != UInt8(ascii: "-")
                }
        case .role:
            name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !Self.separators.contains($0) }
        }
    }

    private var requirement: String {
        switch self {
        case .word: "use a letter, then up to 63 letters, digits, `-` or `_`"
        case .variable: "use a letter, then up to 63 letters, digits or `_`"
        case .role: "use up to 64 visible ASCII characters other than `,` `;` `\"` `\\`"
        }
    }

    private static func isLetter(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || byte == UInt8(ascii: "_")
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-")
    }

    private static let separators = Array(",;\"\\".utf8)
    private static let maximumLength = 64
}
