import Cryptography
import MeasuringInC

/// Runs the operations against each other.
struct Comparison {
    let rounds: Int
    /// Unix seconds.
    let now: Int64

    static let algorithms: [SignatureAlgorithm] = [.rs256, .ps256, .es256, .edDSA, .hs256]

    func verifications() async throws -> [VerificationFigures] {
        var figures: [VerificationFigures] = []
        for algorithm in Self.algorithms {
            let fixture = try Fixture(algorithm, now: now)
            let full = FullVerification(fixture: fixture, now: now)
            var subjects = try full.subjects()
            if algorithm == .hs256 {
                let jwtKit = JWTKitVerification(fixture: fixture)
                subjects += [await jwtKit.subject(), await jwtKit.subjectFromThread()]
            }
            let times = try await Race(rounds: rounds).run(subjects)
            figures.append(
                VerificationFigures(
                    algorithm: algorithm.rawValue, tokenBytes: fixture.token.count,
                    allocations: try await allocations(full.whole()), times: times))
        }
        return figures
    }

    func cacheHit() async throws -> SingleFigures {
        let hit = try CacheHit(fixture: Fixture(.es256, now: now), now: now).subject()
        return try await single([hit])[0]
    }

    func garbage() async throws -> [SingleFigures] {
        let fixture = try Fixture(.es256, now: now)
        return try await single(Garbage.kinds(fixture).map { $0.subject(fixture, now: now) })
    }

    private func single(_ subjects: [Subject]) async throws -> [SingleFigures] {
        let times = try await Race(rounds: rounds).run(subjects)
        var figures: [SingleFigures] = []
        for (subject, times) in zip(subjects, times) {
            figures.append(
                SingleFigures(
                    name: subject.name, nanoseconds: Quartiles(times),
                    allocations: try await allocations(subject)))
        }
        return figures
    }

    /// How often memory is asked for each time, once everything is warm.
    private func allocations(_ subject: Subject) async throws -> Double {
        let count = 1000
        try await subject.run(10)
        let before = allocation_count()
        try await subject.run(count)
        return Double(allocation_count() - before) / Double(count)
    }
}
