/// One limit on how often: a bucket that holds `burst` requests and fills at `count` in `interval`.
package struct RateRule: Sendable, Equatable {
    /// What has a bucket of its own.
    package enum Key: String, Sendable, CaseIterable {
        /// Who asks: issuer and subject; for an anonymous request the client's address.
        case subject
        case address
        /// All requests of the route together.
        case route
    }

    /// Unique in the policy. Routes that take the rule of `defaults` share it, and its buckets; only
    /// those per route are told apart by the route as well.
    package let id: Int
    package let per: Key
    /// At least 1, in `interval`.
    package let count: Int
    /// A second, a minute, an hour.
    package let interval: Duration
    /// At least 1.
    package let burst: Int

    package init(id: Int, per: Key, count: Int, interval: Duration, burst: Int) {
        self.id = id
        self.per = per
        self.count = count
        self.interval = interval
        self.burst = burst
    }
}
