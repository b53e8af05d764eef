/// Daily temperature over the calendar year: the span of all years behind that of the chosen one.
struct TemperatureChart {
    let table: WeatherTable
    /// nil for the mean of all years.
    let year: Int?

    var svg: String {
        let plot = Plot(range: -10...40, width: 1120)
        let slots = Dictionary(grouping: table.days, by: \.date.slot).sorted { $0.key < $1.key }
        let spans = slots.compactMap { slot, days -> Span? in
            Span(slot, low: days.map(\.low).min(), high: days.map(\.high).max())
        }
        let chosen = slots.compactMap { slot, days -> Span? in
            let days = days.filter { year == nil || $0.date.year == year }
            return Span(slot, low: .mean(days.map(\.low)), high: .mean(days.map(\.high)))
        }
        let title =
            "Daily low and high temperature in degrees Celsius, "
            + (year.map { "\($0) against all years" } ?? "mean of all years and their extremes")
        return plot.svg(
            title: title,
            content: plot.grid(every: 10, unit: "°") + band(spans, plot, style: "span")
                + band(chosen, plot, style: "chosen") + plot.labels(Plot.months))
    }

    private struct Span {
        let slot: Int
        let low: Tenths
        let high: Tenths

        init?(_ slot: Int, low: Tenths?, high: Tenths?) {
            guard let low, let high else { return nil }
            self.slot = slot
            self.low = low
            self.high = high
        }
    }

    private func band(_ spans: [Span], _ plot: Plot, style: String) -> String {
        func point(_ slot: Int, _ value: Tenths) -> String {
            "\(coordinate(plot.x(Double(slot) / 365))) \(coordinate(plot.y(value.value)))"
        }
        let upper = spans.map { point($0.slot, $0.high) }
        let lower = spans.reversed().map { point($0.slot, $0.low) }
        return "<path class=\"\(style)\" d=\"M\((upper + lower).joined(separator: "L"))Z\"/>"
    }
}
