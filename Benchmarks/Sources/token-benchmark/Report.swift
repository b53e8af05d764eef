import Foundation

/// All figures of one run.
struct Report {
    let verifications: [VerificationFigures]
    let cacheHit: SingleFigures
    let garbage: [SingleFigures]
    let flood: Flood.Outcome

    /// What is promised, and whether it was kept this time.
    var targets: [Target] {
        var targets: [Target] = []
        for figures in verifications where ["RS256", "ES256"].contains(figures.algorithm) {
            targets.append(
                Target(
                    "\(figures.algorithm) in full / libcrypto alone",
                    figures.ratioToPlain.median, "at most", 1.10))
        }
        for figures in verifications {
            guard let ratio = figures.ratioToJWTKit else { continue }
            targets.append(
                Target(
                    "\(figures.algorithm) in full, times jwt-kit's rate", ratio.median, "at least",
                    20))
        }
        targets.append(Target("cache hit, µs", cacheHit.nanoseconds.median / 1000, "at most", 0.3))
        targets.append(Target("cache hit, allocations", cacheHit.allocations, "at most", 0))
        targets.append(
            Target(
                "8 KiB of garbage, worst kind, µs",
                (garbage.map(\.nanoseconds.median).max() ?? 0) / 1000, "at most", 20))
        targets.append(
            Target(
                "memory after \(flood.badTokens) bad tokens, MiB more",
                Double(flood.residentAfter - flood.residentBefore) / 1_048_576, "at most", 1))
        targets.append(
            Target(
                "good tokens forgotten of \(flood.goodTokens)", Double(flood.goodTokensForgotten),
                "at most", 0))
        return targets
    }

    var missed: [Target] { targets.filter { !$0.isMet } }
}

/// A promise about one figure.
struct Target: Encodable {
    let what: String
    let measured: Double
    let bound: String
    let limit: Double

    init(_ what: String, _ measured: Double, _ bound: String, _ limit: Double) {
        self.what = what
        self.measured = measured
        self.bound = bound
        self.limit = limit
    }

    var isMet: Bool { bound == "at most" ? measured <= limit : measured >= limit }
}

/// A full verification, in nanoseconds by round: ours, libcrypto as in its manual, libcrypto with
/// everything prepared, ours without the principal, and perhaps jwt-kit, called from two places.
struct VerificationFigures {
    let algorithm: String
    let tokenBytes: Int
    let allocations: Double
    let times: [[Double]]

    var whole: Quartiles { Quartiles(times[0]) }
    var plain: Quartiles { Quartiles(times[1]) }
    var prepared: Quartiles { Quartiles(times[2]) }
    var ratioToPlain: Quartiles { .ratio(times[0], times[1]) }
    var ratioToPrepared: Quartiles { .ratio(times[0], times[2]) }
    /// How many times our rate is jwt-kit's.
    var ratioToJWTKit: Quartiles? { times.count > 4 ? .ratio(times[4], times[0]) : nil }
    var jwtKit: Quartiles? { times.count > 4 ? Quartiles(times[4]) : nil }
    /// The same where the caller is a thread that is not Swift's own.
    var ratioToJWTKitFromThread: Quartiles? {
        times.count > 5 ? .ratio(times[5], times[0]) : nil
    }
    var jwtKitFromThread: Quartiles? { times.count > 5 ? Quartiles(times[5]) : nil }
    /// Like for like: jwt-kit makes no principal either.
    var verificationOnly: Quartiles { Quartiles(times[3]) }
    var verificationOnlyToJWTKit: Quartiles? {
        times.count > 4 ? .ratio(times[4], times[3]) : nil
    }
    var verificationOnlyToJWTKitFromThread: Quartiles? {
        times.count > 5 ? .ratio(times[5], times[3]) : nil
    }
}

struct SingleFigures {
    let name: String
    let nanoseconds: Quartiles
    let allocations: Double
}
