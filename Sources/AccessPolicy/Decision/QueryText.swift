/// Escaped text of a query, compared without storage. Only for values that ``QueryCheck`` has passed.
enum QueryText {
    /// Whether the decoded value is this text.
    static func isEqual(_ value: Span<UInt8>, _ text: Span<UInt8>) -> Bool {
        isSame(value, text, isEscaped: false)
    }

    /// Whether the decoded value is another text, which may be escaped as well.
    static func isSame(_ value: Span<UInt8>, _ other: Span<UInt8>, isEscaped: Bool) -> Bool {
        var (left, right) = (0, 0)
        while left < value.count, right < other.count {
            let byte = next(value, &left)
            if isEscaped {
                guard next(other, &right) == byte else { return false }
            } else {
                guard other[right] == byte else { return false }
                right += 1
            }
        }
        return left == value.count && right == other.count
    }

    /// An optional `-` and decimal digits without leading zeros, in 64 bits.
    static func integer(_ value: Span<UInt8>) -> Int64? {
        var index = 0
        var isNegative = false
        var result: Int64 = 0
        var digits = 0
        while index < value.count {
            let byte = next(value, &index)
            if byte == UInt8(ascii: "-"), digits == 0, !isNegative {
                isNegative = true
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            if digits > 0, result == 0 { return nil }
            let (product, tooMuch) = result.multipliedReportingOverflow(by: 10)
            // Counted downwards, for there is one more negative number than positive ones.
            let (sum, overflow) = product.subtractingReportingOverflow(
                Int64(byte - UInt8(ascii: "0")))
            guard !tooMuch, !overflow else { return nil }
            result = sum
            digits += 1
        }
        guard digits > 0, !(isNegative && result == 0) else { return nil }
        if isNegative { return result }
        return result == .min ? nil : -result
    }

    static func boolean(_ value: Span<UInt8>) -> Bool? {
        if isEqual(value, yes.utf8.span) { return true }
        return isEqual(value, no.utf8.span) ? false : nil
    }

    /// The decoded text, for people.
    static func text(_ value: Span<UInt8>) -> String {
        var index = 0
        var bytes: [UInt8] = []
        while index < value.count { bytes.append(next(value, &index)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The byte at `index`, decoded; a malformed escape is taken as it is.
    static func next(_ bytes: Span<UInt8>, _ index: inout Int) -> UInt8 {
        let byte = bytes[index]
        guard byte == UInt8(ascii: "%"), bytes.count - index >= 3,
            let high = PathByte.hexValue(bytes[index + 1]),
            let low = PathByte.hexValue(bytes[index + 2])
        else {
            index += 1
            return byte
        }
        index += 3
        return high << 4 | low
    }

    private static let yes = "true"
    private static let no = "false"
}
