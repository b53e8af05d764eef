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

    /// The rule's own buckets are those with this number. Unique in the policy, except that routes share
    /// what `defaults` says per subject or address: who may ask twenty times may not do so on each
    /// route.
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
