/// A query parameter that a route's conditions may name.
///
/// Two programs read a query in two ways as soon as a key is repeated or an escape is odd. So a request
/// in which a named key is anything but plain is refused, and a key that is not named is not looked at.
package struct QueryParameter: Sendable, Equatable {
    package enum ValueType: String, Sendable, CaseIterable {
        case string, integer, boolean
    }

    /// After percent-decoding.
    package let name: String
    package let type: ValueType
    /// What an absent parameter counts as; nil: whatever asks for it is false, and so is its opposite.
    let fallback: ClaimValue?

    /// Where a token may stand in a URI (RFC 6750 § 2.3). It is never read from there.
    package static let accessToken = QueryParameter(
        name: "access_token", type: .string, fallback: nil)
}
