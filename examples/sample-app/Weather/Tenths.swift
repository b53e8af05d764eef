/// A decimal number with exactly one digit after the point, as the source data has it.
///
/// Kept as an integer, so that sums and comparisons are exact and every number is printed the way
/// it came in.
package struct Tenths: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The value times ten.
    package let count: Int

    package init(count: Int) {
        self.count = count
    }

    /// Reads `12`, `12.8` or `-0.5`; nil for anything else.
    package init?(_ text: Substring) {
        let isNegative = text.first == "-"
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        guard text.prefix(2) != "--", parts.count <= 2, let whole = Self.digits(parts[0]) else {
            return nil
        }
        var tenth = 0
        if parts.count == 2 {
            guard parts[1].count == 1, let digit = Self.digits(parts[1]) else { return nil }
            tenth = digit
        }
        count = (whole * 10 + tenth) * (isNegative ? -1 : 1)
    }

    package var description: String {
        "\(count < 0 ? "-" : "")\(abs(count) / 10).\(abs(count) % 10)"
    }

    var value: Double { Double(count) / 10 }

    package static func < (left: Tenths, right: Tenths) -> Bool { left.count < right.count }

    /// The mean of some values, rounded to the nearest tenth; nil when there are none.
    static func mean(_ values: some Collection<Tenths>) -> Tenths? {
        guard !values.isEmpty else { return nil }
        let sum = values.reduce(0) { $0 + $1.count }
        return Tenths(count: Int((Double(sum) / Double(values.count)).rounded()))
    }

    static func sum(_ values: some Collection<Tenths>) -> Tenths {
        Tenths(count: values.reduce(0) { $0 + $1.count })
    }

    private static func digits(_ text: Substring) -> Int? {
        guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return Int(text)
    }
}
