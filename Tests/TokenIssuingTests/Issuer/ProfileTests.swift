import Cryptography
import Testing

@testable import TokenIssuing

@Suite("Profiles")
struct ProfileTests {
    @Test("fields are set and cleared, and tokens stay as good as they were")
    func changes() async throws {
        let fixture = try IssuerFixture()
        let account = try await fixture.register()
        fixture.advance(by: 5)
        let patch = ProfilePatch(
            username: .set("Alice L"), fullName: .set("Alice"), birthDate: .set("1852-05-04"))
        let changed = try await fixture.issuer.updateProfile(of: account.id, patch)
        #expect(changed.profile.username.text == "Alice L")
        #expect(changed.profile.fullName == "Alice")
        #expect(changed.profile.birthDate?.description == "1852-05-04")
        #expect(changed.profile.email == account.profile.email)
        #expect(changed.updatedAt == fixture.now && changed.createdAt == account.createdAt)
        #expect(changed.tokenVersion == account.tokenVersion)
        #expect(try await fixture.issuer.account(account.id) == changed)
        let cleared = try await fixture.issuer.updateProfile(
            of: account.id, ProfilePatch(fullName: .clear, birthDate: .clear))
        #expect(cleared.profile.fullName.isEmpty && cleared.profile.birthDate == nil)
        _ = try await fixture.signIn("alice l")
    }

    @Test("a patch of nothing writes nothing")
    func empty() async throws {
        let fixture = try IssuerFixture()
        let account = try await fixture.register()
        fixture.advance(by: 5)
        fixture.events.removeAll()
        let same = try await fixture.issuer.updateProfile(of: account.id, ProfilePatch())
        #expect(same == account)
        #expect(fixture.events.all == [.stored("account")])
    }

    @Test("errors are said all at once, and nothing is changed")
    func invalid() async throws {
        let fixture = try IssuerFixture()
        let account = try await fixture.register()
        let error = await #expect(throws: IssuerError.self) {
            try await fixture.issuer.updateProfile(
                of: account.id,
                ProfilePatch(username: .clear, fullName: .set("new"), birthDate: .set("soon")))
        }
        guard case .invalid(let errors) = error else {
            Issue.record("\(String(describing: error)) is no validation error")
            return
        }
        #expect(errors.map(\.field) == ["username", "birth_date"])
        #expect(try await fixture.issuer.account(account.id) == account)
    }

    @Test("a taken user name is refused, one's own in another case is not")
    func taken() async throws {
        let fixture = try IssuerFixture()
        let alice = try await fixture.register("alice")
        try await fixture.register("bob")
        await #expect(throws: IssuerError.usernameTaken) {
            try await fixture.issuer.updateProfile(
                of: alice.id, ProfilePatch(username: .set("BOB")))
        }
        let changed = try await fixture.issuer.updateProfile(
            of: alice.id, ProfilePatch(username: .set("ALICE")))
        #expect(changed.profile.username.text == "ALICE")
    }

    @Test("an account that is gone or disabled has no profile any more")
    func gone() async throws {
        let fixture = try IssuerFixture()
        let account = try await fixture.register()
        _ = try await fixture.administration.setActive("alice", false)
        for id in [account.id, .random()] {
            await #expect(throws: IssuerError.sessionEnded) {
                try await fixture.issuer.account(id)
            }
            for patch in [ProfilePatch(), ProfilePatch(bio: .set("still here"))] {
                await #expect(throws: IssuerError.sessionEnded) {
                    try await fixture.issuer.updateProfile(of: id, patch)
                }
            }
        }
        #expect(try await fixture.administration.find("alice").profile.bio.isEmpty)
    }
}
