package import StrictYAML

/// A limit or a waiting time that a policy states, with its place: the server's configuration has a
/// ceiling for each, which a policy cannot lift.
package struct StatedLimit: Sendable, Equatable {
    package enum Kind: Sendable, CaseIterable {
        case body, headers, target, headerCount
        case connect, idle, responseHeader
        case webSocketIdle, webSocketAge

        /// The key in the policy.
        var key: String {
            switch self {
            case .body: "body"
            case .headers: "headers"
            case .target: "target"
            case .headerCount: "header_count"
            case .connect: "connect"
            case .idle, .webSocketIdle: "idle"
            case .responseHeader: "response_header"
            case .webSocketAge: "max_age"
            }
        }
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
