/// A day of the Gregorian calendar, as in `1990-02-28` (RFC 3339 `full-date`).
package struct CalendarDate: Sendable, Equatable, CustomStringConvertible {
    package let description: String

    /// - Returns: nil for another form, or for a day that does not exist.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-")
        else { return nil }
        let digits = [0..<4, 5..<7, 8..<10].map { range in
            bytes[range].reduce(Int?.some(0)) { number, byte in
                guard let number, (0x30...0x39).contains(byte) else { return nil }
                return number * 10 + Int(byte - 0x30)
            }
        }
        guard let year = digits[0], let month = digits[1], let day = digits[2], year > 0,
            (1...12).contains(month), (1...Self.days(of: month, year)).contains(day)
        else { return nil }
        description = text
    }

    private static func days(of month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch month {
        case 2: return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }
}
