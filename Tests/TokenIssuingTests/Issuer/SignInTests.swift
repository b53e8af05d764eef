import Cryptography
import Testing

@testable import TokenIssuing

@Suite("Sign-in")
struct SignInTests {
    @Test("opens a session that remembers who, when, from where and how")
    func opens() async throws {
        let fixture = try IssuerFixture()
        let account = try await fixture.register()
        fixture.advance(by: 10)
        let tokens = try await fixture.issuer.signIn(
            "alice", password: IssuerFixture.password,
            from: ClientDescription(address: "2001:db8::1", userAgent: "curl/8\u{0}\n"))
        let session = try #require(try await fixture.session(tokens.session))
        #expect(session.account == account.id)
        #expect(session.clientID == "ostiary")
        #expect(session.generation == 0)
        #expect(session.createdAt == fixture.now && session.authenticatedAt == fixture.now)
        #expect(session.idleUntil == fixture.now + 7 * 86_400)
        #expect(session.notAfter == fixture.now + 30 * 86_400)
        #expect(session.methods == ["pwd"])
        #expect(session.address == "2001:db8::1")
        #expect(session.userAgent == "curl/8")
        #expect(tokens.expiresIn == 300)
        #expect(tokens.account.lastSignInAt == fixture.now)
        let token = try #require(RefreshToken(tokens.refreshToken, keys: fixture.refreshKeys))
        #expect(token.session == session.id && token.hash == session.currentHash)
    }

    @Test("every sign-in is a session of its own, and ends no other")
    func several() async throws {
        let fixture = try IssuerFixture()
        try await fixture.register()
        let first = try await fixture.signIn()
        let second = try await fixture.signIn()
        #expect(first.session != second.session)
        _ = try await fixture.refresh(first.refreshToken)
        _ = try await fixture.refresh(second.refreshToken)
    }

    enum Refused: String, CaseIterable {
        case unknownName, unknownAddress, wrongPassword, emptyPassword, disabled
        case disabledAndWrong
    }

    @Test(
        "whatever the reason, a refusal is the same, after the same work",
        arguments: Refused.allCases)
    func refused(reason: Refused) async throws {
        let fixture = try IssuerFixture()
        try await fixture.register("alice")
        try await fixture.register("disabled")
        _ = try await fixture.administration.setActive("disabled", false)
        let before = fixture.passwords.counts
        fixture.events.removeAll()
        let (name, password) =
            switch reason {
            case .unknownName: ("nobody", IssuerFixture.password)
            case .unknownAddress: ("alice@example.org", IssuerFixture.password)
            case .wrongPassword: ("alice", IssuerFixture.password + " ")
            case .emptyPassword: ("alice", "")
            case .disabled: ("disabled", IssuerFixture.password)
            case .disabledAndWrong: ("disabled", "wrong")
            }
        await #expect(throws: IssuerError.badCredentials) {
            try await fixture.issuer.signIn(name, password: password, from: IssuerFixture.client)
        }
        #expect(fixture.passwords.counts.verified == before.verified + 1)
        #expect(fixture.passwords.counts.hashed == before.hashed)
        #expect(fixture.events.all == [.stored("account(named:)")])
    }

    @Test("names and passwords that nobody can have are refused unread")
    func impossible() async throws {
        let fixture = try IssuerFixture()
        try await fixture.register()
        fixture.events.removeAll()
        let before = fixture.passwords.counts.verified
        let long = String(repeating: "x", count: 1_025)
        for (name, password) in [("alice", long), (long, IssuerFixture.password)] {
            await #expect(throws: IssuerError.badCredentials) {
                try await fixture.issuer.signIn(
                    name, password: password, from: IssuerFixture.client)
            }
        }
        #expect(fixture.passwords.counts.verified == before)
        #expect(fixture.events.all.isEmpty)
    }

    @Test("passwords are taken byte for byte")
    func exactBytes() async throws {
        let fixture = try IssuerFixture()
        let password = "  Cafe\u{301} \u{0} au lait  "
        _ = try await fixture.issuer.register(
            RegistrationForm(username: "zoe", email: "zoe@example.com", password: password))
        func signIn(_ password: String) async throws {
            _ = try await fixture.issuer.signIn(
                "zoe", password: password, from: IssuerFixture.client)
        }
        try await signIn(password)
        for other in [
            "  Caf\u{E9} \u{0} au lait  ", "Cafe\u{301} \u{0} au lait", "  Cafe\u{301} ",
            password + "\n", password.lowercased(),
        ] {
            await #expect(throws: IssuerError.badCredentials) { try await signIn(other) }
        }
    }

    @Test("more sign-ins than can wait are told so at once")
    func busy() async throws {
        let fixture = try IssuerFixture()
        try await fixture.register()
        fixture.passwords.stop()
        await #expect(throws: IssuerError.busy) { try await fixture.signIn() }
    }

    @Test("a hash of weaker parameters is replaced, while others sign in too")
    func rehash() async throws {
        let fixture = try IssuerFixture(
            parameters: Argon2Parameters(memory: 64, passes: 2, lanes: 1))
        let weak = PasswordHashingPool(threads: 1, parameters: IssuerFixture.cheap)
        let hash = try await weak.hash(try #require(Password(IssuerFixture.password)))
        let profile = try RegistrationForm(
            username: "alice", email: "alice@example.com", password: IssuerFixture.password
        ).checked(minimumPasswordLength: 15).profile
        let account = Account(
            id: .random(), profile: profile, createdAt: fixture.now, updatedAt: fixture.now)
        try await fixture.store.insert(account, passwordHash: hash)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 { group.addTask { _ = try await fixture.signIn() } }
            try await group.waitForAll()
        }
        let stored = try await fixture.store.account(named: SignInName("alice"))?.passwordHash
        #expect(stored?.encoded.hasPrefix("$argon2id$v=19$m=64,t=2,p=1$") == true)
        let hashed = fixture.passwords.counts.hashed
        _ = try await fixture.signIn()
        #expect(fixture.passwords.counts.hashed == hashed)
        // A rehash is no change of the password: tokens stay as good as they were.
        #expect(try await fixture.issuer.account(account.id).tokenVersion == 1)
    }
}
