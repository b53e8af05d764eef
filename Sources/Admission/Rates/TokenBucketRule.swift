package import AccessPolicy

/// A rate rule in whole numbers: what a request costs, what a millisecond gives back.
///
/// A bucket is one number, the moment at which it is full again. In ticks of 1/`ticksPerMillisecond`
/// milliseconds rates are exact: three in a second are three in a second, for ever.
package struct TokenBucketRule: Sendable, Equatable {
    let ticksPerMillisecond: Int64
    /// What one request takes from a bucket.
    let cost: Int64
    /// What a full bucket holds.
    let capacity: Int64

    package init(_ rule: RateRule) {
        let interval = min(max(1, rule.interval.wholeMilliseconds), Self.longestInterval)
        let count = Int64(max(1, rule.count))
        let divisor = Self.greatestCommonDivisor(count, interval)
        if count / divisor <= Self.mostTicks {
            ticksPerMillisecond = count / divisor
            cost = interval / divisor
        } else {
            // Millions of requests, and not even round ones: the next slower rate will do.
            ticksPerMillisecond = Self.mostTicks
            let (quotient, rest) = (interval * Self.mostTicks).quotientAndRemainder(
                dividingBy: count)
            cost = quotient + (rest > 0 ? 1 : 0)
        }
        capacity = cost * Int64(min(max(1, rule.burst), Self.largestBurst))
    }

    /// Requests that a full bucket lets through at once.
    package var burst: Int64 { capacity / cost }

    /// Seconds, rounded up, in which an empty bucket fills.
    package var window: Int64 { seconds(capacity) }

    /// Ticks at this time; `now` is in milliseconds of a clock that never runs backwards.
    func ticks(_ now: Int64) -> Int64 { now * ticksPerMillisecond }

    /// Seconds, rounded up.
    func seconds(_ ticks: Int64) -> Int64 {
        let perSecond = ticksPerMillisecond * 1000
        return (max(0, ticks) + perSecond - 1) / perSecond
    }

    private static func greatestCommonDivisor(_ left: Int64, _ right: Int64) -> Int64 {
        right == 0 ? left : greatestCommonDivisor(right, left % right)
    }

    // INVARIANT (no overflow): a clock of 300 years is 10^13 milliseconds, times 10^5 ticks; a full
    // bucket is 10^9 times 10^8 ticks.
    private static let longestInterval: Int64 = 86_400_000
    private static let mostTicks: Int64 = 100_000
    private static let largestBurst = 1_000_000_000
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 {
        let parts = components
        return parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
    }
}
