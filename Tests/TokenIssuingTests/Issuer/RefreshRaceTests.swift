import TestSupport
import Testing
import TokenVerification

@testable import TokenIssuing

@Suite("Refresh races")
struct RefreshRaceTests {
    @Test("parallel refreshes of one token give one successor", arguments: [8, 64])
    func parallel(count: Int) async throws {
        let fixture = try IssuerFixture()
        var tokens = try await fixture.signedIn()
        for round in 1...Self.rounds(5, atMost: 200) {
            let present = tokens.refreshToken
            let outcomes = await Self.concurrently(count) { _ in
                await Self.refresh(fixture, present)
            }
            let successors = Set(outcomes.compactMap { try? $0.get().refreshToken })
            #expect(outcomes.allSatisfy { (try? $0.get()) != nil })
            #expect(successors.count == 1)
            tokens = try #require(outcomes.compactMap { try? $0.get() }.first)
            #expect(try await fixture.session(tokens.session)?.generation == UInt32(round))
        }
        #expect(fixture.events.denied.isEmpty)
    }

    /// Every store call is one atomic step; the steps of all requests are put in a random order.
    @Test("in whatever order requests reach the store, a token has one successor")
    func interleavings() async throws {
        var random = SeededGenerator(for: "refresh interleavings")
        let turns = Turns()
        let fixture = try IssuerFixture(turns: turns)
        try await fixture.register()
        for _ in 0..<Self.rounds(120, atMost: 5_000) {
            let count = Int.random(in: 2...8, using: &random)
            fixture.events.removeAll()
            let parent = try await fixture.signIn()
            fixture.advance(by: 100)
            // Half of the cases begin with an answer that was lost long enough ago to be counted.
            let isLate = Bool.random(using: &random)
            var known: String?
            if isLate {
                known = try await fixture.refresh(parent.refreshToken).refreshToken
                fixture.advance(by: 31)
            }
            turns.begin(callers: count, generator: random)
            _ = random.next()
            let outcomes = await Self.concurrently(count) { _ in
                let outcome = await Self.refresh(fixture, parent.refreshToken)
                turns.finish()
                return outcome
            }
            turns.end()
            let successors = outcomes.compactMap { try? $0.get().refreshToken }
            #expect(Set(successors + (known.map { [$0] } ?? [])).count <= 1)
            let session = try #require(try await fixture.session(parent.session))
            #expect(session.generation == 1)
            if isLate, count > RotationRule.mostReplays {
                // More than can be lost answers: somebody else has the token too.
                #expect(session.revocationReason == .refreshTokenReused)
                #expect(successors.count <= RotationRule.mostReplays)
                #expect(fixture.events.denied.map(\.session) == [parent.session])
            } else {
                #expect(successors.count == count)
                #expect(session.revokedAt == nil)
                _ = try await fixture.refresh(try #require(successors.first))
            }
        }
    }

    @Test("of parent and child presented together, none has two successors")
    func familyRaces() async throws {
        var random = SeededGenerator(for: "refresh family races")
        let turns = Turns()
        let fixture = try IssuerFixture(turns: turns)
        try await fixture.register()
        for _ in 0..<Self.rounds(120, atMost: 5_000) {
            fixture.events.removeAll()
            let parent = try await fixture.signIn()
            let child = try await fixture.refresh(parent.refreshToken)
            fixture.advance(by: Int64.random(in: 0...60, using: &random))
            let presented = (0..<Int.random(in: 2...6, using: &random)).map { _ in
                random.pick([parent.refreshToken, child.refreshToken])
            }
            turns.begin(callers: presented.count, generator: random)
            _ = random.next()
            let outcomes = await Self.concurrently(presented.count) { index in
                let outcome = await Self.refresh(fixture, presented[index])
                turns.finish()
                return outcome
            }
            turns.end()
            for token in [parent.refreshToken, child.refreshToken] {
                let answers = zip(presented, outcomes).filter { $0.0 == token }
                    .compactMap { try? $0.1.get().refreshToken }
                #expect(Set(answers).count <= 1)
                if token == parent.refreshToken {
                    #expect(answers.allSatisfy { $0 == child.refreshToken })
                }
            }
            let session = try #require(try await fixture.session(parent.session))
            let isReused = session.revocationReason == .refreshTokenReused
            #expect(fixture.events.denied.isEmpty == !isReused)
        }
    }

    @Test("whatever races with a sign-out, nothing can be refreshed afterwards")
    func signOutRaces() async throws {
        var random = SeededGenerator(for: "sign-out races")
        let turns = Turns()
        let fixture = try IssuerFixture(turns: turns)
        try await fixture.register()
        for _ in 0..<Self.rounds(60, atMost: 5_000) {
            fixture.events.removeAll()
            let tokens = try await fixture.signIn()
            turns.begin(callers: 4, generator: random)
            _ = random.next()
            let outcomes = await Self.concurrently(4) { index in
                defer { turns.finish() }
                guard index == 0 else {
                    return await Self.refresh(fixture, tokens.refreshToken)
                }
                try? await fixture.issuer.signOut(
                    .here, session: tokens.session, account: tokens.account.id)
                return .failure(IssuerError.sessionEnded)
            }
            turns.end()
            #expect(fixture.events.denied.map(\.session) == [tokens.session])
            for token in outcomes.compactMap({ try? $0.get().refreshToken })
                + [tokens.refreshToken]
            {
                await #expect(throws: IssuerError.invalidGrant) {
                    try await fixture.refresh(token)
                }
            }
        }
    }

    /// Each round waits for the disk several times, so even a long run has fewer of these.
    private static func rounds(_ usual: Int, atMost limit: Int) -> Int {
        min(propertyRounds(usual), limit)
    }

    private static func refresh(
        _ fixture: IssuerFixture, _ token: String
    ) async -> Result<IssuedTokens, IssuerError> {
        do throws(IssuerError) {
            return .success(try await fixture.refresh(token))
        } catch {
            return .failure(error)
        }
    }

    private static func concurrently(
        _ count: Int,
        _ work: @escaping @Sendable (Int) async -> Result<IssuedTokens, IssuerError>
    ) async -> [Result<IssuedTokens, IssuerError>] {
        await withTaskGroup(of: (Int, Result<IssuedTokens, IssuerError>).self) { group in
            for index in 0..<count {
                group.addTask {
                    await Turns.$caller.withValue(index) { (index, await work(index)) }
                }
            }
            var outcomes: [(Int, Result<IssuedTokens, IssuerError>)] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
