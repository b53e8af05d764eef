import StrictYAML

/// One limit on how often, as it is written.
struct RateDocument {
    let per: RateRule.Key
    let count: Int
    let interval: Duration
    let burst: Int
    let position: SourcePosition

    /// Reads `rate`: `none`, one rule, or a list of rules.
    ///
    /// - Returns: no rules for `none`; nil after a report.
    static func read(
        _ node: YAMLNode, _ name: String, _ sink: DiagnosticSink
    ) -> [RateDocument]? {
        switch node.content {
        case .scalar(let scalar):
            if scalar.text == "none" { return [] }
            let advice = "{per: subject, limit: \(Rate(scalar.text) == nil ? "20/s" : scalar.text)}"
            sink.report(
                "wrong_type", at: node.position,
                "`\(name)` must be `none`, a rule or a list of rules, not "
                    + (scalar.isAbsent ? "nothing" : "`\(scalar.text)`"),
                suggestion: "write `\(advice)`")
            return nil
        case .mapping: return RateDocument(node, name, sink).map { [$0] }
        case .sequence(let elements):
            if elements.isEmpty {
                sink.report(
                    "empty_list", at: node.position, "`\(name)` has no rule",
                    suggestion: "write `none` for no limit")
                return nil
            }
            let rules = elements.compactMap { RateDocument($0, name, sink) }
            guard rules.count == elements.count else { return nil }
            checkUse(rules, name, sink)
            return rules
        }
    }

    private init?(_ node: YAMLNode, _ name: String, _ sink: DiagnosticSink) {
        let keys = ["per", "limit", "burst"]
        guard let reader = MappingReader(node, path: name, keys: keys, sink) else { return nil }
        position = node.position
        let words = RateRule.Key.allCases.map(\.rawValue)
        let advice = "write for example `{per: subject, limit: 20/s, burst: 60}`"
        let per = reader.required("per", suggestion: advice).flatMap { node in
            node.choice(reader.name("per"), of: words, sink).flatMap(RateRule.Key.init)
        }
        let rate = reader.required("limit", suggestion: advice).flatMap { node in
            Rate(node, reader.name("limit"), sink)
        }
        let burst = reader.int("burst", in: 1...Rate.most)
        guard let per, let rate, burst != nil || !reader.has("burst") else { return nil }
        self.per = per
        count = rate.count
        interval = rate.interval
        self.burst = burst ?? rate.count
    }

    /// Reports a rule that another one makes useless.
    private static func checkUse(
        _ rules: [RateDocument], _ name: String, _ sink: DiagnosticSink
    ) {
        for (number, rule) in rules.enumerated() {
            let others = rules.enumerated().filter {
                $0.offset != number && $0.element.per == rule.per
            }
            guard
                let other = others.first(where: { other in
                    other.element.isTighter(than: rule)
                        && (other.offset < number || !rule.isTighter(than: other.element))
                })
            else { continue }
            sink.report(
                "contradiction", at: rule.position,
                "this rule of `\(name)` never refuses anything: the rule at "
                    + "\(other.element.position) is tighter or the same",
                suggestion: "remove one of the two")
        }
    }

    /// Whether whatever the other rule refuses is refused by this one too.
    private func isTighter(than other: RateDocument) -> Bool {
        let own = count * Int(other.interval.components.seconds)
        return own <= other.count * Int(interval.components.seconds) && burst <= other.burst
    }
}

/// `20/s`, `600/m`, `1000/h`.
private struct Rate {
    let count: Int
    let interval: Duration

    static let most = 1_000_000

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Quantity.integer(String(parts[0])),
            let seconds = Self.units[String(parts[1])]
        else { return nil }
        self.count = count
        interval = .seconds(seconds)
    }

    /// Nil after a report.
    init?(_ node: YAMLNode, _ name: String, _ sink: DiagnosticSink) {
        guard let text = node.string(name, sink) else { return nil }
        guard let rate = Rate(text) else {
            sink.report(
                "wrong_value", at: node.position,
                "`\(name)` must be a number per second, minute or hour such as `20/s`, `600/m` or "
                    + "`1000/h`, not `\(text)`", suggestion: Self.advice(text))
            return nil
        }
        guard rate.count >= 1 else {
            sink.report(
                "wrong_value", at: node.position, "`\(name)` lets no request through: `\(text)`",
                suggestion: "write at least `1/h`; a route without `allow` refuses everybody")
            return nil
        }
        guard rate.count <= Self.most else {
            sink.report(
                "wrong_value", at: node.position,
                "`\(name)` can be \(Self.most) at most, not `\(text)`",
                suggestion: "write `rate: none` for no limit")
            return nil
        }
        self = rate
    }

    /// What was meant by `20`, `20/sec`, `20 / minute` or `1_000/h`.
    private static func advice(_ text: String) -> String? {
        let parts = text.filter { $0 != " " && $0 != "_" }.split(separator: "/")
        guard let number = parts.first, let count = Quantity.integer(String(number)), count >= 1
        else { return nil }
        if parts.count == 1 { return "write `\(count)/s`, `\(count)/m` or `\(count)/h`" }
        guard parts.count == 2 else { return nil }
        for (unit, words) in [("s", "seconds"), ("m", "minutes"), ("h", "hours")]
        where words.hasPrefix(parts[1].lowercased()) {
            return "write `\(count)/\(unit)`"
        }
        return nil
    }

    private static let units = ["s": 1, "m": 60, "h": 3600]
}
