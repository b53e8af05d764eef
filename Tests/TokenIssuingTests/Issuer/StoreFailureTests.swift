import TestSupport
import Testing

@testable import TokenIssuing

@Suite("A store that fails")
struct StoreFailureTests {
    @Test(
        "is said to whoever asks, and nothing is acknowledged or denied",
        arguments: [.full, .readOnly, .busy, .failed(detail: "disk I/O error")]
            as [AccountStoreError])
    func failures(failure: AccountStoreError) async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        let id = tokens.account.id
        fixture.store.failure.withLock { $0 = failure }
        fixture.events.removeAll()
        let calls: [() async throws -> Void] = [
            { try await fixture.register("bob") },
            { _ = try await fixture.signIn() },
            { _ = try await fixture.refresh(tokens.refreshToken) },
            {
                try await fixture.issuer.signOut(
                    .everywhere, session: tokens.session, account: id)
            },
            { _ = try await fixture.issuer.account(id) },
            { _ = try await fixture.issuer.updateProfile(of: id, ProfilePatch(bio: .clear)) },
        ]
        for call in calls {
            await #expect(throws: IssuerError.storeUnavailable(failure)) { try await call() }
        }
        await #expect(throws: AdministrationError.storeUnavailable(failure)) {
            try await fixture.administration.setActive("alice", false)
        }
        #expect(fixture.events.all.isEmpty)
        fixture.store.failure.withLock { $0 = nil }
        _ = try await fixture.refresh(tokens.refreshToken)
    }

    @Test("whose password hash cannot be read is no wrong password")
    func unreadableHash() async throws {
        let fixture = try IssuerFixture()
        let account = try await fixture.register()
        let hash = PasswordHash(encoded: "$2b$12$secret")
        _ = try await fixture.store.replacePasswordHash(of: account.id, by: hash, expected: nil)
        let error = await #expect(throws: IssuerError.self) { try await fixture.signIn() }
        #expect(error?.code == "store_unavailable")
        #expect(!"\(String(describing: error))".contains("secret"))
    }
}
