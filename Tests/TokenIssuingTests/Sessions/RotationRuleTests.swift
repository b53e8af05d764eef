import Cryptography
import Testing

@testable import TokenIssuing

@Suite("Rotation rule")
struct RotationRuleTests {
    static let rotatedAt: Int64 = 1_800_000_000
    static let current = [UInt8](repeating: 7, count: 32)
    static let previous = [UInt8](repeating: 6, count: 32)
    static let other = [UInt8](repeating: 9, count: 32)

    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let decision: RotationRule.Decision
        var generation: UInt32 = 7
        var hash = current
        var age: Int64 = 0
        var replays = 0
        var isAccountActive = true
        var change: @Sendable (inout Session) -> Void = { _ in }
    }

    static let again = RotationRule.Decision.repeatAnswer(isCounted: false)
    static let counted = RotationRule.Decision.repeatAnswer(isCounted: true)

    static let table: [Row] = [
        Row(testDescription: "the present token", decision: .rotate),
        Row(testDescription: "the present token, days later", decision: .rotate, age: 6 * 86_400),
        Row(
            testDescription: "another secret of this generation", decision: .endReused, hash: other),

        Row(testDescription: "the parent at once", decision: again, generation: 6, hash: previous),
        Row(
            testDescription: "the parent after 30 s", decision: again, generation: 6,
            hash: previous, age: 30),
        Row(
            testDescription: "the parent after 30 s, often answered", decision: again,
            generation: 6, hash: previous, age: 30, replays: 3),
        Row(
            testDescription: "the parent under a clock that was set back", decision: again,
            generation: 6, hash: previous, age: -3_600),
        Row(
            testDescription: "the parent after 31 s", decision: counted, generation: 6,
            hash: previous, age: 31),
        Row(
            testDescription: "the parent after 10 min, the third time", decision: counted,
            generation: 6, hash: previous, age: 600, replays: 2),
        Row(
            testDescription: "the parent after 10 min, the fourth time", decision: .endReused,
            generation: 6, hash: previous, age: 600, replays: 3),
        Row(
            testDescription: "the parent after 10 min and 1 s", decision: .endReused, generation: 6,
            hash: previous, age: 601),
        Row(
            testDescription: "another secret of the parent's generation", decision: .endReused,
            generation: 6, hash: other),
        Row(
            testDescription: "the present secret under the parent's generation",
            decision: .endReused, generation: 6),

        Row(
            testDescription: "two generations old, at once", decision: .endReused, generation: 5,
            hash: other),
        Row(testDescription: "the first", decision: .endReused, generation: 0, hash: other),
        Row(testDescription: "from the future", decision: .endReused, generation: 8, hash: other),
        Row(
            testDescription: "the last generation there is", decision: .refuse,
            generation: .max, hash: other),

        Row(
            testDescription: "of a session that has ended", decision: .refuse,
            change: { $0.revokedAt = rotatedAt }),
        Row(
            testDescription: "two generations old, of a session that has ended", decision: .refuse,
            generation: 5, hash: other, change: { $0.revokedAt = rotatedAt }),
        Row(
            testDescription: "in the last second before idling ends it", decision: .rotate,
            age: 99, change: { $0.idleUntil = rotatedAt + 100 }),
        Row(
            testDescription: "when idling has ended it", decision: .refuse, age: 100,
            change: { $0.idleUntil = rotatedAt + 100 }),
        Row(
            testDescription: "the parent when idling has ended it", decision: .refuse,
            generation: 6, hash: previous, age: 20, change: { $0.idleUntil = rotatedAt + 20 }),
        Row(testDescription: "at its absolute end", decision: .refuse, age: 30 * 86_400),
        Row(
            testDescription: "of a disabled account", decision: .refuse, isAccountActive: false),
        Row(
            testDescription: "two generations old, of a disabled account", decision: .refuse,
            generation: 5, hash: other, isAccountActive: false),
    ]

    @Test("decides", arguments: table)
    func decides(row: Row) {
        var session = Session(
            id: .random(), account: .random(), clientID: "ostiary", currentHash: Self.current,
            createdAt: Self.rotatedAt - 1_000, idleUntil: Self.rotatedAt + 40 * 86_400,
            notAfter: Self.rotatedAt + 30 * 86_400, tokenVersionAtIssue: 1, methods: ["pwd"],
            address: "", userAgent: "", generation: 7, previousHash: Self.previous,
            rotationSalt: [], rotatedAt: Self.rotatedAt, replays: row.replays)
        row.change(&session)
        let decision = RotationRule.decide(
            generation: row.generation, hash: row.hash, session: session,
            isAccountActive: row.isAccountActive, now: Self.rotatedAt + row.age)
        #expect(decision == row.decision)
    }

    @Test("the first generation has no parent")
    func firstGeneration() {
        let session = Session(
            id: .random(), account: .random(), clientID: "ostiary", currentHash: Self.current,
            createdAt: Self.rotatedAt, idleUntil: Self.rotatedAt + 100,
            notAfter: Self.rotatedAt + 100, tokenVersionAtIssue: 1, methods: ["pwd"], address: "",
            userAgent: "")
        let decision = RotationRule.decide(
            generation: 1, hash: Self.other, session: session, isAccountActive: true,
            now: Self.rotatedAt)
        #expect(decision == .endReused)
    }
}
