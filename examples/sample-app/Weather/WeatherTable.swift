/// Seattle's daily weather from 2012 to 2015, in order of date.
package struct WeatherTable: Sendable {
    package let days: [WeatherDay]
    /// The years that occur, in order.
    package let years: [Int]

    /// Reads the CSV file that the app carries in its own binary.
    package static func embedded() throws(TableError) -> WeatherTable {
        try WeatherTable(csv: PackageResources.seattle_weather_csv)
    }

    /// Reads `date,precipitation,temp_max,temp_min,wind,weather` lines in UTF-8, header first.
    package init(csv bytes: [UInt8]) throws(TableError) {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == "date,precipitation,temp_max,temp_min,wind,weather" else {
            throw TableError(line: 1, problem: "this is not the header that was expected")
        }
        var days: [WeatherDay] = []
        days.reserveCapacity(lines.count)
        for (index, line) in lines.enumerated().dropFirst() {
            if line.isEmpty, index == lines.count - 1 { break }
            let day = try Self.day(line, number: index + 1)
            if let last = days.last, day.date <= last.date {
                throw TableError(line: index + 1, problem: "dates must rise")
            }
            days.append(day)
        }
        guard !days.isEmpty else { throw TableError(line: 2, problem: "there are no days") }
        self.days = days
        years = Set(days.map(\.date.year)).sorted()
    }

    private static func day(_ line: Substring, number: Int) throws(TableError) -> WeatherDay {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 6, let date = CalendarDate(fields[0]),
            let precipitation = Tenths(fields[1]), let high = Tenths(fields[2]),
            let low = Tenths(fields[3]), let wind = Tenths(fields[4]),
            let type = WeatherType(rawValue: String(fields[5]))
        else {
            throw TableError(line: number, problem: "`\(line)` is not a day's record")
        }
        return WeatherDay(
            date: date, precipitation: precipitation, high: high, low: low, wind: wind, type: type)
    }
}

/// The data file is not what this program expects.
package struct TableError: Error, Equatable, CustomStringConvertible {
    package let line: Int
    package let problem: String

    package var description: String { "seattle-weather.csv:\(line): \(problem)" }
}
