import AccessPolicy
import TestSupport
import Testing

@testable import Admission

@Suite("RateLimiter")
struct RateLimiterTests {
    private func rule(
        id: Int = 0, per: RateRule.Key = .subject, _ count: Int, in seconds: Int = 1, burst: Int
    ) -> RateRule {
        RateRule(id: id, per: per, count: count, interval: .seconds(seconds), burst: burst)
    }

    private func key(_ subject: String) -> RateKey { RateKey(issuer: "test", subject: subject) }

    @Test("a full bucket lets its burst through, and then one request per interval over count")
    func burst() {
        let rules = [rule(2, burst: 3)]
        let limiter = RateLimiter(rules: rules)
        func excess(_ now: Int64) -> RateLimiter.Excess? {
            limiter.count(rules, now: now) { _ in key("alice") }
        }
        for _ in 0..<3 { #expect(excess(1000) == nil) }
        #expect(
            excess(1000)
                == RateLimiter.Excess(per: .subject, burst: 3, window: 2, retryAfter: 1))
        #expect(excess(1499) != nil)
        #expect(excess(1500) == nil)
        #expect(excess(1500) != nil)
        #expect(excess(1_000_000) == nil)
    }

    @Test("says after how many seconds, rounded up, the next request passes")
    func retryAfter() throws {
        let rules = [rule(2, in: 3600, burst: 1)]
        let limiter = RateLimiter(rules: rules)
        func excess(_ now: Int64) -> RateLimiter.Excess? {
            limiter.count(rules, now: now) { _ in key("alice") }
        }
        #expect(excess(0) == nil)
        #expect(excess(0)?.retryAfter == 1800)
        #expect(excess(1)?.retryAfter == 1800)
        #expect(excess(1000)?.retryAfter == 1799)
        #expect(excess(1_799_999)?.retryAfter == 1)
        #expect(excess(1_800_000) == nil)
    }

    @Test("a clock that is a little behind on another loop gives nothing away, and takes nothing")
    func clocksApart() {
        let rules = [rule(1, burst: 2)]
        let limiter = RateLimiter(rules: rules)
        func passes(_ now: Int64) -> Bool {
            limiter.count(rules, now: now) { _ in key("alice") } == nil
        }
        #expect(passes(5004))
        #expect(passes(5000) == false || passes(5004) == false)
        #expect(passes(7004))
    }

    @Test("each rule, and each key, has a bucket of its own")
    func apart() {
        let rules = [rule(id: 0, 1, burst: 1), rule(id: 1, 1, burst: 1)]
        let limiter = RateLimiter(rules: rules)
        for rule in rules {
            for name in ["alice", "root"] {
                #expect(limiter.count([rule], now: 0) { _ in key(name) } == nil)
                #expect(limiter.count([rule], now: 0) { _ in key(name) } != nil)
            }
        }
    }

    @Test("the same name at another issuer is somebody else")
    func issuers() {
        #expect(RateKey(issuer: "a", subject: "b") == RateKey(issuer: "a", subject: "b"))
        #expect(RateKey(issuer: "a", subject: "b") != RateKey(issuer: "b", subject: "b"))
        #expect(RateKey(issuer: "ab", subject: "c") != RateKey(issuer: "a", subject: "bc"))
    }

