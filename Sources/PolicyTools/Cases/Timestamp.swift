/// Reads times as RFC 3339 § 5.6 writes them, in whole seconds: `2026-03-01T08:30:00Z`,
/// `2026-03-01T09:30:00+01:00`.
package enum Timestamp {
    /// - Returns: Unix time in seconds; nil for what is no such time.
    package static func parse(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == dash, bytes[7] == dash, bytes[10] == UInt8(ascii: "T"),
            bytes[13] == colon, bytes[16] == colon,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1...12).contains(month), (1...days(in: month, of: year)).contains(day), hour < 24,
            minute < 60, second < 60, let offset = offset(bytes[19...])
        else { return nil }
        let time = ((daysFromEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
        return Int64(time - offset)
    }

    /// `2026-03-02T12:00:00Z`
    package static func text(_ time: Int64) -> String {
        let (days, seconds) = divide(Int(time), by: 86_400)
        // From 1 March of the year 0, in 400 years, each year beginning with March.
        let (era, day) = divide(days + 719_468, by: 146_097)
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        let civilYear = era * 400 + year + (civilMonth <= 2 ? 1 : 0)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(civilYear)-\(two(civilMonth))-\(two(dayOfMonth))T\(two(seconds / 3_600)):"
            + "\(two(seconds / 60 % 60)):\(two(seconds % 60))Z"
    }

    private static func divide(_ value: Int, by divisor: Int) -> (Int, rest: Int) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }

    /// Seconds east of UTC.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.elementsEqual("Z".utf8) { return 0 }
        let parts = Array(bytes)
        guard parts.count == 6, parts[3] == colon, let hours = number(parts[1..<3]),
            let minutes = number(parts[4..<6]), hours < 24, minutes < 60
        else { return nil }
        let seconds = (hours * 60 + minutes) * 60
        return switch parts[0] {
        case UInt8(ascii: "+"): seconds
        case dash: -seconds
        default: nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Counted from 1 March, so that the leap day is the last of its year.
    private static func daysFromEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let years = month > 2 ? year : year - 1
        let months = (month + 9) % 12
        return years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day
            - 719_469
    }

    private static let dash = UInt8(ascii: "-")
    private static let colon = UInt8(ascii: ":")
}
