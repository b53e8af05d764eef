import StrictJSON
import Testing

@Suite("JSON number")
struct JSONNumberTests {
    @Test(
        "is read exactly, without floating point",
        arguments: [
            ("0", 0, 0), ("-0", 0, 0), ("17", 17, 17), ("1.7e1", 17, 17), ("17.0", 17, 17),
            ("170e-1", 17, 17), ("1.7e9", 1_700_000_000, 1_700_000_000),
            ("1700000000.5", nil, 1_700_000_000), ("0.9", nil, 0), ("-0.5", nil, -1),
            ("-1.5", nil, -2), ("-2.0", -2, -2), ("1e-400", nil, 0), ("-1e-400", nil, -1),
            ("0e400", 0, 0), ("0.0e999999999999", 0, 0),
            ("9223372036854775807", .max, .max), ("9223372036854775808", nil, nil),
            ("-9223372036854775808", .min, .min), ("-9223372036854775809", nil, nil),
            ("-9223372036854775808.5", nil, nil),
            ("1e18", 1_000_000_000_000_000_000, 1_000_000_000_000_000_000),
            ("1e19", nil, nil), ("1e308", nil, nil), ("1e400", nil, nil),
            ("1e99999999999999999999", nil, nil), ("1e-99999999999999999999", nil, 0),
            ("9007199254740993", 9_007_199_254_740_993, 9_007_199_254_740_993),
            ("0.00000000000000000001e20", 1, 1),
        ] as [(String, Int64?, Int64?)])
    func exact(text: String, integer: Int64?, floor: Int64?) throws {
        let value = try JSONReader.read(Array(text.utf8).span, limits: .payload)
        let number = try #require(value.number)
        #expect(number.text == text)
        #expect(number.integer == integer)
        #expect(number.floor == floor)
    }

    @Test("a number of thousands of digits is no trouble")
    func longNumbers() throws {
        let digits = String(repeating: "9", count: 8_000)
        for text in [digits, "0." + digits, "-" + digits, "1e" + digits, "1e-" + digits] {
            let value = try JSONReader.read(Array(text.utf8).span, limits: .payload)
            let floor = try #require(value.number).floor
            #expect(floor == (text.hasPrefix("0.") || text.hasPrefix("1e-") ? 0 : nil))
        }
    }
}
