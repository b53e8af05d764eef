@testable import KeyDiscovery

extension RefreshScheduleTests {
    /// What names that were asked for in vain may do, and what they may not.
    static let storiesOfNames = [
        Story(
            testDescription:
                "a name asked for in vain costs new ones nothing, however often it comes",
            hasKeys: true,
            steps: [
                (10, .seek("stale", .begins)), (11, .success()), (11, .seek("stale", .nothing)),
                (39.9, .seek("stale", .nothing)), (40, .seek("stale", .begins)), (41, .success()),
                (41, .seek("stale", .nothing)), (42, .seek("new", .begins)),
                (43, .success(holding: ["new"])), (43, .seek("newer", .nothing)),
                (71.9, .seek("newer", .nothing)), (72, .seek("newer", .begins)),
            ]),
        Story(
            testDescription: "a fetch for a new name is one for all: names in vain wait for it too",
            hasKeys: true,
            steps: [
                (10, .seek("stale", .begins)), (11, .success()), (40, .seek("new", .begins)),
                (41, .success()), (41, .seek("stale", .nothing)), (69.9, .seek("stale", .nothing)),
                (70, .seek("stale", .begins)),
            ]),
        Story(
            testDescription: "a removed key is looked for once more, at no new one's expense",
            hasKeys: true,
            steps: [
                (300, .background(true)), (301, .success(holding: ["b"], gone: ["a"])),
                (301, .seek("a", .begins)), (302, .success(holding: ["b"])),
                (302, .seek("a", .nothing)), (303, .seek("c", .begins)),
                (304, .success(holding: ["b", "c"])), (304, .seek("a", .nothing)),
            ]),
        Story(
            testDescription: "a name that joins a fetch has not been asked for in vain",
            hasKeys: true,
            steps: [
                (10, .seek("a", .begins)), (10.5, .seek("b", .joins)), (11, .success()),
                (40, .seek("b", .begins)), (41, .success()),
                // At the expense of new ones.
                (41, .seek("c", .nothing)),
            ]),
        Story(
            testDescription: "names of a cooldown are settled by the next fetch, whoever begins it",
            hasKeys: true,
            steps: [
                (10, .seek("a", .begins)), (11, .success()), (12, .seek("b", .nothing)),
                (40, .seek("c", .begins)), (41, .success()), (70, .seek("b", .begins)),
                (71, .success()), (71, .seek("d", .begins)),
            ]),
        Story(
            testDescription: "the background's fetches settle names as well",
            hasKeys: true,
            steps: [
                (290, .seek("a", .begins)), (291, .success()), (292, .seek("b", .nothing)),
                (591, .background(true)), (592, .success()), (593, .seek("b", .begins)),
                (594, .success()), (594, .seek("c", .begins)),
            ]),
        Story(
            testDescription: "a fetch that fails has not shown that any name is in vain",
            hasKeys: true,
            steps: [
                (10, .seek("a", .begins)), (11, .failure), (40, .seek("a", .begins)),
                (41, .success()), (41, .seek("b", .nothing)), (70, .seek("a", .begins)),
                (71, .success()), (71, .seek("c", .begins)),
            ]),
        Story(
            testDescription: "an hour after it was last asked for a name is new again",
            hasKeys: true,
            steps: [
                (10, .seek("a", .begins)), (11, .success()), (3_610, .seek("a", .begins)),
                (3_611, .success()), (3_611, .seek("b", .begins)), (3_612, .success()),
                (7_209.9, .seek("a", .begins)), (7_210, .success()),
                (10_810, .seek("a", .begins)), (10_811, .success()),
                (10_811, .seek("c", .nothing)),
            ]),
    ]
}
