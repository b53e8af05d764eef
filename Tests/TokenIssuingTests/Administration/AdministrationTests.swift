import Cryptography
import StrictJSON
import Testing
import TokenVerification

@testable import TokenIssuing

@Suite("Account administration")
struct AdministrationTests {
    let form = AccountForm(
        username: "root", email: "root@example.com", password: IssuerFixture.password,
        fullName: "Root", roles: ["viewer", "admin", "viewer"], groups: ["ops"],
        permissions: ["app.view", "app.add"], isStaff: true, isSuperuser: true)

    @Test("makes an account with all its fields, also while registration is closed")
    func create() async throws {
        let fixture = try IssuerFixture {
            $0.registration = .closed
            $0.defaultRoles = ["editor"]
        }
        let account = try await fixture.administration.create(form)
        #expect(account.roles == ["admin", "viewer"])
        #expect(account.groups == ["ops"] && account.permissions == ["app.add", "app.view"])
        #expect(account.isStaff && account.isSuperuser && account.isActive)
        #expect(account.profile.fullName == "Root")
        #expect(try await fixture.administration.find("root") == account)
        #expect(try await fixture.signIn("root").account.id == account.id)
    }

    @Test("says everything that is wrong with a new account, and makes none")
    func createInvalid() async throws {
        let fixture = try IssuerFixture()
        var bad = form
        bad.username = "a@b"
        bad.password = "short"
        bad.groups = [""]
        bad.permissions = ["view"]
        let error = await #expect(throws: AdministrationError.self) {
            try await fixture.administration.create(bad)
        }
        let text = try #require(error).description
        for field in ["`username`", "`password`", "`groups`", "`permissions`"] {
            #expect(text.contains(field))
        }
        var undeclared = form
        undeclared.roles = ["viewer", "emperor"]
        await #expect(
            throws: AdministrationError.unknownRole(
                "emperor", declared: fixture.administration.declaredRoles)
        ) { try await fixture.administration.create(undeclared) }
        var large = form
        large.groups = (0..<100).map { "group \($0)" }
        await #expect(throws: AdministrationError.tooManyNames) {
            try await fixture.administration.create(large)
        }
        #expect(try await fixture.administration.list(after: nil, limit: 10).isEmpty)
        #expect(fixture.passwords.counts.hashed == 0)
    }

    @Test("names an account by ID, address or user name, in any case")
    func find() async throws {
        let fixture = try IssuerFixture()
        let alice = try await fixture.register("alice")
        for selector in [alice.id.description, "alice", "ALICE", "Alice@Example.COM"] {
            #expect(try await fixture.administration.find(selector).id == alice.id)
        }
        for selector in ["bob", "alice@example.org", AccountID.random().description, ""] {
            await #expect(throws: AdministrationError.noSuchAccount(selector)) {
                try await fixture.administration.find(selector)
            }
        }
        // Nobody gets in somebody else's way by a user name that looks like an ID.
        let mallory = try await fixture.issuer.register(
            RegistrationForm(
                username: alice.id.description, email: "mallory@example.com",
                password: IssuerFixture.password))
        #expect(try await fixture.administration.find(alice.id.description).id == alice.id)
        #expect(try await fixture.administration.find(mallory.id.description).id == mallory.id)
    }

    @Test("lists accounts in pages, in the order of their names")
    func list() async throws {
        let fixture = try IssuerFixture()
        for name in ["dora", "Alice", "carl", "Bob", "eve"] { try await fixture.register(name) }
        let first = try await fixture.administration.list(after: nil, limit: 2)
        #expect(first.map(\.profile.username.text) == ["Alice", "Bob"])
        let rest = try await fixture.administration.list(after: "BOB", limit: 10)
        #expect(rest.map(\.profile.username.text) == ["carl", "dora", "eve"])
    }

    @Test("a granted or revoked role is in the next access token, and sessions go on")
    func roles() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        let granted = try await fixture.administration.grant("viewer", to: "alice")
        #expect(granted.roles == ["viewer"] && granted.tokenVersion == 2)
        let again = try await fixture.administration.grant("viewer", to: "alice")
        #expect(again == granted)
        let two = try await fixture.administration.grant("admin", to: "alice")
        #expect(two.roles == ["admin", "viewer"] && two.tokenVersion == 3)
        let next = try await fixture.refresh(tokens.refreshToken)
        #expect(
            try fixture.verify(next.accessToken).claims["roles"]
                == .array([.string("admin"), .string("viewer")]))
        let revoked = try await fixture.administration.revoke("admin", from: "alice")
        #expect(revoked.roles == ["viewer"] && revoked.tokenVersion == 4)
        #expect(try await fixture.administration.revoke("admin", from: "alice") == revoked)
        #expect(fixture.events.denied.isEmpty)
    }

    @Test("a role that the policy does not declare cannot be given, but taken away")
    func undeclaredRole() async throws {
        let fixture = try IssuerFixture()
        let account = try await fixture.register()
        let error = await #expect(throws: AdministrationError.self) {
            try await fixture.administration.grant("emperor", to: "alice")
        }
        #expect(
            error?.description
                == "the policy declares no role `emperor`; it has `admin`, `analyst`, `editor`, "
                + "`viewer`")
        _ = try await fixture.store.update(account.id) { $0.roles = ["emperor", "viewer"] }
        let left = try await fixture.administration.revoke("emperor", from: "alice")
        #expect(left.roles == ["viewer"])
    }

    @Test("roles are bounded by the size of access tokens, and can be taken away beyond it")
    func tooManyNames() async throws {
        let fixture = try IssuerFixture()
        let account = try await fixture.register()
        let groups = (0..<100).map { "group \($0)" }
        await #expect(throws: AdministrationError.tooManyNames) {
            try await fixture.administration.set(
                "alice", AccountChanges(groups: NameEdit(added: groups)))
        }
        #expect(try await fixture.administration.find("alice") == account)
        // An older version may have given more.
        _ = try await fixture.store.update(account.id) {
            $0.groups = groups
            $0.roles = ["editor"]
        }
        await #expect(throws: AdministrationError.tooManyNames) {
            try await fixture.administration.grant("viewer", to: "alice")
        }
        #expect(try await fixture.administration.revoke("editor", from: "alice").roles.isEmpty)
        let named = try await fixture.administration.set(
            "alice", AccountChanges(profile: ProfilePatch(fullName: .set("Alice"))))
        #expect(named.profile.fullName == "Alice")
    }

    @Test("disabling ends all sessions: on the disk, then on the loops, then acknowledged")
    func disable() async throws {
        let fixture = try IssuerFixture()
        let first = try await fixture.signedIn()
        let second = try await fixture.signIn()
        let bob = try await fixture.signedIn("bob")
        fixture.events.removeAll()
        let disabled = try await fixture.administration.setActive("alice", false)
        fixture.events.append(.returned)
        #expect(!disabled.isActive && disabled.tokenVersion == 2)
        #expect(Set(fixture.events.denied.map(\.session)) == [first.session, second.session])
        #expect(fixture.events.storeCalls.last == "updateEndingSessions")
        guard case .denied = fixture.events.all.dropLast().last else {
            Issue.record("the loops were not told last")
            return
        }
        #expect(try await fixture.session(first.session)?.revocationReason == .accountDisabled)
        await #expect(throws: IssuerError.badCredentials) { try await fixture.signIn() }
        _ = try await fixture.refresh(bob.refreshToken)
        let enabled = try await fixture.administration.setActive("alice", true)
        #expect(enabled.isActive && enabled.tokenVersion == 3)
        _ = try await fixture.signIn()
    }

    @Test("a new password ends all sessions, and the old one is worth nothing")
    func setPassword() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        await #expect(throws: AdministrationError.self) {
            try await fixture.administration.setPassword("alice", "short")
        }
        #expect(try await fixture.session(tokens.session)?.revokedAt == nil)
        let account = try await fixture.administration.setPassword("alice", "another long password")
        #expect(account.tokenVersion == 2)
        #expect(fixture.events.denied.map(\.session) == [tokens.session])
        #expect(try await fixture.session(tokens.session)?.revocationReason == .passwordChanged)
        await #expect(throws: IssuerError.badCredentials) { try await fixture.signIn() }
        _ = try await fixture.issuer.signIn(
            "alice", password: "another long password", from: IssuerFixture.client)
    }

    @Test("sets profile, address, flags, groups and permissions, and says what is wrong")
    func set() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        try await fixture.register("bob")
        let changes = AccountChanges(
            profile: ProfilePatch(username: .set("Alice"), bio: .set("x")),
            email: .set("a@example.org"), isStaff: true,
            groups: NameEdit(added: ["b", "a", "b"]),
            permissions: NameEdit(added: ["app.view"]))
        let account = try await fixture.administration.set("alice", changes)
        #expect(account.profile.username.text == "Alice" && account.profile.bio == "x")
        #expect(account.profile.email.text == "a@example.org")
        #expect(account.isStaff && !account.isSuperuser)
        #expect(account.groups == ["a", "b"] && account.permissions == ["app.view"])
        #expect(account.tokenVersion == 2)
        let profile = try await fixture.administration.set(
            "alice", AccountChanges(profile: ProfilePatch(bio: .clear)))
        #expect(profile.profile.bio.isEmpty && profile.tokenVersion == 2)
        for (changes, error) in [
            (AccountChanges(email: .set("BOB@example.com")), AdministrationError.emailTaken),
            (AccountChanges(profile: ProfilePatch(username: .set("bob"))), .usernameTaken),
        ] {
            await #expect(throws: error) {
                try await fixture.administration.set("alice", changes)
            }
        }
        let error = await #expect(throws: AdministrationError.self) {
            try await fixture.administration.set(
                "alice",
                AccountChanges(
                    email: .clear, groups: NameEdit(added: ["\n"]),
                    permissions: NameEdit(added: ["x"])))
        }
        guard case .invalid(let errors) = error else {
            Issue.record("\(String(describing: error)) is no validation error")
            return
        }
        #expect(errors.map(\.field) == ["email", "groups", "permissions"])
        _ = try await fixture.refresh(tokens.refreshToken)
    }

    @Test("racing grants are all made")
    func racingGrants() async throws {
        let fixture = try IssuerFixture()
        try await fixture.register()
        let roles = ["admin", "analyst", "editor", "viewer"]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for role in roles {
                group.addTask { _ = try await fixture.administration.grant(role, to: "alice") }
            }
            try await group.waitForAll()
        }
        let account = try await fixture.administration.find("alice")
        #expect(account.roles == roles)
        #expect(account.tokenVersion == 5)
    }
}
