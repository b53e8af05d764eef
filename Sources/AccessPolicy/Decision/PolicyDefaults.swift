/// `defaults`, as far as it is about more than single routes; nil: as the server is configured.
package struct PolicyDefaults: Sendable, Equatable {
    package var limits = PolicyLimits()
    package var timeouts = PolicyTimeouts()

    package init() {}
}

/// `defaults.limits`. All but `body` are about heads, which are read before a route is known.
package struct PolicyLimits: Sendable, Equatable {
    /// Bytes of a request's body; routes have it in their own ``Route/limits``.
    package var body: Int?
    /// Bytes of a request's head.
    package var headers: Int?
    /// Number of header fields.
    package var headerCount: Int?
    /// Bytes of a request's target.
    package var target: Int?

    package init() {}
}

/// `defaults.timeouts`.
package struct PolicyTimeouts: Sendable, Equatable {
    /// Until a connection to the app is there.
    package var connect: Duration?
    /// Routes have it in their own ``Route/timeouts``.
    package var responseHeader: Duration?
    /// Routes have it in their own ``Route/timeouts``.
    package var idle: Duration?

    package init() {}
}
