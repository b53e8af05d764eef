import StrictYAML
import Testing

@Suite("Quantities and near words")
struct QuantityTests {
    @Test(
        "reads lengths of time",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("10s", .seconds(10)), ("2m", .seconds(120)),
            ("24h", .seconds(86_400)), ("7d", .seconds(604_800)), ("0s", .zero),
        ])
    func durations(text: String, expected: Duration) {
        #expect(Quantity.duration(text) == expected)
        #expect(Quantity.duration(Quantity.describe(expected)) == expected)
    }

    @Test(
        "refuses lengths of time without a unit, with signs, spaces or fractions, or far too long",
        arguments: [
            "", "10", "s", "-1s", "+1s", "1.5s", "1 s", "1S", "1h30m", "9999999999999999999s",
            "9000000000000000d", "36501d", "١s",
        ])
    func badDurations(text: String) {
        #expect(Quantity.duration(text) == nil)
    }

    @Test(
        "reads sizes",
        arguments: [
            ("0", 0), ("65536", 65536), ("12B", 12), ("64KiB", 65536), ("32MiB", 33_554_432),
            ("1GiB", 1 << 30), ("64KB", 64_000), ("64kB", 64_000), ("1MB", 1_000_000),
            ("1GB", 1_000_000_000),
        ])
    func sizes(text: String, expected: Int) {
        #expect(Quantity.byteCount(text) == expected)
        #expect(Quantity.byteCount(Quantity.describe(bytes: expected)) == expected)
    }

    @Test(
        "refuses sizes with unknown units, signs or overflow",
        arguments: [
            "", "KiB", "-1", "1.5MiB", "64K", "64kib", "64 KiB", "9223372036854775808",
            "9007199254740993KiB",
        ])
    func badSizes(text: String) {
        #expect(Quantity.byteCount(text) == nil)
    }

    @Test(
        "reads integers without leading zeros",
        arguments: [("0", 0), ("-3", -3), ("200", 200)] as [(String, Int?)]
            + ["", "-", "+1", "01", "0x10", "1_000", "1.0", "9223372036854775808"].map { ($0, nil) }
    )
    func integers(text: String, expected: Int?) {
        #expect(Quantity.integer(text) == expected)
    }

    @Test(
        "finds the word that was probably meant",
        arguments: [
            ("rolez", "roles"), ("role", "roles"), ("lisetners", "listeners"), ("ROLES", "roles"),
            ("public-url", "public_url"), ("xyz", nil), ("", nil), ("a", nil),
        ] as [(String, String?)])
    func near(word: String, expected: String?) {
        #expect(nearest(word, in: ["roles", "listeners", "public_url"]) == expected)
    }
}