    @Test(
        "IPv4 counts by address, IPv6 by network of 64 bits, whatever the spelling",
        arguments: [
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false), ("::1", "0.0.0.1", false),
        ])
    func addresses(_ left: String, _ right: String, _ isSame: Bool) throws {
        let one = try #require(IPAddress(left))
        let other = try #require(IPAddress(right))
        #expect((RateKey(one) == RateKey(other)) == isSame)
    }

    @Test("a request that one of several rules refuses counts for none of them")
    func allOrNothing() {
        let rules = [rule(1, burst: 5), rule(id: 1, per: .route, 1, burst: 1)]
        let limiter = RateLimiter(rules: rules)
        func excess(_ rules: [RateRule]) -> RateLimiter.Excess? {
            limiter.count(rules, now: 0) { $0 == .route ? RateKey.everybody : key("alice") }
        }
        #expect(excess(rules) == nil)
        for _ in 0..<20 { #expect(excess(rules)?.per == .route) }
        // Four are left of the five.
        for _ in 0..<4 { #expect(excess([rules[0]]) == nil) }
        #expect(excess([rules[0]])?.per == .subject)
    }

    @Test("a rule without a key for the request does not count it")
    func noKey() {
        let rules = [rule(1, burst: 1)]
        let limiter = RateLimiter(rules: rules)
        for _ in 0..<5 { #expect(limiter.count(rules, now: 0) { _ in nil } == nil) }
    }

    @Test("agrees with a bucket that is kept by hand, request by request")
    func againstReference() {
        var random = SeededGenerator(for: "rate limiter")
        for _ in 0..<propertyRounds(60) {
            let rules = [
                rule(
                    Int.random(in: 1...200, using: &random), in: random.pick([1, 60, 3600]),
                    burst: Int.random(in: 1...40, using: &random))
            ]
            let limiter = RateLimiter(rules: rules)
            var references: [String: ReferenceBucket] = [:]
            let longest = random.pick([3, 50, 2000, 100_000])
            var now = Int64.random(in: 0...1_000_000_000, using: &random)
            for step in 0..<400 {
                now += Int64(Int.random(in: 0...longest, using: &random))
                let name = random.pick(["alice", "root", "mallory"])
                let isWithin = limiter.count(rules, now: now) { _ in key(name) } == nil
                let expected = references[name, default: ReferenceBucket(rules[0])].take(now)
                guard isWithin == expected else {
                    Issue.record("step \(step) of \(rules[0]): \(isWithin), not \(expected)")
                    return
                }
            }
        }
    }

    @Test("a flood of keys that fills the memory lets nobody exceed the rule")
    func flood() {
        var random = SeededGenerator(for: "rate limiter's flood")
        let rule = TokenBucketRule(rule(5, burst: 4))
        for _ in 0..<propertyRounds(20) {
            // Room for 16, wanted by hundreds.
            let table = BucketTable(rule, capacity: 16, shards: 1)
            var references: [UInt64: ReferenceBucket] = [:]
            var now: Int64 = 0
            for _ in 0..<4000 {
                now += Int64(Int.random(in: 0...3, using: &random))
                let key = UInt64.random(in: 0...random.pick([7, 500]), using: &random)
                guard table.take(key, now: now) == 0 else { continue }
                let isWithin = references[
                    key, default: ReferenceBucket(self.rule(5, burst: 4))
                ].take(now)
                guard isWithin else {
                    Issue.record("key \(key) got more than the rule allows")
                    return
                }
            }
        }
    }

    @Test("a flood of keys cannot keep everybody else out: after it, newcomers pass")
    func afterFlood() {
        let table = BucketTable(TokenBucketRule(rule(5, burst: 4)), capacity: 64, shards: 1)
        for key in 0..<10_000 { _ = table.take(UInt64(key), now: 0) }
        // Every bucket is full again after 4/5 of a second.
        for key in 20_000..<20_064 { #expect(table.take(UInt64(key), now: 800) == 0) }
    }

    @Test("event loops count in the same buckets")
    func shared() async {
        let rules = [rule(1, burst: 500)]
        let limiter = RateLimiter(rules: rules)
        let passed = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<400).count { _ in
                        limiter.count(rules, now: 0) { _ in key("alice") } == nil
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(passed == 500)
    }

    @Test("the largest numbers are no trap")
    func extremes() {
        let rules = [rule(.max, burst: .max), rule(id: 1, .max, in: 3600, burst: 1)]
        let limiter = RateLimiter(rules: rules)
        let slow = [rule(id: 1, 1, in: .max / 2000, burst: .max)]
        let other = RateLimiter(rules: slow)
        for _ in 0..<10 { #expect(other.count(slow, now: 0) { _ in key("alice") } == nil) }
        for now in [0, 1, Int64(10_000_000_000_000)] {
            #expect(limiter.count(rules, now: now) { _ in key("alice") } == nil)
        }
    }
}

/// A bucket as one would keep it by hand: what is in it, in fractions of a request.
private struct ReferenceBucket {
    private let count: Int64
    private let interval: Int64
    private let capacity: Int64
    private var content: Int64
    private var filledAt: Int64?

    init(_ rule: RateRule) {
        count = Int64(rule.count)
        interval = rule.interval.components.seconds * 1000
        capacity = Int64(rule.burst) * interval
        content = capacity
    }

    mutating func take(_ now: Int64) -> Bool {
        content = min(capacity, content + (now - (filledAt ?? now)) * count)
        filledAt = now
        guard content >= interval else { return false }
        content -= interval
        return true
    }
}
