import Testing

@testable import TokenIssuing

@Suite("Registration")
struct RegistrationTests {
    @Test("makes an active account with the default roles, which can sign in by both names")
    func registers() async throws {
        let fixture = try IssuerFixture { $0.defaultRoles = ["viewer", "analyst"] }
        let account = try await fixture.issuer.register(
            RegistrationForm(
                username: "Alice", email: "Alice@Example.com", password: IssuerFixture.password,
                fullName: "Alice Liddell", bio: "Down the hole", birthDate: "1852-05-04"))
        #expect(account.isActive && !account.isStaff && !account.isSuperuser)
        #expect(account.roles == ["analyst", "viewer"])
        #expect(account.groups.isEmpty && account.permissions.isEmpty)
        #expect(account.createdAt == fixture.now && account.updatedAt == fixture.now)
        #expect(account.lastSignInAt == nil)
        #expect(try await fixture.issuer.account(account.id) == account)
        for name in ["Alice", "ALICE", "alice@example.com", "Alice@EXAMPLE.com"] {
            #expect(try await fixture.signIn(name).account.id == account.id)
        }
        #expect(try await fixture.issuer.account(account.id).lastSignInAt == fixture.now)
    }

    @Test("is closed unless it is opened: nothing of the form is looked at")
    func closed() async throws {
        let fixture = try IssuerFixture { $0.registration = .closed }
        for form in [
            RegistrationForm(username: nil, email: nil, password: nil),
            RegistrationForm(
                username: "alice", email: "alice@example.com", password: IssuerFixture.password),
        ] {
            await #expect(throws: IssuerError.registrationClosed) {
                try await fixture.issuer.register(form)
            }
        }
        #expect(fixture.events.all.isEmpty)
        #expect(fixture.passwords.counts.hashed == 0)
        let settings = IssuerSettings(issuer: "https://ostiary.test", audience: ["ostiary"])
        #expect(settings.registration == .closed)
    }

    @Test("says all that is wrong before it hashes or asks the store")
    func invalid() async throws {
        let fixture = try IssuerFixture()
        let error = await #expect(throws: IssuerError.self) {
            try await fixture.issuer.register(
                RegistrationForm(username: "a@b", email: "x", password: "short"))
        }
        guard case .invalid(let errors) = error else {
            Issue.record("\(String(describing: error)) is no validation error")
            return
        }
        #expect(errors.map(\.field) == ["username", "email", "password"])
        #expect(fixture.events.all.isEmpty)
        #expect(fixture.passwords.counts.hashed == 0)
    }

    @Test("a taken user name is said before a taken address, however it is spelled")
    func taken() async throws {
        let fixture = try IssuerFixture()
        try await fixture.register("alice")
        func register(_ username: String, _ email: String) async throws {
            _ = try await fixture.issuer.register(
                RegistrationForm(
                    username: username, email: email, password: IssuerFixture.password))
        }
        await #expect(throws: IssuerError.usernameTaken) {
            try await register("ALICE", "other@example.com")
        }
        await #expect(throws: IssuerError.usernameTaken) {
            try await register("Alice", "Alice@EXAMPLE.com")
        }
        await #expect(throws: IssuerError.emailTaken) {
            try await register("bob", "Alice@EXAMPLE.com")
        }
        // A taken name has cost the same work as a free one.
        #expect(fixture.passwords.counts.hashed == 4)
        try await register("bob", "bob@example.com")
    }

    @Test("of many that race for one name and address, one gets it")
    func race() async throws {
        let fixture = try IssuerFixture()
        let made = await withTaskGroup(of: IssuerError?.self) { group in
            for number in 0..<16 {
                group.addTask {
                    do throws(IssuerError) {
                        _ = try await fixture.issuer.register(
                            RegistrationForm(
                                username: number % 2 == 0 ? "alice" : "ALICE",
                                email: "Alice@example.com", password: IssuerFixture.password))
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            var outcomes: [IssuerError?] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        #expect(made.filter { $0 == nil }.count == 1)
        #expect(made.filter { $0 == .usernameTaken }.count == 15)
        #expect(try await fixture.administration.list(after: nil, limit: 100).count == 1)
    }
}
