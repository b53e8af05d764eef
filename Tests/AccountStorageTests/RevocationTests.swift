import AccountStorage
import Cryptography
import Testing
import TokenIssuing
import TokenVerification

@Suite("Revocations in SQLite")
struct RevocationTests {
    static let now = StoreFixture.now

    @Test("ending sessions records each, once, in the same transaction")
    func revoke() async throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        let (alice, bob) = (try await fixture.stored("alice"), try await fixture.stored("bob"))
        var sessions: [Session] = []
        for _ in 0..<4 { sessions.append(try await fixture.opened(for: alice)) }
        let other = try await fixture.opened(for: bob)

        let one = try await store.revoke(
            .one(sessions[0].id), reason: .refreshTokenReused, at: Self.now, deniedUntil: 100)
        #expect(one == [sessions[0].id])
        let rest = try await store.revoke(
            .allBut(sessions[1].id, alice.id), reason: .signedOut, at: Self.now + 1,
            deniedUntil: 200)
        #expect(Set(rest) == [sessions[2].id, sessions[3].id])
        let all = try await store.revoke(
            .all(alice.id), reason: .passwordChanged, at: Self.now + 2, deniedUntil: 300)
        #expect(all == [sessions[1].id])
        // What has ended stays as it ended.
        for selection: SessionSelection in [.one(sessions[0].id), .all(alice.id), .one(.random())] {
            #expect(
                try await store.revoke(
                    selection, reason: .accountDisabled, at: 9, deniedUntil: 900) == [])
        }
        let first = try #require(try await store.session(sessions[0].id)).session
        #expect(first.revokedAt == Self.now)
        #expect(first.revocationReason == .refreshTokenReused)
        #expect(try await store.session(other.id)?.session == other)

        let recorded = try await store.revocations(at: 0)
        #expect(recorded.map(\.until) == [100, 200, 200, 300])
        #expect(Set(recorded.map(\.session)) == Set(sessions.map(\.id)))
        #expect(try await store.revocations(at: 99).count == 4)
        #expect(try await store.revocations(at: 100).map(\.until) == [200, 200, 300])
        #expect(try await store.revocations(at: 300).isEmpty)
        #expect(try await fixture.reopened().revocations(at: 0) == recorded)
    }

    @Test("of 64 ways to end one session at once exactly one ended it")
    func race() async throws {
        let fixture = try StoreFixture()
        let session = try await fixture.opened(for: try await fixture.stored())
        let ended = try await withThrowingTaskGroup { group in
            for _ in 0..<64 {
                group.addTask {
                    try await fixture.store.revoke(
                        .one(session.id), reason: .signedOut, at: 1, deniedUntil: 2)
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(ended == [session.id])
        #expect(try await fixture.store.revocations(at: 0).count == 1)
    }

    @Test("updates an account, its password and its sessions in one transaction")
    func updateEndingSessions() async throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        let account = try await fixture.stored()
        let session = try await fixture.opened(for: account)
        let result = try #require(
            try await store.updateEndingSessions(
                account.id, passwordHash: PasswordHash(encoded: "new"), reason: .passwordChanged,
                at: Self.now + 9, deniedUntil: Self.now + 400
            ) {
                $0.tokenVersion += 1
                $0.updatedAt = Self.now + 9
            })
        #expect(result.account.tokenVersion == 2)
        #expect(result.ended == [session.id])
        #expect(try await store.account(named: SignInName("alice"))?.passwordHash.encoded == "new")
        #expect(
            try await store.revocations(at: Self.now)
                == [SessionRevocation(session: session.id, until: Self.now + 400)])

        let disabled = try #require(
            try await store.updateEndingSessions(
                account.id, passwordHash: nil, reason: .accountDisabled, at: 1, deniedUntil: 2
            ) { $0.isActive = false })
        #expect(disabled.ended.isEmpty)
        #expect(!disabled.account.isActive)
        #expect(try await store.account(named: SignInName("alice"))?.passwordHash.encoded == "new")
        #expect(
            try await store.updateEndingSessions(
                .random(), passwordHash: nil, reason: .accountDisabled, at: 1, deniedUntil: 2
            ) { $0.isActive = false } == nil)
    }

    @Test("removes what nothing can ask for any more, in steps of bounded size")
    func removeExpired() async throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        let account = try await fixture.stored()
        var sessions: [Session] = []
        for number in 0..<10 {
            let session = Session.sample(for: account.id, at: Self.now + Int64(number))
            _ = try await store.open(session, ifPasswordHashIs: StoreFixture.hash)
            sessions.append(session)
        }
        // Five expired revocations, of sessions that are kept for a day behind their end.
        for session in sessions.prefix(5) {
            _ = try await store.revoke(
                .one(session.id), reason: .signedOut, at: Self.now + 50,
                deniedUntil: Self.now + 450)
        }
        #expect(try await !store.removeExpired(at: Self.now + 449, limit: 2))
        #expect(try await store.revocations(at: 0).count == 5)
        #expect(try await store.removeExpired(at: Self.now + 450, limit: 2))
        #expect(try await store.revocations(at: 0).count == 3)
        #expect(try await store.removeExpired(at: Self.now + 450, limit: 2))
        #expect(try await !store.removeExpired(at: Self.now + 450, limit: 2))
        #expect(try await store.revocations(at: 0).isEmpty)
        func remaining() async throws -> Int {
            var count = 0
            for session in sessions where try await store.session(session.id) != nil { count += 1 }
            return count
        }
        #expect(try await remaining() == 10)

        let day: Int64 = 86_400
        #expect(try await !store.removeExpired(at: Self.now + 49 + day, limit: 4))
        #expect(try await remaining() == 10)
        #expect(try await store.removeExpired(at: Self.now + 50 + day, limit: 4))
        #expect(try await remaining() == 6)
        #expect(try await !store.removeExpired(at: Self.now + 50 + day, limit: 4))
        #expect(try await remaining() == 5)
        let idleEnd = sessions[7].idleUntil
        #expect(try await !store.removeExpired(at: idleEnd + day, limit: 4))
        #expect(try await remaining() == 2)
        #expect(try await store.session(sessions[8].id) != nil)
        #expect(try await store.removeExpired(at: .max, limit: 0))
        #expect(try await remaining() == 2)
        #expect(try await !store.removeExpired(at: idleEnd + 10 * day, limit: 4))
        #expect(try await remaining() == 0)
        #expect(try await store.account(account.id) != nil)
    }
}
