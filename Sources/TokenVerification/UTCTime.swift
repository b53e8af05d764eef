/// A point in time as people read it.
package struct UTCTime: CustomStringConvertible {
    /// The times that a claim may hold: 1970 to the last second of the year 9999.
    static let representable: ClosedRange<Int64> = 0...253_402_300_799

    private let seconds: Int64

    /// - Returns: nil outside the years 1970 to 9999.
    package init?(_ seconds: Int64) {
        guard Self.representable.contains(seconds) else { return nil }
        self.seconds = seconds
    }

    /// `2026-05-04 13:00:00 UTC`.
    package var description: String {
        let (year, month, day) = Self.date(ofDay: seconds / 86_400)
        let second = seconds % 86_400
        return "\(year)-\(padded(month))-\(padded(day)) "
            + "\(padded(second / 3_600)):\(padded(second / 60 % 60)):\(padded(second % 60)) UTC"
    }

    /// `in 14 minutes`, `3 days ago` or `now`, in the largest unit that fits once.
    func relative(to now: Int64) -> String {
        let (distance, overflow) = seconds.subtractingReportingOverflow(now)
        guard distance != 0, !overflow else { return overflow ? "far away" : "now" }
        let units: [(seconds: UInt64, name: String)] = [
            (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"),
        ]
        for unit in units where distance.magnitude >= unit.seconds {
            let count = distance.magnitude / unit.seconds
            let text = "\(count) \(unit.name)\(count == 1 ? "" : "s")"
            return distance > 0 ? "in \(text)" : "\(text) ago"
        }
        return "now"
    }

    private func padded(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    /// The proleptic Gregorian date of a day since 1970-01-01. Years are counted from 1 March, so that
    /// a leap day is the last of its year, and by eras of 400 years, which all are 146 097 days long.
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468  // days since 0000-03-01
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}
