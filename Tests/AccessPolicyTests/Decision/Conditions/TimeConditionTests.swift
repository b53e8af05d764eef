import AccessPolicy
import Testing

@Suite struct TimeConditionTests {
    private func holds(_ time: String, at now: Int64) throws -> Bool {
        let policy = try policy(allow: "{time: \(time)}")
        let alice = try policy.principal("alice")
        return try policy.outcome("GET /x", as: alice, at: now).decision == .allow
    }

    /// Friday, 2027-01-15, 08:00 UTC.
    private static let friday: Int64 = 1_800_000_000
    private static let hour: Int64 = 3600

    @Test(
        "a window begins with its first minute and ends before its last",
        arguments: [
            (0, true), (-1, false), (10 * hour - 1, true), (10 * hour, false), (24 * hour, true),
        ])
    func hours(offset: Int64, expected: Bool) throws {
        let window = "{from: \"08:00\", to: \"18:00\"}"
        #expect(try holds(window, at: Self.friday + offset) == expected)
    }

    @Test(
        "days are those of the zone",
        arguments: [
            ("[fri]", "UTC", 0, true), ("[mon, tue]", "UTC", 0, false),
            ("[sat]", "UTC", 16 * hour, true), ("[sat]", "UTC", 16 * hour - 1, false),
            ("[sat]", "\"+01:00\"", 15 * hour, true), ("[fri]", "\"-05:30\"", 16 * hour, true),
            ("[thu]", "\"-09:00\"", 0, true),
        ])
    func days(days: String, zone: String, offset: Int64, expected: Bool) throws {
        #expect(
            try holds("{days: \(days), zone: \(zone)}", at: Self.friday + offset) == expected)
    }

    @Test(
        "a window over midnight belongs to the day on which it begins",
        arguments: [
            (14 * hour, true), (14 * hour - 1, false), (22 * hour - 1, true), (22 * hour, false),
            (-2 * hour - 1, false), (38 * hour, false),
        ])
    func midnight(offset: Int64, expected: Bool) throws {
        let window = "{days: fri, from: \"22:00\", to: \"06:00\"}"
        #expect(try holds(window, at: Self.friday + offset) == expected)
    }

    @Test("`from` alone lasts until midnight, `to` alone from midnight")
    func openEnds() throws {
        #expect(try holds("{from: 08:00}", at: Self.friday + 16 * Self.hour - 1))
        #expect(try !holds("{from: 08:00}", at: Self.friday + 16 * Self.hour))
        #expect(try holds("{to: 08:00}", at: Self.friday - 1))
        #expect(try !holds("{to: 08:00}", at: Self.friday))
        #expect(try holds("{from: 08:00, to: 24:00}", at: Self.friday + 16 * Self.hour - 1))
    }

    @Test(
        "`after` and `before` are points in time",
        arguments: [
            ("{after: 2027-01-15T08:00:00Z}", 0, true),
            ("{after: 2027-01-15T08:00:00Z}", -1, false),
            ("{before: 2027-01-15T08:00:00Z}", 0, false),
            ("{before: 2027-01-15T08:00:00Z}", -1, true),
            ("{after: 2027-01-15T09:00:00+01:00}", 0, true),
            ("{after: 2027-01-15T09:00:00+01:00}", -1, false),
            ("{after: 2027-01-15}", -8 * hour, true), ("{after: 2027-01-15}", -8 * hour - 1, false),
            ("{after: 2027-01-15, zone: \"+01:00\"}", -9 * hour, true),
            ("{after: 2027-01-01, before: 2027-02-01}", 0, true),
            ("{before: 2028-02-29}", 0, true), ("{after: 2028-02-29}", 0, false),
        ])
    func moments(time: String, offset: Int64, expected: Bool) throws {
        #expect(try holds(time, at: Self.friday + offset) == expected)
    }

    @Test("times before 1970 and far away have their days, too", arguments: [Int64.min, -1, .max])
    func extremes(now: Int64) throws {
        let expected = now == -1
        #expect(try holds("{days: wed}", at: now) == expected)
        #expect(try holds("{days: wed, from: 23:59}", at: now) == expected)
    }

    @Test(
        "a window that means nothing is a load error",
        arguments: [
            ("{}", "`time` says nothing"), ("{zone: UTC}", "`time` says nothing"),
            ("{days: [mon, monday]}", "`monday` is no day; did you mean `mon`?"),
            ("{days: [mon, mon]}", "names `mon` twice"), ("{days: []}", "must name a day"),
            (
                "{from: 8:00}",
                "`time.from` cannot be `8:00`; write a time of the day such as `08:00`"
            ),
            ("{from: 25:00}", "`time.from` cannot be `25:00`"),
            ("{from: 08:00, to: 08:00}", "it never holds"), ("{from: 24:00}", "a day begins"),
            ("{from: 08:00, zone: Europe/Berlin}", "write `UTC`, or the distance from it"),
            ("{after: yesterday}", "write `2026-01-31`"),
            ("{after: 2027-02-29}", "`time.after` cannot be `2027-02-29`"),
            ("{after: 2027-02-01, before: 2027-01-01}", "`time` ends before it begins"),
            ("{form: 08:00}", "unknown key `form` in `time`; did you mean `from`?"),
        ])
    func mistakes(time: String, message: String) {
        let found = errors(
            policyText(routes: "{id: one, match: GET /x, allow: {time: \(time)}}"))
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }
}
