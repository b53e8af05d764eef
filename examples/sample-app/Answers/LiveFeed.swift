/// Server-Sent Events that replay the real days, one after the other, from the first again at the
/// end.
package struct LiveFeed: Sendable {
    /// Milliseconds from one event to the next.
    package let interval: Int
    /// How many events to send; nil for no end.
    private var left: Int?
    private let table: WeatherTable
    private var number = 0

    package init(_ table: WeatherTable, interval: Int, count: Int?) {
        self.table = table
        self.interval = interval
        left = count
    }

    /// The next event in the format of the HTML standard, section "server-sent events"; nil at
    /// the end.
    ///
    /// `now` is in Unix milliseconds; the event carries it as `at`, so that a client can tell how
    /// long it took to arrive.
    package mutating func next(now: Int) -> String? {
        if let left {
            guard left > 0 else { return nil }
            self.left = left - 1
        }
        let day = table.days[number % table.days.count]
        number += 1
        let data = JSONText.object([
            ("at", .number(now)), ("number", .number(number)), ("day", day.json),
        ])
        // A browser that loses the connection asks again after this many milliseconds.
        return (number == 1 ? "retry: 2000\n" : "") + "id: \(number)\ndata: \(data.text)\n\n"
    }
}
