/// One month of one year, summed up.
struct MonthSummary: Sendable {
    let year: Int
    let month: Int
    let days: Int
    let precipitation: Tenths
    /// Days with any precipitation at all.
    let wetDays: Int
    let highest: Tenths
    let lowest: Tenths
    let meanHigh: Tenths
    let meanLow: Tenths
    let meanWind: Tenths
    let types: [WeatherType: Int]

    /// All months of the given days, which are in order of date.
    static func all(of days: [WeatherDay]) -> [MonthSummary] {
        var summaries: [MonthSummary] = []
        var rest = days[...]
        while let first = rest.first {
            let month = rest.prefix {
                ($0.date.year, $0.date.month) == (first.date.year, first.date.month)
            }
            summaries.append(MonthSummary(month, first: first))
            rest = rest.dropFirst(month.count)
        }
        return summaries
    }

    private init(_ month: ArraySlice<WeatherDay>, first: WeatherDay) {
        year = first.date.year
        self.month = first.date.month
        days = month.count
        precipitation = .sum(month.map(\.precipitation))
        wetDays = month.count { $0.precipitation.count > 0 }
        highest = month.map(\.high).max() ?? first.high
        lowest = month.map(\.low).min() ?? first.low
        meanHigh = .mean(month.map(\.high)) ?? first.high
        meanLow = .mean(month.map(\.low)) ?? first.low
        meanWind = .mean(month.map(\.wind)) ?? first.wind
        types = Dictionary(grouping: month, by: \.type).mapValues(\.count)
    }
}
