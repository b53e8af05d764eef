/// Sizes that a route allows; nil: as the server is configured, whose values are ceilings.
package struct RouteLimits: Sendable, Equatable {
    /// Bytes of a request's body.
    package var body: Int?

    package init(body: Int? = nil) { self.body = body }
}

/// How long a route waits; nil: as the server is configured, whose values are ceilings.
package struct RouteTimeouts: Sendable, Equatable {
    /// From the end of the request to the head of the app's answer.
    package var responseHeader: Duration?
    /// Between two parts of an exchange.
    package var idle: Duration?

    package init(responseHeader: Duration? = nil, idle: Duration? = nil) {
        self.responseHeader = responseHeader
        self.idle = idle
    }
}
