/// The app itself: a function from request to answer.
package final class WeatherApp: Sendable {
    let table: WeatherTable
    let notes = NoteBook()
    let statistics: Statistics
    private let simulated: SimulatedYears
    private let charts: ChartCache
    /// Unix milliseconds.
    private let clock: @Sendable () -> Int

    package init(_ table: WeatherTable, clock: @escaping @Sendable () -> Int) {
        self.table = table
        self.clock = clock
        statistics = Statistics(startedAt: clock())
        simulated = SimulatedYears(table)
        charts = ChartCache(table)
    }

    package func answer(_ request: Request) -> Answer {
        var answer = dispatch(request)
        answer.headers.append(("X-Content-Type-Options", "nosniff"))
        statistics.record(status: answer.status)
        return answer
    }

    private func dispatch(_ request: Request) -> Answer {
        guard let endpoint = Self.endpoints[request.path] else {
            return .failure(404, "not_found", "there is nothing at this path")
        }
        guard endpoint.methods.contains(request.method) else {
            var answer = Answer.failure(
                405, "method_not_allowed", "`\(request.method)` is not possible here")
            answer.headers.append(("Allow", endpoint.methods.joined(separator: ", ")))
            return answer
        }
        do {
            return try endpoint.answer(self, request, Query(request.query))
        } catch let error as BadParameter {
            return .failure(400, "bad_parameter", error.problem, parameter: error.name)
        } catch let error as BadNote {
            return .failure(400, "bad_note", error.problem)
        } catch {
            return .failure(500, "internal", "this should not happen")
        }
    }

    private struct Endpoint: Sendable {
        var methods = ["GET", "HEAD"]
        let answer: @Sendable (WeatherApp, Request, Query) throws -> Answer
    }

    private static let endpoints: [String: Endpoint] = [
        "/": Endpoint { try $0.dashboard($1, $2) },
        "/api/weather": Endpoint { try $0.weather($2) },
        "/api/summary": Endpoint { try $0.summary($2) },
        "/api/notes": Endpoint(methods: ["GET", "HEAD", "POST"]) { try $0.note($1, $2) },
        "/live": Endpoint { try $0.live($2) },
        "/download/weather.csv": Endpoint { try $0.download($2) },
        "/download/large": Endpoint { try $0.largeDownload($2) },
        "/admin/stats": Endpoint { try $0.stats($1, $2) },
        "/health": Endpoint { _, _, _ in .json(.object([("status", .string("ok"))])) },
        "/assets/dashboard.css": Endpoint { _, _, _ in
            .asset(PackageResources.dashboard_css, type: "text/css; charset=utf-8")
        },
        "/assets/dashboard.js": Endpoint { _, _, _ in
            .asset(PackageResources.dashboard_js, type: "text/javascript; charset=utf-8")
        },
        "/favicon.ico": Endpoint { _, _, _ in
            .asset(PackageResources.favicon_svg, type: "image/svg+xml")
        },
    ]

    private func dashboard(_ request: Request, _ query: Query) throws -> Answer {
        try query.allow(["year", "interval_ms"])
        let year = try query.year(among: table.years)
        // Not for the page itself: its script asks for the live events at this pace.
        _ = try query.integer("interval_ms", in: Self.intervals)
        let page = DashboardPage(
            table: table, year: year, user: request.user, roles: request.roles,
            charts: charts.charts(year: year), notes: notes.notes)
        return .html(page.html)
    }

    private func weather(_ query: Query) throws -> Answer {
        let filter = try WeatherFilter(query, years: table.years)
        let matching = table.days.filter(filter.matches)
        return .json(
            .object([
                ("source", .string("NOAA National Climatic Data Center, Seattle, daily")),
                ("units", Self.units),
                ("matching", .number(matching.count)),
                ("days", .array(matching.prefix(filter.limit).map(\.json))),
            ]))
    }

    private func summary(_ query: Query) throws -> Answer {
        try query.allow(["year"])
        let year = try query.year(among: table.years)
        let months = MonthSummary.all(of: table.days).filter { year == nil || $0.year == year }
        return .json(.object([("units", Self.units), ("months", .array(months.map(\.json)))]))
    }

    private func note(_ request: Request, _ query: Query) throws -> Answer {
        try query.allow([])
        guard request.method == "POST" else {
            return .json(.object([("notes", .array(notes.notes.map(\.json)))]))
        }
        let type = request.contentType?.lowercased().prefix { $0 != ";" && $0 != " " }
        guard type == "application/json" else {
            return .failure(415, "media_type", "send the note as application/json")
        }
        let text = try NoteText(json: request.body)
        return .json(notes.add(text, author: request.user, at: clock()).json, status: 201)
    }

    private func live(_ query: Query) throws -> Answer {
        try query.allow(["interval_ms", "count"])
        let interval = try query.integer("interval_ms", in: Self.intervals) ?? 1000
        let count = try query.integer("count", in: 1...1_000_000)
        return Answer(
            status: 200,
            headers: [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")],
            body: .events(LiveFeed(table, interval: interval, count: count)))
    }

    private func download(_ query: Query) throws -> Answer {
        try query.allow([])
        return csv(length: SimulatedYears.downloadSize)
    }

    private func largeDownload(_ query: Query) throws -> Answer {
        try query.allow(["bytes"])
        guard let bytes = try query.integer("bytes", in: 0...16 << 30) else {
            throw BadParameter(name: "bytes", problem: "`bytes` is missing: say how many")
        }
        return csv(length: bytes)
    }

    private func csv(length: Int) -> Answer {
        Answer(
            status: 200,
            headers: [
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", "attachment; filename=\"weather.csv\""),
                ("Cache-Control", "no-store"),
            ], body: .file(SimulatedFile(simulated, length: length)))
    }

    private func stats(_ request: Request, _ query: Query) throws -> Answer {
        try query.allow([])
        let counts = statistics.current
        let figures = [
            ("uptime_seconds", (clock() - statistics.startedAt) / 1000),
            ("requests", counts.requests),
            ("answers_2xx", counts.byClass[200] ?? 0),
            ("answers_4xx", counts.byClass[400] ?? 0),
            ("answers_5xx", counts.byClass[500] ?? 0),
            ("notes", notes.notes.count),
            ("days", table.days.count),
        ]
        if request.acceptsHTML { return .html(StatsPage(figures: figures).html) }
        return .json(.object(figures.map { ($0.0, .number($0.1)) }))
    }

    /// From one live event to the next, in milliseconds.
    private static let intervals = 10...60_000

    private static let units = JSONText.object([
        ("precipitation", .string("mm")), ("temp_max", .string("°C")),
        ("temp_min", .string("°C")), ("wind", .string("m/s")),
    ])
}
