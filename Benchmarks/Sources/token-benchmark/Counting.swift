import Cryptography

/// Does things so often within `measured_region`, for Callgrind to count their instructions.
struct Counting {
    private let count: Int
    private let now = Machine.unixTime()

    init(_ count: Int) {
        self.count = count
    }

    /// Names are `KIND/ALGORITHM` or `garbage/ALGORITHM/KIND`. All of one algorithm share a key.
    func run(_ names: [String]) throws {
        var known: [String: [Subject]] = [:]
        for name in names {
            let parts = name.split(separator: "/")
            guard parts.count > 1, let algorithm = SignatureAlgorithm(joseName: String(parts[1]))
            else { throw UnexpectedOutcome("`\(name)` names no algorithm") }
            let subjects = try known[algorithm.rawValue] ?? subjects(algorithm)
            known[algorithm.rawValue] = subjects
            guard let subject = subjects.first(where: { $0.name == name }) else {
                throw UnexpectedOutcome("there is no subject `\(name)`")
            }
            try CountedRegion.run(subject, count)
        }
    }

    private func subjects(_ algorithm: SignatureAlgorithm) throws -> [Subject] {
        let fixture = try Fixture(algorithm, now: now)
        return try FullVerification(fixture: fixture, now: now).subjects()
            + [CacheHit(fixture: fixture, now: now).subject()]
            + Garbage.kinds(fixture).map { $0.subject(fixture, now: now) }
    }
}
