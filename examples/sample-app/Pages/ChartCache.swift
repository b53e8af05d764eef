import Synchronization

/// The three charts of a year, drawn when first asked for and then kept: there are only a handful.
final class ChartCache: Sendable {
    struct Charts: Sendable {
        let temperature: String
        let precipitation: String
        let types: String
    }

    let months: [MonthSummary]
    private let table: WeatherTable
    private let drawn = Mutex([Int?: Charts]())

    init(_ table: WeatherTable) {
        self.table = table
        months = MonthSummary.all(of: table.days)
    }

    func charts(year: Int?) -> Charts {
        if let charts = drawn.withLock({ $0[year] }) { return charts }
        let charts = Charts(
            temperature: TemperatureChart(table: table, year: year).svg,
            precipitation: PrecipitationChart(months: months, year: year).svg,
            types: TypesChart(months: months, year: year).svg)
        drawn.withLock { $0[year] = charts }
        return charts
    }
}
