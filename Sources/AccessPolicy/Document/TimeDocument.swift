import StrictYAML

/// The value of `time`, checked, and in words.
struct TimeDocument {
    let window: TimeWindow
    /// `mon, tue 08:00–18:00 +01:00`
    let words: String

    /// Nil after a report.
    init?(_ node: YAMLNode, _ sink: DiagnosticSink) {
        let before = sink.count
        guard let reader = MappingReader(node, path: "time", keys: Self.keys, sink) else {
            return nil
        }
        var window = TimeWindow()
        var words: [String] = []
        let zone = reader.node("zone").flatMap { Self.zone($0, sink) }
        window.offset = zone?.seconds ?? 0
        if let node = reader.node("days") {
            let days = Self.days(node, sink)
            window.days = days.reduce(0) { $0 | 1 << UInt8($1) }
            words.append(days.map { Self.dayNames[$0] }.joined(separator: ", "))
        }
        if reader.has("from") || reader.has("to") {
            window.from = reader.node("from").flatMap { Self.minutes($0, "time.from", sink) } ?? 0
            window.to = reader.node("to").flatMap { Self.minutes($0, "time.to", sink) } ?? 1440
            words.append("\(Self.clock(window.from))–\(Self.clock(window.to))")
            if window.from == window.to, sink.count == before {
                sink.report(
                    "constant_condition", at: reader.keyPosition("from") ?? node.position,
                    "`time` begins and ends at \(Self.clock(window.from)): it never holds")
            }
            if window.from == 1440 {
                sink.report(
                    "wrong_value", at: reader.keyPosition("from"), "a day begins at `00:00`",
                    suggestion: "write `from: \"00:00\"`")
            }
        }
        for key in ["after", "before"] {
            guard let node = reader.node(key), let text = node.string("time.\(key)", sink) else {
                continue
            }
            guard let moment = Moment(text, zone: window.offset) else {
                sink.report(
                    "wrong_value", at: node.position, "`time.\(key)` cannot be `\(text)`",
                    suggestion: "write `2026-01-31`, or `2026-01-31T08:00:00Z`")
                continue
            }
            if key == "after" {
                window.after = moment.seconds
            } else {
                window.before = moment.seconds
            }
            words.append("\(key) \(text)")
        }
        if window.after >= window.before {
            sink.report(
                "constant_condition", at: reader.keyPosition("before"),
                "`time` ends before it begins: it never holds", suggestion: "swap the two")
        }
        if let zone, !words.isEmpty { words.append(zone.name) }
        if words.isEmpty, sink.count == before {
            sink.report(
                "constant_condition", at: node.position, "`time` says nothing",
                suggestion: "write `days`, `from` and `to`, `after` or `before`")
        }
        guard sink.count == before else { return nil }
        self.window = window
        self.words = words.joined(separator: " ")
    }

    private static func days(_ node: YAMLNode, _ sink: DiagnosticSink) -> [Int] {
        if case .sequence(let elements) = node.content, elements.isEmpty {
            sink.report("empty_list", at: node.position, "`time.days` must name a day")
        }
        var days: [Int] = []
        for word in node.locatedStrings("time.days", sink) {
            guard let day = dayNames.firstIndex(of: word.value) else {
                sink.report(
                    "wrong_value", at: word.position, "`\(word.value)` is no day",
                    suggestion: didYouMean(String(word.value.lowercased().prefix(3)), in: dayNames))
                continue
            }
            if days.contains(day) {
                sink.report(
                    "duplicate", at: word.position, "`time.days` names `\(word.value)` twice")
            }
            days.append(day)
        }
        return days
    }

    private static func minutes(
        _ node: YAMLNode, _ name: String, _ sink: DiagnosticSink
    ) -> Int? {
        guard let text = node.string(name, sink) else { return nil }
        if let minutes = Moment.minutes(text[...]), minutes <= 1440 { return minutes }
        sink.report(
            "wrong_value", at: node.position, "`\(name)` cannot be `\(text)`",
            suggestion: "write a time of the day such as `08:00`")
        return nil
    }

    /// Only fixed distances: names of places need tables that change, and an hour that is there twice.
    private static func zone(
        _ node: YAMLNode, _ sink: DiagnosticSink
    ) -> (seconds: Int64, name: String)? {
        guard let text = node.string("time.zone", sink) else { return nil }
        if let seconds = Moment.zone(text[...]) { return (seconds, text) }
        sink.report(
            "wrong_value", at: node.position, "`time.zone` cannot be `\(text)`",
            suggestion: "write `UTC`, or the distance from it such as `\"+01:00\"`")
        return nil
    }

    private static func clock(_ minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    private static let keys = ["days", "from", "to", "zone", "after", "before"]
    private static let dayNames = TimeWindow.dayNames
}
