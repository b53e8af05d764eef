import StrictJSON

/// Text that equals only the very same UTF-8 bytes. Two equal `String`s can be different bytes (the
/// Kelvin sign equals the letter K), and would be one person or one role.
struct ExactText: Sendable, Equatable {
    let string: String

    init(_ string: String) { self.string = string }

    static func == (left: ExactText, right: ExactText) -> Bool {
        left.string.hasSameBytes(as: right.string)
    }
}
