/// What is wrong with one field of a form. The message never repeats the value.
package struct FieldError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The field's name in the API, such as `full_name`.
    package let field: String
    package let code: Code
    /// Follows the field's name: `must have at least 15 characters`.
    package let message: String

    package init(_ field: String, _ code: Code, _ message: String) {
        self.field = field
        self.code = code
        self.message = message
    }

    package var description: String { "`\(field)` \(message)" }

    /// For programs; never changed once published.
    package enum Code: String, Sendable, CaseIterable {
        case required
        case tooShort = "too_short"
        case tooLong = "too_long"
        case malformed
        case forbiddenCharacter = "forbidden_character"
        case outerWhiteSpace = "outer_white_space"
        case wrongType = "wrong_type"
        case unknownField = "unknown_field"
        case notChangeable = "not_changeable"
    }

    static func required(_ field: String) -> FieldError {
        FieldError(field, .required, "is required")
    }
}
