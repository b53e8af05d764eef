private import Synchronization

/// The buckets of one rule, by key. Shared by all event loops: in shards, each behind a lock that is
/// held for a handful of comparisons.
///
/// Memory is bounded, so a flood of keys can fill a table. Nothing becomes free of its limit then: a
/// key without a place takes over the fullest bucket among the eight where it may stand, *as it is*.
///
/// INVARIANT (nobody gains by being forgotten): a bucket is given away only when it is the fullest of
/// its eight, so whoever comes back finds none that is fuller than his own has become meanwhile.
/// Newcomers may have to share a bucket for a while; who exceeds the rule is never let through.
final class BucketTable: Sendable {
    private struct Bucket {
        var key: UInt64
        /// The moment, in the rule's ticks, at which the bucket is full again. In the past: it is, and
        /// need not be remembered.
        var fullAt: Int64
    }

    private final class Shard: Sendable {
        let buckets = Mutex<[Bucket]>([])
    }

    let rule: TokenBucketRule
    private let shards: [Shard]
    private let groupsPerShard: Int

    /// `capacity`: buckets in all, rounded up to a power of two. Memory is taken when it is needed,
    /// 16 bytes for each.
    init(_ rule: TokenBucketRule, capacity: Int, shards: Int) {
        self.rule = rule
        self.shards = (0..<shards).map { _ in Shard() }
        var groups = 1
        while groups * shards * Self.ways < capacity { groups *= 2 }
        groupsPerShard = groups
    }

    /// Takes one request's worth out of the bucket of `key`, if it holds as much.
    ///
    /// - Returns: ticks until the bucket holds enough; 0 when it did, and the request is counted.
    func take(_ key: UInt64, now: Int64) -> Int64 {
        let now = rule.ticks(now)
        return withGroup(of: key) { buckets, start in
            let index = Self.place(of: key, in: buckets, from: start, now)
            let next = max(buckets[index].fullAt, now) + rule.cost
            let missing = next - now - rule.capacity
            guard missing <= 0 else { return missing }
            buckets[index] = Bucket(key: key, fullAt: next)
            return 0
        }
    }

    /// Undoes a `take`.
    func giveBack(_ key: UInt64) {
        withGroup(of: key) { buckets, start in
            for index in start..<(start + Self.ways) where buckets[index].key == key {
                buckets[index].fullAt -= rule.cost
                return
            }
        }
    }

    private func withGroup<Value>(
        of key: UInt64, _ body: (inout [Bucket], _ start: Int) -> Value
    ) -> Value {
        let shard = shards[Int(key >> 32) & (shards.count - 1)]
        let start = (Int(truncatingIfNeeded: key) & (groupsPerShard - 1)) * Self.ways
        let count = groupsPerShard * Self.ways
        return shard.buckets.withLock { buckets in
            if buckets.isEmpty {
                buckets = Array(repeating: Bucket(key: 0, fullAt: .min / 2), count: count)
            }
            return body(&buckets, start)
        }
    }

    /// The key's own place, or one that nobody needs, or that of the fullest bucket.
    private static func place(
        of key: UInt64, in buckets: [Bucket], from start: Int, _ now: Int64
    ) -> Int {
        var best = start
        for index in start..<(start + ways) {
            if buckets[index].key == key { return index }
            if buckets[index].fullAt < buckets[best].fullAt { best = index }
        }
        return best
    }

    private static let ways = 8
}
