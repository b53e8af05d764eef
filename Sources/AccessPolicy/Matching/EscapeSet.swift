/// Percent-encoded characters that some programs take for the character itself and others do not.
package struct EscapeSet: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `%2F`
    package static let slash = EscapeSet(rawValue: 1)
    /// `%5C`
    package static let backslash = EscapeSet(rawValue: 2)
    /// `%25`
    package static let percent = EscapeSet(rawValue: 4)
    /// `%3B`
    package static let semicolon = EscapeSet(rawValue: 8)
    /// `%23`
    package static let hash = EscapeSet(rawValue: 16)
    /// `%3F`
    package static let question = EscapeSet(rawValue: 32)

    /// Empty for a byte that is no delimiter.
    init(of byte: UInt8) {
        self =
            switch byte {
            case UInt8(ascii: "/"): .slash
            case UInt8(ascii: "\\"): .backslash
            case UInt8(ascii: "%"): .percent
            case UInt8(ascii: ";"): .semicolon
            case UInt8(ascii: "#"): .hash
            case UInt8(ascii: "?"): .question
            default: []
            }
    }
}
