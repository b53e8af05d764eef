package import StrictYAML

/// A limit or a waiting time that a policy states, with its place: the server's configuration has a
/// ceiling for each, which a policy cannot lift.
package struct StatedLimit: Sendable, Equatable {
    /// The raw value is the key in the policy.
    package enum Kind: String, Sendable, CaseIterable {
        case body, headers, target
        case headerCount = "header_count"
        case connect, idle
        case responseHeader = "response_header"
    }

    package enum Amount: Sendable, Equatable {
        case bytes(Int)
        case count(Int)
        case time(Duration)
    }

    package let kind: Kind
    package let amount: Amount
    /// The keys that lead to it, for example `routes.limits.body`.
    package let name: String
    package let position: SourcePosition
}
