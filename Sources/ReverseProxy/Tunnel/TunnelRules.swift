internal import AccessPolicy

/// How long a tunnel may live and be silent; times are the loop clock's milliseconds.
struct TunnelRules: Equatable {
    /// From the last frame to a ping of ours; nil: none is sent.
    var pingsAfter: Int64?
    /// Longest time without a frame of either endpoint.
    var idle: Int64
    /// When it ends in any case.
    var endsAt: Int64
    /// What is said then.
    var lastWord: TunnelEnd
}

extension TunnelRules {
    /// What the server allows, and what the route's rule makes of it. `tokenLasts`: milliseconds until
    /// the token that opened it expires; nil where none did.
    init(
        _ settings: ProxySettings.WebSockets, _ rule: WebSocketRule, tokenLasts: Int64?,
        now: Int64
    ) {
        pingsAfter = settings.pingInterval > .zero ? settings.pingInterval.milliseconds : nil
        idle = min(settings.idle, rule.idle ?? settings.idle).milliseconds
        var age = settings.maxAge.milliseconds
        if case .duration(let duration) = rule.maxAge { age = min(age, duration.milliseconds) }
        endsAt = now + age
        lastWord = .tooOld
        // `max_age: token` cannot be without `on_expiry: close`.
        guard rule.closesOnExpiry, let tokenLasts, tokenLasts < age else { return }
        endsAt = now + tokenLasts
        lastWord = .tokenExpired
    }
}
