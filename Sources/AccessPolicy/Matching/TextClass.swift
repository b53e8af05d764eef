/// The disjoint classes that the types are made of; every text of a type is of exactly one.
enum TextClass: UInt8, Sendable, CaseIterable {
    /// An `int`, a `hex` and a `slug`.
    case digits
    /// A `hex` and a `slug`, and no `int`.
    case hex
    /// A `uuid` and a `slug`.
    case uuid
    /// A `date` and a `slug`.
    case date
    /// A `slug` and nothing else.
    case word

    /// The class of a segment; nil for a text of no type.
    ///
    /// - Parameter text: as it stands in the path: what is still escaped there is in no alphabet.
    init?(_ text: Span<UInt8>) {
        guard !text.isEmpty else { return nil }
        var (areDigits, areHex) = (true, true)
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                areDigits = false
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                (areDigits, areHex) = (false, false)
            default: return nil
            }
        }
        if areDigits, text.count <= 18 {
            self = .digits
        } else if areHex {
            self = .hex
        } else if Self.isUUID(text) {
            self = .uuid
        } else if Self.isDate(text) {
            self = .date
        } else {
            self = .word
        }
    }

    private static func isUUID(_ text: Span<UInt8>) -> Bool {
        guard text.count == 36 else { return false }
        for index in text.indices {
            switch index {
            case 8, 13, 18, 23: if text[index] != UInt8(ascii: "-") { return false }
            default: if PathByte.hexValue(text[index]) == nil { return false }
            }
        }
        return true
    }

    private static func isDate(_ text: Span<UInt8>) -> Bool {
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            let year = number(text, 0..<4), let month = number(text, 5..<7),
            let day = number(text, 8..<10), (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days =
            switch month {
            case 2: isLeap ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        return (1...days).contains(day)
    }

    private static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var value = 0
        for index in range {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[index]) else { return nil }
            value = value * 10 + Int(text[index] - UInt8(ascii: "0"))
        }
        return value
    }
}
