/// Why the path of a request target is refused. Every case is answered with 400 `bad_target`.
package enum TargetRejection: Error, Sendable, Equatable {
    /// No `/` at the start: not origin-form (RFC 9112 § 3.2.1).
    case notAbsolute
    /// A raw byte that RFC 3986 § 3.3 does not allow in a path, for example `\`, `#`, a space or
    /// any byte from 0x80 on.
    case forbiddenByte
    /// `%` that two hexadecimal digits do not follow.
    case malformedEscape
    /// `%2F`, `%5C`, `%25`, `%3B`, `%23` or `%3F`, which would change the structure of the path for
    /// whoever decodes it next, and the route (of either view) does not allow.
    case forbiddenEscape
    /// `%00` to `%1F`, or `%7F`.
    case encodedControl
    /// Escapes that do not decode to UTF-8 (overlong forms and surrogates included).
    case invalidUTF8
    /// A segment that is `.` or `..`, also once its `;parameters` are dropped.
    case dotSegment
    /// An empty segment before the last one: `//`, or `/;a=b/`.
    case emptySegment
    /// More than ``CanonicalPath/maximumSegments`` segments.
    case tooManySegments
    /// Escapes of escapes, deeper than ``PathFolding/maximumRounds``.
    case tooManyEscapes

    /// The reason code of the answer.
    package var code: String { "bad_target" }

    /// What was wrong, for a log: never a part of the target.
    package var detail: String {
        switch self {
        case .notAbsolute: "the path does not start with a slash"
        case .forbiddenByte: "the path holds a byte that must be escaped"
        case .malformedEscape: "the path holds a malformed escape"
        case .forbiddenEscape: "the path holds an escaped delimiter"
        case .encodedControl: "the path holds an escaped control character"
        case .invalidUTF8: "the path does not decode to UTF-8"
        case .dotSegment: "the path holds a dot segment"
        case .emptySegment: "the path holds an empty segment"
        case .tooManySegments: "the path has too many segments"
        case .tooManyEscapes: "the path is escaped too many times"
        }
    }
}
