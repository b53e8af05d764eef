import Testing
import sample_app

@Suite("Simulated years")
struct SimulatedYearsTests {
    let years: SimulatedYears

    init() throws {
        years = SimulatedYears(try .embedded())
    }

    @Test("the download is the same bytes on every machine and at every request")
    func deterministic() {
        // FNV-1a of the first 20 simulated years; a change of it breaks whoever compares downloads.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for year in 1...20 {
            for byte in years.rows(ofYear: year) {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            }
        }
        #expect(hash == 11_482_946_932_783_785_896)
    }

    @Test("the download has whole years and 20 MB or just over")
    func size() {
        #expect(years.wholeYears(reaching: 20_000_000) == SimulatedYears.downloadSize)
    }

    @Test("every simulated year has 365 rows of nine columns")
    func shape() {
        let rows = String(decoding: years.rows(ofYear: 7), as: UTF8.self).split(separator: "\n")
        #expect(rows.count == 365)
        #expect(rows.allSatisfy { $0.hasPrefix("7,") && $0.split(separator: ",").count == 9 })
        #expect(rows.first?.hasPrefix("7,1,1,") == true)
        #expect(rows.last?.hasPrefix("7,12,31,") == true)
    }

    @Test("a file has exactly the length asked for", arguments: [0, 1, 82, 83, 50_000])
    func length(of length: Int) {
        var file = SimulatedFile(years, length: length)
        var bytes: [UInt8] = []
        while let piece = file.next() { bytes += piece }
        let expected = (SimulatedYears.header + (1...5).flatMap(years.rows(ofYear:))).prefix(length)
        #expect(bytes == Array(expected))
    }
}
