import Cryptography
import StrictJSON
import TestSupport
import Testing
import TokenVerification

@testable import TokenIssuing

@Suite("Refresh")
struct RefreshTests {
    @Test("gives a new access token and the successor, and moves the idle end")
    func moves() async throws {
        let fixture = try IssuerFixture()
        let first = try await fixture.signedIn()
        fixture.advance(by: 3 * 86_400)
        let second = try await fixture.issuer.refresh(first.refreshToken, clientID: "ostiary")
        #expect(second.session == first.session)
        #expect(second.refreshToken != first.refreshToken)
        #expect(second.accessToken != first.accessToken)
        let session = try #require(try await fixture.session(first.session))
        #expect(session.generation == 1)
        #expect(session.idleUntil == fixture.now + 7 * 86_400)
        #expect(session.rotatedAt == fixture.now)
    }

    @Test("a session ends 7 days after its last refresh, and 30 days after its sign-in")
    func expiry() async throws {
        let fixture = try IssuerFixture()
        let idle = try await fixture.signedIn()
        fixture.advance(by: 7 * 86_400)
        await #expect(throws: IssuerError.invalidGrant) {
            try await fixture.refresh(idle.refreshToken)
        }
        var tokens = try await fixture.signIn()
        for _ in 0..<4 {
            fixture.advance(by: 7 * 86_400 - 1)
            tokens = try await fixture.refresh(tokens.refreshToken)
        }
        let session = try #require(try await fixture.session(tokens.session))
        #expect(session.idleUntil == session.notAfter)
        fixture.advance(by: session.notAfter - fixture.now - 1)
        tokens = try await fixture.refresh(tokens.refreshToken)
        fixture.advance(by: 1)
        await #expect(throws: IssuerError.invalidGrant) {
            try await fixture.refresh(tokens.refreshToken)
        }
        #expect(fixture.events.denied.isEmpty)
    }

    @Test("what is not our token never reaches the store")
    func garbage() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        let others = try #require(RefreshKeys(bytes: RefreshKeys.generate()))
        let forged = RefreshToken.first(of: tokens.session).text(others)
        fixture.events.removeAll()
        for text in [
            "", "undefined", "null", tokens.accessToken, forged, tokens.refreshToken + " ",
            tokens.refreshToken.lowercased(), String(repeating: "ort_", count: 20_000),
            "ort_" + tokens.session.description,
        ] {
            await #expect(throws: IssuerError.invalidGrant) { try await fixture.refresh(text) }
        }
        #expect(fixture.events.all.isEmpty)
        _ = try await fixture.refresh(tokens.refreshToken)
    }

    @Test("whoever has seen the session in an access token cannot end it with made-up tokens")
    func seenSession() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        let claim = try fixture.verify(tokens.accessToken).claims["sid"]?.string
        #expect(claim == tokens.session.description)
        fixture.events.removeAll()
        for generation in UInt8(0)..<4 {
            var bytes: [UInt8] = [1, 1] + tokens.session.bytes + [0, 0, 0, generation]
            bytes += SecureRandom.bytes(48)
            await #expect(throws: IssuerError.invalidGrant) {
                try await fixture.refresh("ort_" + Base64URL.encodeToString(bytes.span))
            }
        }
        #expect(fixture.events.all.isEmpty)
        _ = try await fixture.refresh(tokens.refreshToken)
    }

    @Test("another client's token is refused and stays good")
    func otherClient() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        await #expect(throws: IssuerError.invalidGrant) {
            try await fixture.issuer.refresh(tokens.refreshToken, clientID: "other")
        }
        _ = try await fixture.issuer.refresh(tokens.refreshToken, clientID: "ostiary")
    }

    @Test("a token two generations old ends exactly its session: on the disk, then on the loops")
    func reuse() async throws {
        let fixture = try IssuerFixture()
        let first = try await fixture.signedIn()
        let neighbour = try await fixture.signIn()
        let second = try await fixture.refresh(first.refreshToken)
        let third = try await fixture.refresh(second.refreshToken)
        fixture.events.removeAll()
        await #expect(throws: IssuerError.invalidGrant) {
            try await fixture.refresh(first.refreshToken)
        }
        fixture.events.append(.returned)
        let until = fixture.settings.deniedUntil(from: fixture.now)
        #expect(
            fixture.events.all == [
                .stored("session"), .stored("revoke"),
                .denied([.init(session: first.session, until: until)]), .returned,
            ])
        let session = try #require(try await fixture.session(first.session))
        #expect(session.revokedAt == fixture.now)
        #expect(session.revocationReason == .refreshTokenReused)
        for token in [first, second, third] {
            await #expect(throws: IssuerError.invalidGrant) {
                try await fixture.refresh(token.refreshToken)
            }
        }
        #expect(fixture.events.denied.count == 1)
        _ = try await fixture.refresh(neighbour.refreshToken)
        #expect(try await fixture.store.revocations(at: fixture.now).count == 1)
    }

    @Test("a disabled account cannot refresh, and enabling it gives no session back")
    func disabled() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        for isActive in [false, true] {
            _ = try await fixture.administration.setActive("alice", isActive)
            await #expect(throws: IssuerError.invalidGrant) {
                try await fixture.refresh(tokens.refreshToken)
            }
        }
        _ = try await fixture.signIn()
    }

    @Test("the new access token has the roles and the version of now, the time of the sign-in")
    func claimsOfNow() async throws {
        let fixture = try IssuerFixture()
        let first = try await fixture.signedIn()
        let signedInAt = fixture.now
        fixture.advance(by: 100)
        _ = try await fixture.administration.grant("viewer", to: "alice")
        let second = try await fixture.refresh(first.refreshToken)
        let claims = try fixture.verify(second.accessToken).claims
        #expect(claims["roles"] == .array([.string("viewer")]))
        #expect(claims["uv"] == .number(JSONNumber(2)))
        #expect(claims["auth_time"] == .number(JSONNumber(signedInAt)))
        #expect(claims["iat"] == .number(JSONNumber(fixture.now)))
        #expect(try fixture.verify(first.accessToken).claims["roles"] == .array([]))
    }

    @Test("a client that has lost answers gets the same successor again, within the bounds")
    func lostAnswers() async throws {
        let fixture = try IssuerFixture()
        var tokens = try await fixture.signedIn()
        var generator = SeededGenerator(for: "lost answers")
        for _ in 0..<propertyRounds(60) {
            fixture.advance(by: Int64.random(in: 0...3_600, using: &generator))
            let child = try await fixture.refresh(tokens.refreshToken)
            let early = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                Int64.random(in: 0...30, using: &generator)
            }
            let late = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                Int64.random(in: 31...600, using: &generator)
            }
            var age: Int64 = 0
            for next in (early + late).sorted() {
                fixture.advance(by: next - age)
                age = next
                let again = try await fixture.refresh(tokens.refreshToken)
                #expect(again.refreshToken == child.refreshToken)
                #expect(throws: Never.self) { try fixture.verify(again.accessToken) }
            }
            tokens = child
            // The session's absolute end is another test.
            if fixture.now > IssuerFixture.start + 20 * 86_400 { break }
        }
        #expect(fixture.events.denied.isEmpty)
    }

    @Test(
        "beyond the bounds a parent ends its session",
        arguments: [[601], [31, 200, 400, 600], [0, 5, 40, 41, 42, 43]] as [[Int64]])
    func boundsExceeded(ages: [Int64]) async throws {
        let fixture = try IssuerFixture()
        let parent = try await fixture.signedIn()
        let child = try await fixture.refresh(parent.refreshToken)
        var age: Int64 = 0
        for next in ages {
            fixture.advance(by: next - age)
            age = next
            guard next == ages.last else {
                let again = try await fixture.refresh(parent.refreshToken)
                #expect(again.refreshToken == child.refreshToken)
                continue
            }
            await #expect(throws: IssuerError.invalidGrant) {
                try await fixture.refresh(parent.refreshToken)
            }
        }
        #expect(fixture.events.denied.map(\.session) == [parent.session])
        await #expect(throws: IssuerError.invalidGrant) {
            try await fixture.refresh(child.refreshToken)
        }
    }
}
