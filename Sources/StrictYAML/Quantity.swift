/// Numbers with a unit, as configuration and policy write them.
package enum Quantity {
    /// Parses `500ms`, `10s`, `2m`, `24h` or `7d`: a whole number and its unit, no spaces, at most
    /// a hundred years. Returns nil for everything else, also for a number without a unit.
    package static func duration(_ text: String) -> Duration? {
        guard let (number, unit) = split(text) else { return nil }
        let milliseconds: Int64
        switch unit {
        case "ms": milliseconds = 1
        case "s": milliseconds = 1000
        case "m": milliseconds = 60_000
        case "h": milliseconds = 3_600_000
        case "d": milliseconds = 86_400_000
        default: return nil
        }
        let (total, overflow) = number.multipliedReportingOverflow(by: milliseconds)
        guard !overflow, total <= longest else { return nil }
        return .milliseconds(total)
    }

    /// Parses `65536`, `64KiB`, `32MiB`, `1GiB` (powers of 1024) or `64KB`, `1MB`, `1GB` (powers of
    /// 1000), also with `B`: a whole number of bytes that fits in 63 bits. Returns nil for
    /// everything else.
    package static func byteCount(_ text: String) -> Int? {
        guard let (number, unit) = split(text) else { return nil }
        let factor: Int64
        switch unit {
        case "", "B": factor = 1
        case "KiB": factor = 1 << 10
        case "MiB": factor = 1 << 20
        case "GiB": factor = 1 << 30
        case "KB", "kB": factor = 1000
        case "MB": factor = 1_000_000
        case "GB": factor = 1_000_000_000
        default: return nil
        }
        let (total, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : Int(total)
    }

    /// Parses an optional `-` and decimal digits without leading zeros.
    package static func integer(_ text: String) -> Int? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.utf8.count == 1 || digits.utf8.first != 0x30
        else { return nil }
        return Int(text)
    }

    /// The shortest form that `duration(_:)` reads back; precise to a millisecond.
    package static func describe(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        if milliseconds == 0 { return "0s" }
        for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)]
            as [(String, Int64)] where milliseconds % size == 0
        {
            return "\(milliseconds / size)\(unit)"
        }
        return "\(milliseconds)ms"
    }

    /// The shortest form that `byteCount(_:)` reads back.
    package static func describe(bytes: Int) -> String {
        for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        where bytes > 0 && bytes % size == 0 {
            return "\(bytes / size)\(unit)"
        }
        return "\(bytes)"
    }

    private static func split(_ text: String) -> (number: Int64, unit: Substring)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits) else { return nil }
        return (number, text[digits.endIndex...])
    }

    /// A hundred years, in milliseconds.
    private static let longest: Int64 = 36_500 * 86_400_000
}
