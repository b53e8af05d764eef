/// The page at `/`.
struct DashboardPage {
    let table: WeatherTable
    let year: Int?
    let user: String?
    let roles: [String]
    let charts: ChartCache.Charts
    let notes: [NoteBook.Note]

    var html: String {
        htmlDocument(
            title: "Seattle weather", root: "./", script: true,
            body: """
                <header>
                <div>
                <h1>Seattle weather</h1>
                <p class="muted">Daily observations, 2012–2015 · NOAA</p>
                </div>
                \(identity)
                </header>
                \(filter)
                <main>
                \(figures)
                \(temperatureCard)
                \(precipitationCard)
                \(typesCard)
                \(liveCard)
                \(notesCard)
                \(numbersCard)
                </main>
                <footer class="muted">Data: NOAA National Climatic Data Center, public domain ·
                <a href="api/weather\(yearQuery)">JSON</a> ·
                <a href="api/summary\(yearQuery)">monthly JSON</a> ·
                <a href="download/weather.csv">simulated years, CSV (20 MB)</a></footer>
                """)
    }

    private var days: [WeatherDay] {
        table.days.filter { year == nil || $0.date.year == year }
    }

    private var yearQuery: String { year.map { "?year=\($0)" } ?? "" }

    /// The gateway in front says who this is; without one, nobody does.
    private var identity: String {
        guard let user else {
            return """
                <p class="identity"><span class="dot off"></span><span>Nobody is signed in: no \
                gateway in front says whom this page is for.</span></p>
                """
        }
        let badges = roles.map { "<span class=\"badge\">\(escaped($0))</span>" }.joined()
        let admin = roles.contains("admin") ? "<a href=\"admin/stats\">Statistics</a>" : ""
        return """
            <p class="identity"><span class="dot on"></span><span>Signed in as \
            <strong>\(escaped(user))</strong></span>\(badges)\(admin)</p>
            """
    }

    private var filter: String {
        let choices = [nil] + table.years.map(Optional.some)
        let links = choices.map { choice in
            let current = choice == year ? " aria-current=\"page\"" : ""
            let target = choice.map { "?year=\($0)" } ?? "./"
            return "<a href=\"\(target)\"\(current)>\(choice.map { "\($0)" } ?? "All years")</a>"
        }
        return "<nav aria-label=\"Year\">\(links.joined())</nav>"
    }

    private var figures: String {
        let warmest = days.max { $0.high < $1.high }
        let coldest = days.min { $0.low < $1.low }
        let wettest = days.max { $0.precipitation < $1.precipitation }
        let wet = days.count { $0.precipitation.count > 0 }
        let tiles = [
            figure("Warmest day", warmest.map { "\($0.high) °C" }, warmest?.date),
            figure("Coldest night", coldest.map { "\($0.low) °C" }, coldest?.date),
            figure("Wettest day", wettest.map { "\($0.precipitation) mm" }, wettest?.date),
            figure(
                "Wet days", "\(wet * 100 / max(days.count, 1)) %", nil,
                "\(wet) of \(days.count) days"),
        ]
        return "<section class=\"figures\" aria-label=\"Key figures\">\(tiles.joined())</section>"
    }

    private func figure(
        _ name: String, _ value: String?, _ date: CalendarDate?, _ detail: String = ""
    ) -> String {
        """
        <div class="card figure"><span class="muted">\(name)</span>\
        <strong>\(value ?? "–")</strong>\
        <span class="muted">\(date.map { "\($0)" } ?? detail)</span></div>
        """
    }

    private var temperatureCard: String {
        card(
            "Temperature", "Lowest to highest of the day, °C", charts.temperature,
            legend: [
                ("chosen", year.map { "\($0)" } ?? "mean of the four years"),
                ("span", "extremes of the four years"),
            ], wide: true)
    }

    private var precipitationCard: String {
        let usual = year == nil ? [] : [("usual", "mean of the four years")]
        return card(
            "Precipitation", "Millimetres a month", charts.precipitation,
            legend: [("rain-bar", "total")] + usual)
    }

    private var typesCard: String {
        let counts = Dictionary(grouping: days, by: \.type).mapValues(\.count)
        return card(
            "Weather types", "Share of the days of each month", charts.types,
            legend: WeatherType.allCases.map {
                ("type-\($0)", "\($0) \((counts[$0] ?? 0) * 100 / max(days.count, 1)) %")
            })
    }

    private func card(
        _ title: String, _ subtitle: String, _ chart: String,
        legend: [(style: String, text: String)], wide: Bool = false
    ) -> String {
        let items = legend.map { style, text in
            "<li><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\">"
                + "<rect class=\"key \(style)\" width=\"12\" height=\"12\" rx=\"3\"/></svg>\(text)</li>"
        }
        return """
            <section class="card\(wide ? " wide" : "")">
            <h2>\(title)</h2><p class="muted">\(subtitle)</p>
            \(chart)
            <ul class="legend">\(items.joined())</ul>
            </section>
            """
    }

    private var liveCard: String {
        """
        <section class="card" id="live">
        <h2>Live replay</h2><p class="muted">One day a second, by Server-Sent Events</p>
        <svg class="chart" viewBox="0 0 720 260" role="img" aria-label="The latest sixty days of \
        the replay: highest and lowest temperature"><g data-grid></g>\
        <path class="live-line high"/><path class="live-line low"/></svg>
        <p class="live-text" role="status">Needs JavaScript; waiting for the first event …</p>
        </section>
        """
    }

    private var notesCard: String {
        let items = notes.map { note in
            "<li><strong>\(escaped(note.author ?? "anonymous"))</strong> "
                + "\(escaped(note.text))</li>"
        }
        return """
            <section class="card" id="notes">
            <h2>Notes</h2><p class="muted">Kept in memory; the latest fifty</p>
            <form><label for="note">New note</label>
            <div><input id="note" name="text" maxlength="\(NoteText.longest)" required \
            autocomplete="off"><button>Add</button></div>
            <p role="status"></p></form>
            <ul>\(items.joined())</ul>
            </section>
            """
    }

    private var numbersCard: String {
        let rows = MonthSummary.all(of: days).map { month in
            "<tr><th scope=\"row\">\(month.year)-\(CalendarDate.twoDigits(month.month))</th>"
                + "<td>\(month.meanHigh)</td><td>\(month.meanLow)</td>"
                + "<td>\(month.precipitation)</td><td>\(month.wetDays)</td>"
                + WeatherType.allCases.map { "<td>\(month.types[$0] ?? 0)</td>" }.joined()
                + "</tr>"
        }
        let types = WeatherType.allCases.map { "<th scope=\"col\">\($0)</th>" }.joined()
        return """
            <section class="card wide"><details><summary>The same in numbers</summary>
            <div class="scroll"><table><thead><tr><th scope="col">month</th>\
            <th scope="col">mean high, °C</th><th scope="col">mean low, °C</th>\
            <th scope="col">precipitation, mm</th><th scope="col">wet days</th>\(types)</tr></thead>
            <tbody>\(rows.joined())</tbody></table></div></details></section>
            """
    }
}
