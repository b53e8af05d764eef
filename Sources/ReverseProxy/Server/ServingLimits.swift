internal import AccessPolicy

/// Sizes and waiting times under one policy. What the server is configured with is a ceiling: a policy
/// can ask for less, never for more.
struct ServingLimits {
    let requestHead: HeadLimits
    let connect: Duration
    private let body: Int64
    private let responseHead: Duration
    private let streamIdle: Duration

    init(_ settings: ProxySettings, _ defaults: PolicyDefaults) {
        let limits = settings.limits
        let head = min(limits.head, defaults.limits.headers ?? .max)
        requestHead = HeadLimits(
            head: head, fields: min(limits.headerCount, defaults.limits.headerCount ?? .max),
            target: min(limits.target, defaults.limits.target ?? .max))
        connect = Self.shorter(settings.timeouts.connect, defaults.timeouts.connect)
        body = limits.body
        responseHead = settings.timeouts.responseHead
        streamIdle = settings.timeouts.streamIdle
    }

    /// Bytes of a request body where the policy allows `limit`.
    func body(_ limit: Int?) -> Int64 { limit.map { min(body, Int64($0)) } ?? body }

    /// How long an exchange on a route with these waiting times may be silent.
    func patience(_ timeouts: RouteTimeouts) -> Patience {
        Patience(
            responseHead: Self.shorter(responseHead, timeouts.responseHeader).milliseconds,
            streamIdle: Self.shorter(streamIdle, timeouts.idle).milliseconds)
    }

    private static func shorter(_ ceiling: Duration, _ asked: Duration?) -> Duration {
        asked.map { min(ceiling, $0) } ?? ceiling
    }
}

/// Milliseconds that one exchange may be silent.
struct Patience {
    /// From the request to the head of its answer.
    let responseHead: Int64
    /// Between two pieces of a body, either way.
    let streamIdle: Int64
}
