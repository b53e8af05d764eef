import Testing
import TokenVerification

@testable import KeyDiscovery

@Suite("the schedule of refreshes")
struct RefreshScheduleTests {
    /// What happens to a schedule, and what it must answer.
    enum Step {
        /// The background asks whether to fetch.
        case background(Bool)
        /// A token asks for the key of that name.
        case seek(String, RefreshSchedule.Outcome)
        /// The fetch ends well, and what it brought is known everywhere. The issuer has keys of the
        /// first names, and no longer those of the second.
        case success(holding: [String] = [], gone: [String] = [])
        case failure
        case expires(Bool)
        case isNow(KeyAvailability)
        /// When the background wakes next; nil: it waits for a fetch.
        case wakes(Double?)
    }

    struct Story: CustomTestStringConvertible {
        let testDescription: String
        var hasKeys = false
        let steps: [(at: Double, step: Step)]
    }

    /// Every 300 s, kept for 1,000 s more, 30 s between fetches that are sought.
    private static let rules = RefreshSchedule.Rules(
        interval: .seconds(300), staleIfError: .seconds(1_000), cooldown: .seconds(30))

    @Test("answers as it must", arguments: stories + storiesOfNames)
    func story(_ story: Story) {
        var schedule = RefreshSchedule(Self.rules, now: .zero, hasKeys: story.hasKeys)
        for (index, (time, step)) in story.steps.enumerated() {
            let now = Duration.seconds(time)
            let place: Comment = "step \(index + 1), at \(time) s"
            switch step {
            case .background(let begins):
                #expect(schedule.beginIfDue(at: now) == begins, place)
            case .seek(let name, let outcome):
                #expect(schedule.seek(.test(name), at: now) == outcome, place)
            case .success(let present, let gone):
                schedule.succeeded(
                    at: now, holding: Set(present.map(KeyName.test)),
                    gone: Set(gone.map(KeyName.test)))
                schedule.finished()
            case .failure:
                schedule.failed(at: now)
                schedule.finished()
            case .expires(let expected): #expect(schedule.expires(at: now) == expected, place)
            case .isNow(let availability): #expect(schedule.availability == availability, place)
            case .wakes(let time):
                #expect(schedule.wakesAt == time.map { .seconds($0) }, place)
            }
        }
    }

    static let stories = [
        Story(
            testDescription: "the first fetch is due at once, and then one in every interval",
            steps: [
                (0, .isNow(.unavailable)), (0, .wakes(0)), (0, .background(true)), (0, .wakes(nil)),
                (0.5, .background(false)), (1, .success()), (1, .isNow(.current)), (1, .wakes(301)),
                (300.9, .background(false)), (301, .background(true)), (302, .success()),
                (302, .wakes(602)),
            ]),
        Story(
            testDescription: "keys that are here already need no fetch at once",
            hasKeys: true,
            steps: [
                (0, .isNow(.current)), (0, .background(false)), (0, .wakes(300)),
                (300, .background(true)),
            ]),
        Story(
            testDescription: "79: whoever asks during a fetch joins it",
            steps: [
                (0, .seek("a", .begins)), (0, .background(false)), (0, .seek("a", .joins)),
                (1, .seek("b", .joins)), (1, .success()), (1, .isNow(.current)),
            ]),
        Story(
            testDescription: "the fetch of the start does not begin the cooldown, whoever began it",
            steps: [
                (0, .seek("a", .begins)), (1, .success()), (1, .seek("a", .nothing)),
                (1, .seek("b", .begins)), (2, .success()), (2, .seek("c", .nothing)),
            ]),
        Story(
            testDescription: "78: one sought fetch in a cooldown, counted from its beginning",
            hasKeys: true,
            steps: [
                (10, .seek("a", .begins)), (10, .seek("b", .joins)), (12, .success()),
                (12, .seek("a", .nothing)), (12, .seek("b", .nothing)),
                (39.9, .seek("c", .nothing)), (40, .seek("d", .begins)), (41, .success()),
                (69.9, .seek("e", .nothing)), (70, .seek("e", .begins)),
            ]),
        Story(
            testDescription: "80: a regular refresh does not begin the cooldown",
            hasKeys: true,
            steps: [
                (300, .background(true)), (300, .seek("a", .joins)), (301, .success()),
                (301, .seek("a", .begins)), (302, .success()), (302, .seek("b", .nothing)),
            ]),
        Story(
            testDescription: "76: a sought fetch that fails cools down too",
            hasKeys: true,
            steps: [
                (10, .seek("a", .begins)), (11, .failure), (11, .isNow(.doubtful)),
                (11, .seek("b", .nothing)), (40, .seek("b", .begins)),
            ]),
        Story(
            testDescription: "the cooldown does not stand in the way of the background",
            hasKeys: true,
            steps: [
                (295, .seek("a", .begins)), (296, .failure), (296, .seek("a", .nothing)),
                (297, .background(true)), (297, .seek("a", .joins)), (298, .success()),
                (298, .isNow(.current)),
            ]),
        Story(
            testDescription: "after a failure again soon, then less and less often, up to 30 s",
            hasKeys: true,
            steps: [
                (300, .background(true)), (300, .failure), (300, .wakes(301)),
                (300.9, .background(false)), (301, .background(true)), (301, .failure),
                (301, .wakes(303)), (303, .background(true)), (303, .failure), (303, .wakes(307)),
                (307, .background(true)), (307, .failure), (307, .wakes(315)),
                (315, .background(true)), (315, .failure), (315, .wakes(331)),
                (331, .background(true)), (331, .failure), (331, .wakes(361)),
                (361, .background(true)), (361, .failure), (361, .wakes(391)),
                (391, .background(true)), (392, .success()), (392, .wakes(692)),
                (692, .background(true)), (692, .failure), (692, .wakes(693)),
            ]),
        Story(
            testDescription: "77: old keys count until they are too old, and not longer",
            hasKeys: true,
            steps: [
                (300, .background(true)), (301, .failure), (301, .isNow(.doubtful)),
                (301, .expires(false)), (1_299.9, .expires(false)), (1_300, .expires(true)),
                (1_300, .isNow(.unavailable)), (1_300, .expires(false)),
                (1_300, .background(true)), (1_301, .success()), (1_301, .isNow(.current)),
                (2_600, .expires(false)), (2_601, .expires(true)),
            ]),
        Story(
            testDescription: "the background wakes when keys become too old",
            hasKeys: true,
            steps: [
                (300, .background(true)), (1_290, .failure), (1_290, .wakes(1_291)),
                (1_291, .background(true)), (1_291, .failure), (1_291, .wakes(1_293)),
                (1_293, .background(true)), (1_293, .failure), (1_293, .wakes(1_297)),
                (1_297, .background(true)), (1_297, .failure), (1_297, .wakes(1_300)),
            ]),
        Story(
            testDescription: "a fetch that fails while there are no keys leaves none",
            steps: [
                (0, .background(true)), (2, .failure), (2, .isNow(.unavailable)), (2, .wakes(3)),
                (2, .expires(false)), (2, .seek("a", .begins)), (3, .failure),
                (3, .seek("b", .nothing)),
            ]),
    ]
}
