import TokenVerification

/// Sessions that have ended while access tokens of them may still be unexpired. Belongs to one event
/// loop, like the gatekeeper that asks it.
///
/// An entry is needed only until the last token of its session has expired, so there are never more
/// than sessions ended within one access token's lifetime.
struct DeniedSessions {
    private var until: [SessionID: Int64] = [:]
    /// When the first entry can go; Unix seconds.
    private var earliest = Int64.max

    @inline(__always)
    func holds(_ session: SessionID?) -> Bool {
        guard let session, !until.isEmpty else { return false }
        return until[session] != nil
    }

    /// Keeps the later end when the session is denied already.
    mutating func deny(_ revocation: SessionRevocation) {
        let end = max(until[revocation.session] ?? .min, revocation.until)
        until[revocation.session] = end
        earliest = min(earliest, end)
    }

    /// `now` is Unix time in seconds.
    mutating func forgetExpired(now: Int64) {
        guard now >= earliest else { return }
        until = until.filter { $0.value > now }
        // Not for every single one that follows: the pass goes over all of them.
        earliest = until.values.min().map { max($0, now + Self.passInterval) } ?? .max
    }

    var count: Int { until.count }

    /// Seconds from one pass over the entries to the next.
    private static let passInterval: Int64 = 5
}
