import Cryptography
import MeasuringInC

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
            try run(subject)
        }
    }

    private func run(_ subject: Subject) throws {
        // The first calls make what the others keep.
        try subject.runNow(3)
        let work = Work { [count] in try subject.runNow(count) }
        unsafe measured_region(
            { context in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<Work>.fromOpaque(context).takeUnretainedValue().perform()
            }, Unmanaged.passUnretained(work).toOpaque())
        if let failure = work.failure { throw failure }
    }

    private func subjects(_ algorithm: SignatureAlgorithm) throws -> [Subject] {
        let fixture = try Fixture(algorithm, now: now)
        return try FullVerification(fixture: fixture, now: now).subjects()
            + [CacheHit(fixture: fixture, now: now).subject()]
            + Garbage.kinds(fixture).map { $0.subject(fixture, now: now) }
    }
}

/// What C calls.
private final class Work {
    private let body: () throws -> Void
    private(set) var failure: (any Error)?

    init(_ body: @escaping () throws -> Void) {
        self.body = body
    }

    func perform() {
        do { try body() } catch { failure = error }
    }
}
