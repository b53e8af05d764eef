/// Rows of simulated years, for downloads of any size: the same bytes at every request.
///
/// A bootstrap: each calendar day of a simulated year is the same calendar day of one of the real
/// years, drawn by a generator with a fixed seed. 29 February is left out, so that every simulated
/// year has 365 rows. Rows are made as they are asked for; no more than one year is in memory.
package struct SimulatedYears: Sendable {
    /// Per calendar day, the ends of the candidate rows: all that follows the simulated year.
    private let candidates: [[[UInt8]]]

    package static let header = Array(
        ("simulated_year,month,day,source_year,"
            + "precipitation,temp_max,temp_min,wind,weather\n").utf8)

    /// Size of the download in bytes: 1,525 whole years, 20 MB or just over. A constant, so that
    /// the start does not have to count; a test compares it with the rows.
    package static let downloadSize = 20_005_650

    package init(_ table: WeatherTable) {
        var slots = [[[UInt8]]](repeating: [], count: 366)
        for day in table.days where (day.date.month, day.date.day) != (2, 29) {
            slots[day.date.slot].append(Self.rowEnd(day))
        }
        candidates = slots.filter { !$0.isEmpty }
    }

    /// The rows of one simulated year, counted from 1.
    package func rows(ofYear year: Int) -> [UInt8] {
        let prefix = Array("\(year)".utf8)
        var rows: [UInt8] = []
        rows.reserveCapacity(candidates.count * 48)
        var generator = SplitMix64(seed: Self.seed &+ UInt64(year))
        for candidate in candidates {
            rows += prefix
            rows += candidate[generator.below(candidate.count)]
        }
        return rows
    }

    /// How many bytes `rows(ofYear:)` has, without making them.
    private func size(ofYear year: Int) -> Int {
        var generator = SplitMix64(seed: Self.seed &+ UInt64(year))
        var size = candidates.count * "\(year)".utf8.count
        for candidate in candidates {
            size += candidate[generator.below(candidate.count)].count
        }
        return size
    }

    /// The size of the smallest file of whole years that has at least so many bytes.
    package func wholeYears(reaching bytes: Int) -> Int {
        var size = Self.header.count
        var year = 1
        while size < bytes {
            size += self.size(ofYear: year)
            year += 1
        }
        return size
    }

    private static func rowEnd(_ day: WeatherDay) -> [UInt8] {
        let date = "\(day.date.month),\(day.date.day),\(day.date.year)"
        let values = "\(day.precipitation),\(day.high),\(day.low),\(day.wind),\(day.type)"
        return Array(",\(date),\(values)\n".utf8)
    }

    private static let seed: UInt64 = 0x5EA7_71E0
}

/// The file as a sequence of pieces, cut off after `length` bytes.
package struct SimulatedFile: Sendable {
    package let length: Int
    private let years: SimulatedYears
    private var sent = 0
    private var year = 0

    package init(_ years: SimulatedYears, length: Int) {
        self.years = years
        self.length = length
    }

    /// The next piece, at most about 20 KB; nil at the end.
    package mutating func next() -> ArraySlice<UInt8>? {
        guard sent < length else { return nil }
        let piece = year == 0 ? SimulatedYears.header : years.rows(ofYear: year)
        year += 1
        let taken = piece.prefix(length - sent)
        sent += taken.count
        return taken
    }
}

/// The SplitMix64 generator: small, and the same on every machine.
private struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) {
        // Neighbouring seeds start far apart.
        state = seed &* 0xD134_2543_DE82_EF95
    }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        value ^= value >> 31
        return Int(value.multipliedFullWidth(by: UInt64(bound)).high)
    }
}
