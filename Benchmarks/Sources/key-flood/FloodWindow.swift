/// What was seen in a stretch of time with the flood or without.
struct FloodWindow {
    /// Of good tokens, in nanoseconds, in order of size.
    let latencies: [Int64]
    /// Seconds.
    let length: Double
    let floodSent: Int
    let gateway: ProcessTime
    /// This program's.
    let own: ProcessTime

    /// For which share of the time the gateway or this program wanted its processor in vain.
    var disturbance: Double { (gateway.waiting + own.waiting) / length }
}

/// Two neighbouring windows, the second with the flood.
struct FloodPair {
    let calm: FloodWindow
    let flooded: FloodWindow

    /// Whether the times tell of the gateway alone. What happens in less than a two-hundredth of the
    /// time cannot move a 99th percentile by much.
    var isQuiet: Bool { max(calm.disturbance, flooded.disturbance) < 0.005 }

    /// Of the 99th percentile with the flood to that without.
    var ratio: Double {
        Percentile.of(flooded.latencies, 0.99) / Percentile.of(calm.latencies, 0.99)
    }
}

enum Percentile {
    /// The smallest figure that so many are not above; the figures are in order of size.
    static func of(_ sorted: [Int64], _ share: Double) -> Double { Double(at(share, sorted) ?? 0) }

    static func of(_ sorted: [Double], _ share: Double) -> Double { at(share, sorted) ?? 0 }

    private static func at<Figure>(_ share: Double, _ sorted: [Figure]) -> Figure? {
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted.isEmpty ? nil : sorted[min(max(rank, 1), sorted.count) - 1]
    }
}
