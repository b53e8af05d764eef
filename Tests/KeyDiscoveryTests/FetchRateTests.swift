import TestSupport
import Testing
import TokenVerification

@testable import KeyDiscovery

/// The schedule over long times, in none.
@Suite("how often an issuer is asked")
struct FetchRateTests {
    private static let rules = RefreshSchedule.Rules(
        interval: .seconds(300), staleIfError: .seconds(1_000), cooldown: .seconds(30))

    private var schedule = RefreshSchedule(rules, now: .zero, hasKeys: true)
    private var endOfFetch: Duration?
    /// When fetches began for the sake of a token.
    private var begun: [Duration] = []

    /// Ends the fetch under way in time, and begins the background's.
    private mutating func passes(until now: Duration) {
        if let end = endOfFetch, end <= now {
            schedule.succeeded(at: end, holding: [.test("own")])
            schedule.finished()
            endOfFetch = nil
        }
        if schedule.beginIfDue(at: now) { endOfFetch = now + .milliseconds(100) }
    }

    private mutating func ask(_ name: String, at now: Duration) {
        passes(until: now)
        guard schedule.seek(.test(name), at: now) == .begins else { return }
        begun.append(now)
        endOfFetch = now + .milliseconds(100)
    }

    @Test("10,000 new names in a second: one fetch in a cooldown, whoever else asks on")
    mutating func flood() {
        for second in 0..<95 {
            let count = second % 30 == 0 ? 10_000 : 100
            for number in 0..<count {
                ask("\(second)-\(number)", at: .seconds(second) + .seconds(1) * number / count)
                if number == count / 2 {
                    ask("stale", at: .seconds(second) + .seconds(1) * number / count)
                }
            }
        }
        #expect(begun == [0, 30, 60, 90].map { .seconds($0) })
    }

    @Test("a forgotten client that asks every second never stands in the way of a rotation")
    mutating func forgottenClient() {
        for second in 0..<1_800 {
            let now = Duration.seconds(second)
            ask("stale", at: now)
            // Its first question counts as new.
            guard second >= 30 else { continue }
            for delay in [0, 50, 500] {
                var moment = self
                moment.passes(until: now + .milliseconds(delay))
                let outcome = moment.schedule.seek(.test("new"), at: now + .milliseconds(delay))
                #expect(outcome != .nothing, "at \(second) s")
            }
        }
        #expect(begun.count <= 1_800 / 30)
    }

    @Test("thirty forgotten clients stand in its way for two cooldowns, and then no more")
    mutating func forgottenClients() {
        for second in 0..<200 {
            let now = Duration.seconds(second)
            for client in 0..<30 { ask("stale-\(client)", at: now) }
            guard second >= 60 else { continue }
            var moment = self
            moment.passes(until: now)
            let outcome = moment.schedule.seek(.test("new"), at: now)
            #expect(outcome != .nothing, "at \(second) s")
        }
    }

    @Test("no mixture of names brings about three fetches in a cooldown")
    mutating func mixtures() {
        var generator = SeededGenerator(for: "mixtures")
        var now = Duration.zero
        for _ in 0..<30_000 {
            now += .milliseconds(Int.random(in: 0...2_000, using: &generator))
            let known = Int.random(in: 0..<2, using: &generator) == 0
            ask("\(Int.random(in: 0..<(known ? 5 : 100_000), using: &generator))", at: now)
        }
        #expect(begun.count > 50)
        for (first, third) in zip(begun, begun.dropFirst(2)) {
            #expect(third - first >= Self.rules.cooldown)
        }
    }
}
