import AccountStorage
import Cryptography
import Testing
import TokenIssuing

@Suite("Names are unique by their folded form")
struct UniquenessTests {
    @Test(
        "an account with a taken name is refused, and the user name is looked at first",
        arguments: [
            ("ALICE", "other@example.org", .usernameTaken),
            ("alice", "alice@example.org", .usernameTaken),
            ("other", "Alice@Example.Org", .emailTaken),
            ("other", "ALICE@EXAMPLE.ORG", .emailTaken),
        ] as [(String, String, AccountStoreError)])
    func taken(username: String, email: String, error: AccountStoreError) async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored("Alice")
        await #expect(throws: error) {
            try await fixture.stored {
                $0.profile = Profile(username: .of(username), email: .of(email))
                $0.roles = ["admin"]
                $0.groups = ["new"]
            }
        }
        #expect(try await fixture.store.accounts(after: nil, limit: 9) == [account])
    }

    @Test("an update to a taken name changes nothing; to another spelling of its own it does")
    func update() async throws {
        let fixture = try StoreFixture()
        let alice = try await fixture.stored("alice")
        let bob = try await fixture.stored("bob")
        await #expect(throws: AccountStoreError.usernameTaken) {
            _ = try await fixture.store.update(bob.id) {
                $0.profile.username = .of("aLiCe")
                $0.roles = ["admin"]
            }
        }
        await #expect(throws: AccountStoreError.emailTaken) {
            _ = try await fixture.store.updateEndingSessions(
                bob.id, passwordHash: PasswordHash(encoded: "new"), reason: .accountDisabled,
                at: 1, deniedUntil: 2
            ) { $0.profile.email = .of("ALICE@example.org") }
        }
        #expect(try await fixture.store.accounts(after: nil, limit: 9) == [alice, bob])
        let hash = try await fixture.store.account(named: SignInName("bob"))?.passwordHash
        #expect(hash == StoreFixture.hash)
        let renamed = try await fixture.store.update(bob.id) { $0.profile.username = .of("BOB") }
        #expect(renamed?.profile.username == .of("BOB"))
        #expect(renamed?.roles == [])
    }

    @Test(
        "of 64 registrations of one name at once exactly one wins",
        arguments: [true, false])
    func race(byUsername: Bool) async throws {
        let fixture = try StoreFixture()
        let spellings = ["strasse", "STRASSE", "Straße", "straße", "STRAẞE", "StRaSsE"]
        let accounts = (0..<64).map { number in
            let name = spellings[number % spellings.count]
            var account = Account.sample("user-\(number)")
            account.roles = ["role-\(number)"]
            if byUsername {
                account.profile.username = .of(name)
            } else {
                account.profile.email = .of(name + "@example.org")
            }
            return account
        }
        let outcomes = await withTaskGroup { group in
            for account in accounts {
                group.addTask { () -> AccountStoreError? in
                    do throws(AccountStoreError) {
                        try await fixture.store.insert(account, passwordHash: StoreFixture.hash)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: [AccountStoreError?]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 1)
        #expect(outcomes.count { $0 == (byUsername ? .usernameTaken : .emailTaken) } == 63)
        let stored = try await fixture.store.accounts(after: nil, limit: 100)
        #expect(stored.count == 1)
        #expect(accounts.contains(stored[0]))
    }

    @Test("an identifier is not used twice, and the error holds no value")
    func identifier() async throws {
        let fixture = try StoreFixture()
        let alice = try await fixture.stored("alice")
        let twin = Account(
            id: alice.id, profile: Account.sample("secret-name").profile, createdAt: 1, updatedAt: 1
        )
        await #expect(
            throws: AccountStoreError.failed(detail: "SQLite error 1555 (constraint failed)")
        ) {
            try await fixture.store.insert(twin, passwordHash: StoreFixture.hash)
        }
    }
}
