/// Precipitation a month: every month of all years, or one year's months with the usual amount.
struct PrecipitationChart {
    let months: [MonthSummary]
    let year: Int?

    var svg: String {
        let plot = Plot(range: 0...300)
        let shown = months.filter { year == nil || $0.year == year }
        let years = Set(shown.map(\.year)).sorted()
        let slot = 1 / Double(max(shown.count, 1))
        let bars = shown.enumerated().map { index, month in
            let left = plot.x((Double(index) + 0.15) * slot)
            let right = plot.x((Double(index) + 0.85) * slot)
            let usual =
                "\(Plot.months[month.month - 1]) \(month.year): \(month.precipitation) mm"
            var bar = rectangle(
                "rain-bar", left, right, from: 0, to: month.precipitation.value, plot, usual)
            if year != nil, let mean = mean(ofMonth: month.month) {
                bar += tick(left - 3, right + 3, at: mean.value, plot, "usually \(mean) mm")
            }
            return bar
        }
        let title =
            "Precipitation a month in millimetres, " + (year.map { "\($0)" } ?? "all years")
        return plot.svg(
            title: title,
            content: plot.grid(every: 100, unit: "") + bars.joined()
                + plot.labels(year == nil ? years.map { "\($0)" } : Plot.months))
    }

    private func mean(ofMonth month: Int) -> Tenths? {
        Tenths.mean(months.filter { $0.month == month }.map(\.precipitation))
    }

    private func tick(
        _ left: Double, _ right: Double, at value: Double, _ plot: Plot, _ title: String
    ) -> String {
        let y = coordinate(plot.y(value))
        return "<line class=\"usual\" x1=\"\(coordinate(left))\" x2=\"\(coordinate(right))\" "
            + "y1=\"\(y)\" y2=\"\(y)\"><title>\(title)</title></line>"
    }
}

/// A bar from one value up to another.
func rectangle(
    _ style: String, _ left: Double, _ right: Double, from low: Double, to high: Double,
    _ plot: Plot, _ title: String
) -> String {
    let top = plot.y(high)
    return "<rect class=\"\(style)\" x=\"\(coordinate(left))\" y=\"\(coordinate(top))\" "
        + "width=\"\(coordinate(right - left))\" height=\"\(coordinate(plot.y(low) - top))\">"
        + "<title>\(title)</title></rect>"
}
