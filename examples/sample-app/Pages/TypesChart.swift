/// How many days of each calendar month were of each weather type, as shares of all days.
struct TypesChart {
    let months: [MonthSummary]
    let year: Int?

    var svg: String {
        let plot = Plot(range: 0...100)
        let columns = (1...12).map { month in
            let counts = Self.counts(
                months.filter { $0.month == month && (year == nil || $0.year == year) })
            return column(month: month, counts, plot)
        }
        let title =
            "Share of each weather type by month, in percent of all days, "
            + (year.map { "\($0)" } ?? "all years")
        return plot.svg(
            title: title,
            content: plot.grid(every: 25, unit: "%") + columns.joined()
                + plot.labels(Plot.months))
    }

    static func counts(_ months: [MonthSummary]) -> [WeatherType: Int] {
        months.reduce(into: [:]) { $0.merge($1.types, uniquingKeysWith: +) }
    }

    private func column(month: Int, _ counts: [WeatherType: Int], _ plot: Plot) -> String {
        let total = Double(max(counts.values.reduce(0, +), 1))
        let left = plot.x((Double(month) - 0.86) / 12)
        let right = plot.x((Double(month) - 0.14) / 12)
        var below = 0.0
        return WeatherType.allCases.map { type in
            let count = counts[type] ?? 0
            guard count > 0 else { return "" }
            let share = Double(count) / total * 100
            defer { below += share }
            return rectangle(
                "type-\(type)", left, right, from: below, to: below + share, plot,
                "\(Plot.months[month - 1]): \(type) on \(count) days")
        }.joined()
    }
}
