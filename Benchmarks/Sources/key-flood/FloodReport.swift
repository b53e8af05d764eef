/// What the figures say, and which promises they miss.
struct FloodReport {
    private let outcome: FloodRun.Outcome
    private let options: FloodOptions
    /// Whether enough was measured while nothing else ran on the machine.
    let isQuiet: Bool
    /// Whose times count: the quiet pairs, or all when there are none.
    private let pairs: [FloodPair]
    private let ratios: [Double]
    private let floodRate: Double
    private let mostFetches: Int

    /// Of the 99th percentile with the flood to that without.
    private static let limit = 1.5

    init(_ outcome: FloodRun.Outcome, _ options: FloodOptions) {
        self.outcome = outcome
        self.options = options
        let quiet = outcome.pairs.filter(\.isQuiet)
        isQuiet = quiet.count >= options.pairs
        pairs = quiet.isEmpty ? outcome.pairs : quiet
        ratios = pairs.map(\.ratio).sorted()
        let flooded = pairs.map(\.flooded)
        floodRate =
            Double(flooded.map(\.floodSent).reduce(0, +)) / flooded.map(\.length).reduce(0, +)
        mostFetches = Int(outcome.seconds) / options.cooldown + 1
    }

    /// Promises of which time is no part: a sentence for each that is missed.
    var broken: [String] {
        var lines: [String] = []
        func check(_ isKept: Bool, _ line: String) { if !isKept { lines.append(line) } }
        check(
            Set(outcome.goodStatuses.keys) == [200],
            "good tokens were answered with \(Self.text(outcome.goodStatuses))")
        check(
            Set(outcome.floodStatuses.keys).isSubset(of: [401, 503]),
            "bad tokens were answered with \(Self.text(outcome.floodStatuses))")
        check(
            outcome.fetches <= mostFetches,
            "\(outcome.fetches) fetches of the keys; at most one in \(options.cooldown) s")
        check(outcome.fetches > 0, "no fetch of the keys: the flood did not get that far")
        return lines
    }

    /// The same for times, which only count if `isQuiet`.
    var late: [String] {
        var lines: [String] = []
        if ratio > Self.limit {
            lines.append(
                "p99 of good tokens is \(Self.text(ratio)) times as long with the flood; at most "
                    + Self.text(Self.limit))
        }
        if floodRate < 9_000 {
            lines.append("only \(Int(floodRate)) bad tokens a second were sent")
        }
        return lines
    }

    var text: String {
        let quarters = [0.25, 0.75].map { Self.text(Percentile.of(ratios, $0)) }
        let shape = options.isPipelined ? "50 pipelined requests at once" : "20 connections"
        return """
            good tokens, \(GoodClients.perSecond)/s; µs        p50      p90      p99    p99.9
              without the flood  \(Self.row(merged(\.calm)))
              with the flood     \(Self.row(merged(\.flooded)))
            p99 with / without: \(Self.text(ratio)), the median of \(pairs.count) pairs of \
            windows (half of them \(quarters[0])…\(quarters[1])); \
            \(Self.text(overallRatio)) over all
            flood, \(shape): \(Int(floodRate))/s; answers \(Self.text(outcome.floodStatuses))
            good tokens: answers \(Self.text(outcome.goodStatuses))
            fetches of the keys: \(outcome.fetches) in \(Int(outcome.seconds)) s; \
            at most \(mostFetches)
            gateway: \(processorShares)
            windows: \(outcome.pairs.count) pairs of \(options.milliseconds) ms, of which \
            \(outcome.pairs.count(where: \.isQuiet)) were quiet; a processor was wanted in vain \
            for \(Self.percent(disturbance)) of the time
            """
    }

    /// The pairs' median: what the machine did in one moment spoils one pair only.
    private var ratio: Double { Percentile.of(ratios, 0.5) }

    private var overallRatio: Double {
        Percentile.of(merged(\.flooded), 0.99) / Percentile.of(merged(\.calm), 0.99)
    }

    private var disturbance: Double {
        let all = outcome.pairs.flatMap { [$0.calm.disturbance, $0.flooded.disturbance] }
        return all.reduce(0, +) / Double(all.count)
    }

    private var processorShares: String {
        func share(_ windows: [FloodWindow]) -> Double {
            windows.map(\.gateway.running).reduce(0, +) / windows.map(\.length).reduce(0, +)
        }
        let (calm, flooded) = (share(pairs.map(\.calm)), share(pairs.map(\.flooded)))
        let each = (flooded - calm) / floodRate * 1e6
        return "\(Self.percent(calm)) of a processor without the flood, "
            + "\(Self.percent(flooded)) with it, \(Self.text(each)) µs for a bad token"
    }

    private func merged(_ kind: (FloodPair) -> FloodWindow) -> [Int64] {
        pairs.flatMap { kind($0).latencies }.sorted()
    }

    private static func row(_ latencies: [Int64]) -> String {
        [0.5, 0.9, 0.99, 0.999].map { share in
            let text = String(Int(Percentile.of(latencies, share) / 1_000))
            return String(repeating: " ", count: max(0, 9 - text.count)) + text
        }.joined()
    }

    private static func percent(_ share: Double) -> String { text(share * 100) + " %" }

    private static func text(_ number: Double) -> String {
        let hundredths = Int((max(0, number) * 100).rounded())
        return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
    }

    private static func text(_ statuses: [Int: Int]) -> String {
        statuses.sorted { $0.key < $1.key }.map { "\($0.key) × \($0.value)" }
            .joined(separator: ", ")
    }
}
