/// A point in time as a policy writes it: a date, or a date with a time of the day and a zone (RFC 3339).
struct Moment {
    /// Unix time in seconds.
    let seconds: Int64

    /// Nil for what is no such point. `zone` is by how many seconds the clocks are ahead of UTC by which
    /// a date alone counts.
    init?(_ text: String, zone: Int64) {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard let day = parts.first.flatMap(Self.day) else { return nil }
        guard parts.count > 1 else {
            seconds = day * 86_400 - zone
            return
        }
        guard parts.count == 2, let end = parts[1].firstIndex(where: { "Z+-".contains($0) }),
            let time = Self.time(parts[1][..<end]),
            let ahead = parts[1][end...] == "Z" ? 0 : Self.zone(parts[1][end...])
        else { return nil }
        seconds = day * 86_400 + time - ahead
    }

    /// Minutes since midnight; `24:00` is the end of the day.
    static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = number(parts[0], 2), let minute = number(parts[1], 2),
            minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }

    /// By how many seconds the clocks of `UTC`, `+01:00` or `-05:30` are ahead.
    static func zone(_ text: Substring) -> Int64? {
        if text == "UTC" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-",
            let minutes = minutes(text.dropFirst()), minutes <= 14 * 60
        else { return nil }
        return Int64(minutes) * (sign == "+" ? 60 : -60)
    }

    private static func time(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = number(parts[0], 2), let minute = number(parts[1], 2),
            let second = number(parts[2], 2), hour < 24, minute < 60, second < 60
        else { return nil }
        return Int64(hour * 3600 + minute * 60 + second)
    }

    /// Days since 1970-01-01.
    private static func day(_ text: Substring) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], 4), let month = number(parts[1], 2),
            let day = number(parts[2], 2), year >= 1970, (1...12).contains(month)
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day >= 1, day <= lengths[month - 1] else { return nil }
        let years = year - 1
        let leapDays = years / 4 - years / 100 + years / 400 - 477
        let before = (year - 1970) * 365 + leapDays + lengths[..<(month - 1)].reduce(0, +)
        return Int64(before + day - 1)
    }

    private static func number(_ text: Substring, _ digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
