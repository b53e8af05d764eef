import Glibc

/// Windows with and without the flood, in turns, so that a machine that grows slower or faster does
/// so for both.
///
/// One thread plays all parts, upstream, good clients and flood, and never sleeps: with a processor of
/// its own, it adds the same few microseconds to all times.
struct FloodRun {
    struct Outcome {
        /// In the order of time.
        var pairs: [FloodPair] = []
        var goodStatuses: [Int: Int] = [:]
        var floodStatuses: [Int: Int] = [:]
        /// Since the flood first began, and in how many seconds.
        var fetches = 0
        var seconds = 0.0
    }

    private let options: FloodOptions
    private var upstream: Upstream
    private var good: GoodClients
    private var flood: Flood

    init(_ options: FloodOptions) throws {
        self.options = options
        upstream = try Upstream(port: options.upstreamPort)
        let port = options.gatewayPort
        good = try GoodClients(port: port, request: Self.request(options.token))
        let forged = try ForgedRequests(token: options.token, request: Self.request)
        flood = try Flood(options.isPipelined ? .pipelined : .paced, port: port, forged)
    }

    mutating func measure() throws -> Outcome {
        // What is done once, such as connecting, has been done after this.
        _ = try window(isFlooded: false)
        let fetchesBefore = try KeyServerCount.fetches(port: options.keyServerPort)
        let start = MonotonicClock.now()
        _ = try window(isFlooded: true)
        var outcome = Outcome()
        var quiet = 0
        while quiet < options.pairs, outcome.pairs.count < 3 * options.pairs {
            let calm = try window(isFlooded: false)
            let pair = FloodPair(calm: calm, flooded: try window(isFlooded: true))
            outcome.pairs.append(pair)
            quiet += pair.isQuiet ? 1 : 0
        }
        outcome.seconds = Double(MonotonicClock.now() - start) / 1e9
        outcome.fetches =
            try KeyServerCount.fetches(port: options.keyServerPort) - fetchesBefore
        outcome.goodStatuses = good.statuses
        outcome.floodStatuses = flood.statuses
        return outcome
    }

    private mutating func window(isFlooded: Bool) throws -> FloodWindow {
        let sentBefore = flood.sent
        let before = try processTimes()
        let start = MonotonicClock.now()
        good.start(at: start)
        if isFlooded { flood.start(at: start) }
        let end = start + Int64(options.milliseconds) * 1_000_000
        while MonotonicClock.now() < end { try turn(isFlooded: isFlooded) }
        let length = Double(MonotonicClock.now() - start) / 1e9
        let sent = flood.sent - sentBefore
        let after = try processTimes()
        good.stop()
        flood.stop()
        try finish()
        return FloodWindow(
            latencies: good.latencies.sorted(), length: length, floodSent: sent,
            gateway: after.gateway - before.gateway, own: after.own - before.own)
    }

    private func processTimes() throws -> (gateway: ProcessTime, own: ProcessTime) {
        (try ProcessTime(of: options.gatewayProcess), try ProcessTime(of: getpid()))
    }

    /// Waits for what is still to be answered, and then a moment, so that nothing of this window is
    /// left for the next.
    private mutating func finish() throws {
        let latest = MonotonicClock.now() + 5_000_000_000
        while good.isWaiting || flood.isWaiting {
            guard MonotonicClock.now() < latest else {
                throw FloodProblem("the gateway leaves requests without an answer for 5 s")
            }
            try turn(isFlooded: false)
        }
        let pause = MonotonicClock.now() + 20_000_000
        while MonotonicClock.now() < pause { try turn(isFlooded: false) }
    }

    private mutating func turn(isFlooded: Bool) throws {
        try upstream.turn()
        try good.turn()
        try flood.turn(isActive: isFlooded)
    }

    private static func request(_ token: [UInt8]) -> [UInt8] {
        Array("GET /api/x HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer ".utf8) + token
            + Array("\r\n\r\n".utf8)
    }
}
