import Testing
import TokenVerification

@testable import TokenIssuing

@Suite("Sign-out")
struct SignOutTests {
    @Test("is on the disk, then on every loop, then acknowledged", arguments: SignOutScope.allCases)
    func order(scope: SignOutScope) async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        _ = try await fixture.signIn()
        fixture.events.removeAll()
        try await fixture.issuer.signOut(
            scope, session: tokens.session, account: tokens.account.id)
        fixture.events.append(.returned)
        #expect(fixture.events.all.count == 3)
        #expect(fixture.events.all.first == .stored("revoke"))
        #expect(fixture.events.all.last == .returned)
        #expect(!fixture.events.denied.isEmpty)
    }

    @Test("ends this session, the others or all of them, and nobody else's")
    func scopes() async throws {
        let fixture = try IssuerFixture()
        let bob = try await fixture.signedIn("bob")
        try await fixture.register("alice")
        func sessions() async throws -> [IssuedTokens] {
            var sessions: [IssuedTokens] = []
            for _ in 0..<3 { sessions.append(try await fixture.signIn("alice")) }
            return sessions
        }
        func live(_ sessions: [IssuedTokens]) async throws -> [Bool] {
            var live: [Bool] = []
            for tokens in sessions {
                live.append(try await fixture.session(tokens.session)?.revokedAt == nil)
            }
            return live
        }
        let here = try await sessions()
        try await fixture.issuer.signOut(
            .here, session: here[0].session, account: here[0].account.id)
        #expect(try await live(here) == [false, true, true])
        #expect(fixture.events.denied.map(\.session) == [here[0].session])

        fixture.events.removeAll()
        try await fixture.issuer.signOut(
            .others, session: here[1].session, account: here[1].account.id)
        #expect(try await live(here) == [false, true, false])
        #expect(fixture.events.denied.map(\.session) == [here[2].session])

        fixture.events.removeAll()
        let everywhere = try await sessions()
        try await fixture.issuer.signOut(
            .everywhere, session: everywhere[0].session, account: everywhere[0].account.id)
        #expect(try await live(here + everywhere) == Array(repeating: false, count: 6))
        let ended = [here[1].session] + everywhere.map(\.session)
        #expect(Set(fixture.events.denied.map(\.session)) == Set(ended))
        for tokens in everywhere {
            await #expect(throws: IssuerError.invalidGrant) {
                try await fixture.refresh(tokens.refreshToken)
            }
        }
        #expect(try await live([bob]) == [true])
        _ = try await fixture.refresh(bob.refreshToken)
    }

    @Test("a second one is acknowledged too, when the session is refused")
    func twice() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        for _ in 0..<2 {
            fixture.events.removeAll()
            try await fixture.issuer.signOut(
                .here, session: tokens.session, account: tokens.account.id)
            #expect(fixture.events.denied.map(\.session) == [tokens.session])
        }
    }

    @Test("a denial lasts until no access token of the session can be accepted")
    func denialLasts() async throws {
        let fixture = try IssuerFixture { $0.accessLifetime = 30 }
        let tokens = try await fixture.signedIn()
        try await fixture.issuer.signOut(
            .here, session: tokens.session, account: tokens.account.id)
        let until = try #require(fixture.events.denied.first?.until)
        // Before a restart the lifetime may have been as long as the configuration takes, and after
        // one the leeway as long as a policy takes.
        let longest =
            fixture.now + IssuerSettings.longestAccessLifetime + IssuerSettings.longestLeeway
        #expect(until > longest)
        #expect(
            try await fixture.store.revocations(at: longest)
                == [SessionRevocation(session: tokens.session, until: until)])
        #expect(try await fixture.store.revocations(at: until).isEmpty)
    }
}
