/// Ways to write a number that readers of YAML disagree about.
package enum NumberTrap {
    /// What to write instead of a text that is meant as a whole number, or nil.
    package static func advice(_ text: String) -> String? {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let digits = text.drop { $0 == "-" || $0 == "+" }
        let plain = digits.filter { $0 != "_" }
        guard let first = plain.utf8.first, (0x30...0x39).contains(first) else { return nil }
        let sign = isNegative ? "-" : ""
        func write(_ value: Int) -> String { "write `\(sign)\(value)`" }
        for (prefix, radix) in [("0o", 8), ("0x", 16), ("0b", 2)] where plain.hasPrefix(prefix) {
            return Int(plain.dropFirst(2), radix: radix).map(write)
        }
        if plain.contains(":") { return sexagesimal(plain).map(write) }
        if plain.utf8.count > 1, first == UInt8(ascii: "0"), let decimal = Int(plain) {
            guard let octal = Int(plain, radix: 8), octal != decimal else { return write(decimal) }
            return
                "write `\(sign)\(decimal)`, or `\(sign)\(octal)` if the leading zero means octal"
        }
        let whole = plain.hasSuffix(".0") ? plain.dropLast(2) : plain[...]
        return whole.count == text.count ? nil : Int(whole).map(write)
    }

    /// The value of `1:30`, a number to the base of sixty in YAML 1.1: 90.
    private static func sexagesimal(_ text: String) -> Int? {
        var value = 0
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            guard part.utf8.count <= 6, let digit = Int(part), digit >= 0 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 60)
            guard !overflow, product <= Int.max - digit else { return nil }
            value = product + digit
        }
        return value
    }
}
