/// A request method that a route can match. Every other method is answered before a policy is asked.
package enum Method: UInt8, Sendable, CaseIterable {
    case get, head, post, put, patch, delete, options
    /// A WebSocket handshake, whatever method carries it (GET in HTTP/1.1): `WEBSOCKET` in a policy.
    case webSocket

    /// The methods that a request line can have: not WEBSOCKET.
    package static let ofRequests: [Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    /// The method of a pattern: exact, since methods are case-sensitive (RFC 9110 § 9.1).
    package init?(name: some StringProtocol) {
        guard let method = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = method
    }

    package var name: String { "\(wireName)" }

    /// As in a request line; static text, so that writing it allocates nothing.
    package var wireName: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .webSocket: "WEBSOCKET"
        }
    }
}
