/// A JSON number, kept as its text: nothing is rounded through a floating-point type.
package struct JSONNumber: Sendable, Equatable {
    /// The number as it was written, in the grammar of RFC 8259 § 6.
    package let text: String

    /// Wraps a text that the reader has already checked against the grammar.
    init(checked text: String) {
        self.text = text
    }

    package init(_ integer: Int64) {
        text = String(integer)
    }

    /// The value, when it is a whole number within Int64: `17`, `1.7e1` and `17.0` all are 17.
    package var integer: Int64? {
        if let plain { return plain }
        guard let parts = wholeAndRest, !parts.hasFraction else { return nil }
        return parts.whole
    }

    /// The value rounded down (towards negative infinity), as a NumericDate of RFC 7519 § 2 is
    /// read; nil outside Int64.
    package var floor: Int64? {
        if let plain { return plain }
        guard let parts = wholeAndRest else { return nil }
        guard parts.hasFraction, isNegative else { return parts.whole }
        return parts.whole == .min ? nil : parts.whole - 1
    }

    /// Whether the text starts with a minus sign, `-0` included.
    package var isNegative: Bool { text.utf8.first == UInt8(ascii: "-") }

    /// The value, when it is nothing but at most 18 digits, as nearly all times are.
    private var plain: Int64? {
        guard text.utf8.count <= 18 else { return nil }
        var value: Int64 = 0
        for byte in text.utf8 {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
        }
        return value
    }

    /// The number truncated towards zero, and whether anything was cut off; nil outside Int64.
    private var wholeAndRest: (whole: Int64, hasFraction: Bool)? {
        let scan = DecimalText(text)
        // Digits before the decimal point once the exponent has moved it.
        let pointPosition = scan.integerDigits + scan.exponent
        var whole: Int64 = 0
        var hasFraction = false
        var index = 0
        for digit in scan.digits {
            if index < pointPosition {
                guard let next = whole.appending(digit, isNegative: isNegative) else { return nil }
                whole = next
            } else if digit != 0 {
                hasFraction = true
            }
            index += 1
        }
        guard whole != 0 else { return (0, hasFraction) }
        while index < pointPosition {
            guard let next = whole.appending(0, isNegative: isNegative) else { return nil }
            whole = next
            index += 1
        }
        return (whole, hasFraction)
    }
}

/// The digits of a number without sign and point, and where the point belongs.
private struct DecimalText {
    var digits: [Int64] = []
    var integerDigits = 0
    /// Held within ±1 000 000: far beyond Int64 either way, far from overflowing.
    var exponent = 0

    init(_ text: String) {
        var sawPoint = false
        var exponentSign: Int?
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "."):
                sawPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                exponentSign = 1
            case UInt8(ascii: "-") where exponentSign != nil:
                exponentSign = -1
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = Int(byte - UInt8(ascii: "0"))
                if exponentSign != nil {
                    exponent = min(exponent * 10 + digit, 1_000_000)
                } else {
                    digits.append(Int64(digit))
                    if !sawPoint { integerDigits += 1 }
                }
            default:
                break  // a leading minus or the plus of an exponent
            }
        }
        exponent *= exponentSign ?? 1
    }
}

extension Int64 {
    /// `self * 10 ± digit`, nil on overflow. Growing downwards for negatives reaches Int64.min.
    fileprivate func appending(_ digit: Int64, isNegative: Bool) -> Int64? {
        let (product, overflow) = multipliedReportingOverflow(by: 10)
        guard !overflow else { return nil }
        let (sum, carry) =
            isNegative
            ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
        return carry ? nil : sum
    }
}
