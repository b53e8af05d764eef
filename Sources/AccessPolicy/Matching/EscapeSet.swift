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
}
