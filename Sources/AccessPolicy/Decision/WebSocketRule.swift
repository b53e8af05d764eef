/// What holds for the connections of a WebSocket route.
package struct WebSocketRule: Sendable, Equatable {
    /// Whose pages may open a connection.
    package enum Origins: Sendable, Equatable {
        /// Pages of the very host that the handshake names.
        case sameHost
        /// Serialised origins, compared byte for byte.
        case listed([String])
    }

    /// How long a connection lives.
    package enum Age: Sendable, Equatable {
        /// As long as the token that opened it.
        case token
        case duration(Duration)
    }

    package var origins = Origins.sameHost
    package var maxAge = Age.token
    /// Without a frame in either direction; nil: as the server is configured.
    package var idle: Duration?
    /// Whether a connection ends when its token does.
    package var closesOnExpiry = true

    package init() {}
}
