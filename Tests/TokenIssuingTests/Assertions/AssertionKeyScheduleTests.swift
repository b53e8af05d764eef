import Testing
import TokenIssuing

@Suite("AssertionKeySchedule")
struct AssertionKeyScheduleTests {
    /// A key a day; each is published an hour before it signs.
    private let schedule = AssertionKeySchedule(rotation: 86_400)
    private let start: Int64 = 1_800_000_000

    @Test("the first key signs at once, whenever it was made")
    func first() {
        #expect(schedule.isDue([], now: start))
        #expect(schedule.stages(of: [start], now: start) == [.signing])
        #expect(schedule.stages(of: [start + 5000], now: start) == [.signing])
        #expect(!schedule.isDue([start], now: start + 86_399))
        #expect(schedule.isDue([start], now: start + 86_400))
    }

    @Test("a new key is published before it signs, and the one before it for a while after")
    func succession() {
        let second = start + 86_400
        let made = [start, second]
        let active = second + 3600
        let expected: [(Int64, [AssertionKeySchedule.Stage])] = [
            (second, [.signing, .next]), (active - 1, [.signing, .next]),
            (active, [.previous, .signing]), (active + 899, [.previous, .signing]),
            (active + 900, [.retired, .signing]),
        ]
        for (now, stages) in expected {
            #expect(schedule.stages(of: made, now: now) == stages)
            #expect(!schedule.isDue(made, now: now))
        }
        #expect(schedule.isDue(made, now: second + 86_400))
    }

    @Test("a key that is to sign at once does")
    func atOnce() {
        let made = [start, schedule.timeOfKeyThatSigns(at: start + 7000)]
        #expect(schedule.stages(of: made, now: start + 7000) == [.previous, .signing])
    }

    @Test(
        "one key signs, at most two are published, and whichever signs has been published before",
        arguments: [3600, 3601, 7200, 86_400, 2_592_000] as [Int64])
    func invariants(rotation: Int64) {
        let schedule = AssertionKeySchedule(rotation: rotation)
        var made = [schedule.timeOfKeyThatSigns(at: start)]
        var published: [Int64: Int64] = [made[0]: 0]
        var lastSigner = made[0]
        var signers = 0
        var now = start
        while now < start + 5 * rotation {
            if schedule.isDue(made, now: now) { made.append(now) }
            let stages = schedule.stages(of: made, now: now)
            made = zip(made, stages).filter { $1 != .retired }.map { $0.0 }
            let kept = stages.filter { $0 != .retired }
            #expect(kept.count <= 2)
            #expect(kept.count { $0 == .signing } == 1)
            for key in made where published[key] == nil { published[key] = now }
            let signer = zip(made, kept).first { $1 == .signing }?.0 ?? 0
            if signer != lastSigner {
                signers += 1
                #expect(now - (published[signer] ?? now) >= 900)
                // Whoever had the last assertion of the key before can still check it.
                #expect(made.contains(lastSigner))
                lastSigner = signer
            }
            now += 60
        }
        #expect(signers == 4)
    }

    @Test("a clock that is set back takes no key away")
    func backwards() {
        let made = [start, start + 86_400]
        #expect(schedule.stages(of: made, now: start - 100_000) == [.signing, .next])
        #expect(!schedule.isDue(made, now: start - 100_000))
    }
}
