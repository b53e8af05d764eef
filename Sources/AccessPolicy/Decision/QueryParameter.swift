/// A key of the query that a route's conditions may name.
package struct QueryParameter: Sendable, Equatable {
    /// After percent-decoding.
    package let name: String
    package let type: ValueType
    /// What counts when the key is absent; nil: whatever asks for it is false.
    let fallback: ClaimValue?

    package enum ValueType: String, Sendable, CaseIterable {
        case string, integer, boolean
    }
}
