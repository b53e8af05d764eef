/// When a condition holds: on some days of the week, at some time of the day, in some stretch of time.
struct TimeWindow: Sendable, Equatable {
    /// Bit 0 is Monday. A day on which the window starts before midnight and ends behind it counts to
    /// the end.
    var days: UInt8 = 0x7F
    /// Minutes of the day: the first that belongs to the window, and the first that does not any more;
    /// where that is smaller, the window goes over midnight.
    var from = 0
    var to = 24 * 60
    /// Seconds by which the clocks of the window's zone are ahead of UTC.
    var offset: Int64 = 0
    /// Unix time in seconds: the first that belongs to it, and the first that does not any more.
    var after = Int64.min
    var before = Int64.max

    func contains(_ now: Int64) -> Bool {
        guard now >= after, now < before else { return false }
        let (local, overflow) = now.addingReportingOverflow(offset)
        guard !overflow else { return false }
        let (days, seconds) = Self.divide(local, by: 86_400)
        let minute = Int(seconds / 60)
        // The first day of 1970 was a Thursday.
        let today = Int(Self.divide(days, by: 7).rest + 3) % 7
        if from < to { return minute >= from && minute < to && has(today) }
        return (minute >= from && has(today)) || (minute < to && has((today + 6) % 7))
    }

    /// By the number of their bit, as a policy writes them.
    static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    private func has(_ day: Int) -> Bool { days >> UInt8(day) & 1 != 0 }

    private static func divide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, rest: Int64)
    {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}
