import AccountStorage
import Cryptography
import Testing
import TokenIssuing
import TokenVerification

@Suite("Sessions in SQLite")
struct SessionTests {
    static let now = StoreFixture.now

    @Test("comes back as it went in, with its account, and notes the sign-in")
    func roundTrip() async throws {
        let fixture = try StoreFixture()
        var account = try await fixture.stored { $0.roles = ["viewer"] }
        let session = Session(
            id: .random(), account: account.id, clientID: "cli", currentHash: [1, 0, 2],
            createdAt: Self.now + 1, idleUntil: 3, notAfter: 4, tokenVersionAtIssue: 5,
            methods: ["pwd", "otp"], address: "2001:db8::1", userAgent: "é \"x\"",
            generation: .max, previousHash: [3], rotationSalt: [], rotatedAt: 6,
            authenticatedAt: 7, revokedAt: 8, revocationReason: .signedOut, replays: 9)
        let opened = try await fixture.store.open(session, ifPasswordHashIs: StoreFixture.hash)
        account.lastSignInAt = Self.now + 1
        #expect(opened == account)
        let read = try #require(try await fixture.store.session(session.id))
        #expect(read.session == session)
        #expect(read.account == account)
        #expect(try await fixture.store.session(.random()) == nil)
        // A clock that went back does not take the last sign-in back.
        let earlier = Session.sample(for: account.id, at: Self.now - 1)
        #expect(
            try await fixture.store.open(earlier, ifPasswordHashIs: StoreFixture.hash) == account)
    }

    @Test("opens only for an active account that still has the password")
    func openConditions() async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored()
        let session = Session.sample(for: account.id)
        let store = fixture.store
        #expect(try await store.open(session, ifPasswordHashIs: .init(encoded: "old")) == nil)
        _ = try await store.update(account.id) { $0.isActive = false }
        #expect(try await store.open(session, ifPasswordHashIs: StoreFixture.hash) == nil)
        let nobody = Session.sample(for: .random())
        #expect(try await store.open(nobody, ifPasswordHashIs: StoreFixture.hash) == nil)
        #expect(try await store.session(session.id) == nil)
        #expect(try await store.account(account.id)?.lastSignInAt == nil)
    }

    @Test("rotates to the next generation, and an answer's count begins anew")
    func rotate() async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored()
        let session = try await fixture.opened(for: account)
        #expect(try await fixture.store.countReplay(of: session.id, generation: 0) == 1)
        let step = session.next()
        let moved = try #require(try await fixture.store.rotate(step))
        var expected = session
        expected.generation = 1
        expected.currentHash = step.nextHash
        expected.previousHash = session.currentHash
        expected.rotationSalt = step.salt
        expected.rotatedAt = step.now
        expected.idleUntil = step.idleUntil
        #expect(moved.rotated)
        #expect(moved.session == expected)
        #expect(moved.account.id == account.id)
        let again = try #require(try await fixture.store.rotate(step))
        #expect(!again.rotated)
        #expect(again.session == expected)
        #expect(try await fixture.store.rotate(Session.sample(for: account.id).next()) == nil)
    }

    @Test("of 64 rotations at once one moves the session, and all see the same successor")
    func race() async throws {
        let fixture = try StoreFixture()
        let session = try await fixture.opened(for: try await fixture.stored())
        let outcomes = try await withThrowingTaskGroup { group in
            for _ in 0..<64 {
                let step = session.next()
                group.addTask { (step, try #require(try await fixture.store.rotate(step))) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let winners = outcomes.filter(\.1.rotated)
        #expect(winners.count == 1)
        let winner = try #require(winners.first)
        #expect(winner.1.session.currentHash == winner.0.nextHash)
        #expect(winner.1.session.rotationSalt == winner.0.salt)
        #expect(outcomes.allSatisfy { $0.1.session == winner.1.session })
        #expect(try await fixture.store.session(session.id)?.session == winner.1.session)
    }

    @Test("does not rotate at another generation or hash, past its end, or when ended or disabled")
    func rotateConditions() async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored()
        let session = try await fixture.opened(for: account)
        let store = fixture.store
        func rotates(_ step: SessionRotation) async throws -> Bool {
            try #require(try await store.rotate(step)).rotated
        }
        var other = session
        other.generation = 1
        #expect(try await !rotates(other.next()))
        other = session
        other.currentHash[31] ^= 1
        #expect(try await !rotates(other.next()))
        #expect(try await !rotates(session.next(at: session.idleUntil)))
        #expect(try await store.session(session.id)?.session == session)
        // One second before its idle end it moves on; then the absolute end is in the way.
        #expect(try await rotates(session.next(at: session.idleUntil - 1)))
        let second = try #require(try await store.session(session.id)).session
        #expect(second.idleUntil < second.notAfter)
        let long = SessionRotation(
            session: session.id, generation: 1, currentHash: second.currentHash,
            nextHash: second.currentHash, salt: [], idleUntil: second.notAfter + 10,
            now: second.idleUntil - 1)
        #expect(try await rotates(long))
        let third = try #require(try await store.session(session.id)).session
        #expect(try await !rotates(third.next(at: third.notAfter)))
        #expect(try await rotates(third.next(at: third.notAfter - 1)))
        let fourth = try #require(try await store.session(session.id)).session
        let step = SessionRotation(
            session: fourth.id, generation: 3, currentHash: fourth.currentHash, nextHash: [],
            salt: [], idleUntil: .max, now: Self.now)
        _ = try await store.update(account.id) { $0.isActive = false }
        #expect(try await !rotates(step))
        _ = try await store.update(account.id) { $0.isActive = true }
        _ = try await store.revoke(.one(session.id), reason: .signedOut, at: 1, deniedUntil: 2)
        #expect(try await !rotates(step))
    }

    @Test("the last generation that there is moves no further")
    func lastGeneration() async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored()
        var session = Session.sample(for: account.id)
        session.generation = .max
        _ = try await fixture.store.open(session, ifPasswordHashIs: StoreFixture.hash)
        let moved = try #require(try await fixture.store.rotate(session.next()))
        #expect(!moved.rotated)
        #expect(moved.session == session)
    }

    @Test("counts repeated answers of the present generation only, and none of an ended session")
    func replays() async throws {
        let fixture = try StoreFixture()
        let session = try await fixture.opened(for: try await fixture.stored())
        let store = fixture.store
        let counts = try await withThrowingTaskGroup { group in
            for _ in 0..<16 {
                group.addTask { try await store.countReplay(of: session.id, generation: 0) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(counts) == Set(1...16))
        #expect(try await store.countReplay(of: session.id, generation: 1) == nil)
        #expect(try await store.countReplay(of: .random(), generation: 0) == nil)
        _ = try await store.rotate(session.next())
        #expect(try await store.countReplay(of: session.id, generation: 0) == nil)
        #expect(try await store.countReplay(of: session.id, generation: 1) == 1)
        _ = try await store.revoke(.one(session.id), reason: .signedOut, at: 1, deniedUntil: 2)
        #expect(try await store.countReplay(of: session.id, generation: 1) == nil)
    }
}
