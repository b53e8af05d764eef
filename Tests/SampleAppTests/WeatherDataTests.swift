import Testing
import sample_app

@Suite("Weather data")
struct WeatherDataTests {
    @Test("the embedded file has every day of four years")
    func embedded() throws {
        let table = try WeatherTable.embedded()
        #expect(table.days.count == 1461)
        #expect(table.years == [2012, 2013, 2014, 2015])
        #expect(table.days.first?.date.description == "2012-01-01")
        #expect(table.days.last?.date.description == "2015-12-31")
        #expect(table.days.first?.high.description == "12.8")
    }

    @Test(
        "a broken file is refused with its line",
        arguments: [
            ("", 1),
            ("date,precipitation,temp_max,temp_min,wind,weather\n", 2),
            (header + "2012/01/01,0.0,12.8,5.0,4.7,hail\n", 2),
            (header + "2012/02/30,0.0,12.8,5.0,4.7,sun\n", 2),
            (header + "2012/01/01,0.0,12.8,5.0,sun\n", 2),
            (header + "2012/01/01,0.0,12.85,5.0,4.7,sun\n", 2),
            (header + day("2012/01/02") + day("2012/01/02"), 3),
            (header + day("2012/01/02") + "\n" + day("2012/01/03"), 3),
        ])
    func broken(file: String, line: Int) {
        let error = #expect(throws: TableError.self) { try WeatherTable(csv: Array(file.utf8)) }
        #expect(error?.line == line)
    }

    @Test(
        "tenths are read and printed exactly", arguments: ["0.0", "-0.5", "12.8", "-7.1", "100.0"])
    func tenths(text: String) {
        #expect(Tenths(text[...])?.description == text)
    }

    @Test(
        "other numbers are not tenths",
        arguments: ["", "-", "--1.0", "1.", ".5", "1.25", "1e3", "+1"])
    func notTenths(text: String) {
        #expect(Tenths(text[...]) == nil)
    }

    @Test(
        "days that do not exist are refused",
        arguments: [
            "2013-02-29", "2012-13-01", "2012-00-10", "2012-1-01", "2012-01/01", "12-01-2012",
        ])
    func dates(text: String) {
        #expect(CalendarDate(text[...]) == nil)
    }
}

private let header = "date,precipitation,temp_max,temp_min,wind,weather\n"

private func day(_ date: String) -> String { "\(date),0.0,12.8,5.0,4.7,sun\n" }
