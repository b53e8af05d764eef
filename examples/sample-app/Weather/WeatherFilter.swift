/// Which days a caller asked for, already checked.
package struct WeatherFilter: Sendable, Equatable {
    var from: CalendarDate?
    var to: CalendarDate?
    var year: Int?
    var type: WeatherType?
    /// How many days to give at most.
    var limit = WeatherFilter.largestLimit

    static let largestLimit = 10_000

    /// Reads `from`, `to`, `year`, `type` and `limit`; anything else is an error.
    init(_ query: Query, years: [Int]) throws(BadParameter) {
        try query.allow(["from", "to", "year", "type", "limit"])
        from = try query.date("from")
        to = try query.date("to")
        if let from, let to, to < from {
            throw BadParameter(name: "to", problem: "`to` must not be before `from`")
        }
        year = try query.year(among: years)
        type = try query.choice("type", among: WeatherType.allCases)
        limit = try query.integer("limit", in: 1...Self.largestLimit) ?? Self.largestLimit
    }

    func matches(_ day: WeatherDay) -> Bool {
        if let from, day.date < from { return false }
        if let to, to < day.date { return false }
        if let year, day.date.year != year { return false }
        if let type, day.type != type { return false }
        return true
    }
}
