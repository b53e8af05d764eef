package import AccessPolicy

/// Counts requests against the rate rules of a policy, for all event loops together.
///
/// Belongs to one policy; a new policy begins with full buckets. The clock is an argument.
package final class RateLimiter: Sendable {
    /// A rule that a request would exceed.
    package struct Excess: Sendable, Equatable {
        package let per: RateRule.Key
        /// Requests that a full bucket lets through at once.
        package let burst: Int64
        /// Seconds in which an empty bucket fills.
        package let window: Int64
        /// Whole seconds, at least 1, after which the next request passes if no other is made before.
        package let retryAfter: Int64

        package init(per: RateRule.Key, burst: Int64, window: Int64, retryAfter: Int64) {
            self.per = per
            self.burst = burst
            self.window = window
            self.retryAfter = retryAfter
        }
    }

    private let tables: [BucketTable?]

    package convenience init(policy: PolicySet) { self.init(rules: policy.routes.flatMap(\.rates)) }

    /// `capacity`: buckets that are remembered in all; a rule gets an equal share, and at least
    /// `smallestTable`.
    init(rules: [RateRule], capacity: Int = RateLimiter.defaultCapacity) {
        var distinct: [Int: RateRule] = [:]
        for rule in rules { distinct[rule.id] = rule }
        let share = max(Self.smallestTable, capacity / max(1, distinct.count))
        var tables: [BucketTable?] = []
        for id in 0..<((distinct.keys.max() ?? -1) + 1) {
            tables.append(
                distinct[id].map { rule in
                    let isCrowded = rule.per != .route
                    return BucketTable(
                        TokenBucketRule(rule), capacity: isCrowded ? share : Self.smallestTable,
                        shards: isCrowded ? Self.shards : 1)
                })
        }
        self.tables = tables
    }

    /// Counts a request against all `rules` for which there is a key, or against none of them if one
    /// has no room.
    ///
    /// `now` is in milliseconds of a clock that never runs backwards.
    func count(
        _ rules: [RateRule], now: Int64, keyOf: (RateRule.Key) -> RateKey?
    ) -> Excess? {
        for index in rules.indices {
            guard let key = keyOf(rules[index].per), let table = table(rules[index]) else {
                continue
            }
            let missing = table.take(key.number, now: now)
            guard missing > 0 else { continue }
            for earlier in rules[..<index] {
                guard let key = keyOf(earlier.per) else { continue }
                self.table(earlier)?.giveBack(key.number)
            }
            return Excess(
                per: rules[index].per, burst: table.rule.burst, window: table.rule.window,
                retryAfter: max(1, table.rule.seconds(missing)))
        }
        return nil
    }

    private func table(_ rule: RateRule) -> BucketTable? {
        tables.indices.contains(rule.id) ? tables[rule.id] : nil
    }

    /// Four megabytes, once that many have come.
    package static let defaultCapacity = 262_144
    private static let smallestTable = 1024
    private static let shards = 16
}
