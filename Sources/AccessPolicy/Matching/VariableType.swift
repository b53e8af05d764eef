/// What the text of a typed variable, `{name:int}`, must be.
package enum VariableType: String, Sendable, CaseIterable {
    /// 1 to 18 decimal digits, so that the number fits into 64 bits.
    case int
    /// 8-4-4-4-12 hexadecimal digits of either case (RFC 9562 § 4).
    case uuid
    /// One or more ASCII letters, digits, `-` and `_`.
    case slug
    /// One or more hexadecimal digits of either case.
    case hex
    /// A day of the Gregorian calendar, `2024-02-29` (RFC 3339 § 5.6, `full-date`).
    case date

    /// Whether texts of the class are of this type.
    func accepts(_ textClass: TextClass) -> Bool {
        switch self {
        case .int: textClass == .digits
        case .hex: textClass == .digits || textClass == .hex
        case .uuid: textClass == .uuid
        case .date: textClass == .date
        case .slug: true
        }
    }
}
