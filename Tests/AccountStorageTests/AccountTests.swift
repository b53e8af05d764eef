import AccountStorage
import Cryptography
import Testing
import TokenIssuing

@Suite("Accounts in SQLite")
struct AccountTests {
    static let now = StoreFixture.now

    @Test("comes back as it went in, also from a store opened again")
    func roundTrip() async throws {
        let fixture = try StoreFixture()
        let account = Account(
            id: .random(),
            profile: Profile(
                username: .of("Zoë Straße"), email: .of("Zoë@Example.ORG"),
                fullName: "Zoe\u{308} 👩‍🔬 O'Neil; DROP TABLE users --", bio: "a\n\tb \u{FEFF}",
                birthDate: CalendarDate("2000-02-29")),
            isActive: false, isStaff: true, isSuperuser: true, groups: ["b", "Ärzte"],
            permissions: ["app.add_x", "app.view_x"], roles: ["admin", "viewer"],
            tokenVersion: .max, createdAt: 1, updatedAt: 2, lastSignInAt: 3)
        try await fixture.store.insert(account, passwordHash: StoreFixture.hash)
        #expect(try await fixture.store.account(account.id) == account)
        let store = try fixture.reopened()
        let read = try #require(try await store.account(account.id))
        #expect(read == account)
        // Swift's equality takes é and e with an accent for the same.
        #expect(Array(read.profile.fullName.utf8) == Array(account.profile.fullName.utf8))
        store.close()
    }

    @Test("gives lists of names in the order of their bytes, each name once")
    func memberships() async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored {
            $0.roles = ["b", "ä", "a", "B", "b"]
            $0.groups = ["y", "x"]
            $0.permissions = ["z.z", "a.a"]
        }
        let read = try #require(try await fixture.store.account(account.id))
        #expect(read.roles == ["B", "a", "b", "ä"])
        #expect(read.groups == ["x", "y"])
        #expect(read.permissions == ["a.a", "z.z"])
    }

    @Test("keeps names apart that differ only in how an accent is written")
    func canonicallyEqualNames() async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored { $0.roles = ["caf\u{E9}", "cafe\u{301}"] }
        let both = try #require(try await fixture.store.account(account.id))
        #expect(both.roles.map { Array($0.utf8).count } == [6, 5])
        let one = try await fixture.store.update(account.id) {
            $0.roles = ["cafe\u{301}"]
            $0.profile.fullName = "e\u{301}"
        }
        #expect(one?.roles.map { Array($0.utf8).count } == [6])
        let other = try await fixture.store.update(account.id) {
            $0.roles = ["caf\u{E9}"]
            $0.profile.fullName = "\u{E9}"
        }
        #expect(other?.roles.map { Array($0.utf8).count } == [5])
        #expect(other.map { Array($0.profile.fullName.utf8) } == [0xC3, 0xA9])
    }

    @Test("is found by folded user name and by folded address, each among its own")
    func lookUp() async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored("Straße")
        for name in ["Straße", "STRASSE", "strasse", "Straße@example.org", "STRASSE@EXAMPLE.ORG"] {
            let found = try #require(try await fixture.store.account(named: SignInName(name)))
            #expect(found.account == account)
            #expect(found.passwordHash == StoreFixture.hash)
        }
        for name in ["", "strass", "strasse@example", "strasse\0", "strasse\0x", "%", "x' OR 1 --"]
        {
            #expect(try await fixture.store.account(named: SignInName(name)) == nil)
        }
        let folded = account.profile.username.folded
        #expect(try await fixture.store.account(named: .email(folded: folded)) == nil)
        #expect(try await fixture.store.account(.random()) == nil)
    }

    @Test("are listed by folded user name, page by page")
    func list() async throws {
        let fixture = try StoreFixture()
        #expect(try await fixture.store.hasAccounts() == false)
        #expect(try await fixture.store.accounts(after: nil, limit: 10) == [])
        for name in ["delta", "Bravo", "alpha", "Charlie", "ähnlich"] {
            _ = try await fixture.stored(name) { $0.roles = [name] }
        }
        #expect(try await fixture.store.hasAccounts())
        var names: [String] = []
        var last: Username?
        while true {
            let page = try await fixture.store.accounts(after: last, limit: 2)
            guard !page.isEmpty else { break }
            #expect(page.count <= 2)
            #expect(page.allSatisfy { $0.roles == [$0.profile.username.text] })
            names += page.map(\.profile.username.text)
            last = page.last?.profile.username
        }
        #expect(names == ["alpha", "Bravo", "Charlie", "delta", "ähnlich"])
        #expect(try await fixture.store.accounts(after: nil, limit: 0) == [])
        #expect(try await fixture.store.accounts(after: nil, limit: -1) == [])
    }

    @Test("an update stores what the change makes of the account as it is now")
    func update() async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored {
            $0.roles = ["a", "b"]
            $0.groups = ["g"]
            $0.profile.birthDate = CalendarDate("1990-01-01")
            $0.lastSignInAt = 7
        }
        let updated = try await fixture.store.update(account.id) {
            $0.profile = Profile(
                username: .of("Alicia"), email: .of("new@example.org"), fullName: "A",
                bio: "B")
            $0.isActive = false
            $0.isStaff = true
            $0.isSuperuser = true
            $0.roles = ["b", "c"]
            $0.groups = ["h", "g"]
            $0.permissions = ["app.x"]
            $0.tokenVersion += 1
            $0.updatedAt = Self.now + 5
            $0.createdAt = 0
            $0.lastSignInAt = nil
        }
        let expected = Account(
            id: account.id,
            profile: Profile(
                username: .of("Alicia"), email: .of("new@example.org"), fullName: "A", bio: "B"),
            isActive: false, isStaff: true, isSuperuser: true, groups: ["g", "h"],
            permissions: ["app.x"], roles: ["b", "c"], tokenVersion: 2, createdAt: Self.now,
            updatedAt: Self.now + 5, lastSignInAt: 7)
        #expect(updated == expected)
        #expect(try await fixture.store.account(account.id) == expected)
        #expect(try await fixture.store.account(named: SignInName("alice")) == nil)
        #expect(try await fixture.store.update(.random()) { $0.isStaff = true } == nil)
    }

    @Test("updates that run at once lose nothing")
    func parallelUpdates() async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored()
        try await withThrowingTaskGroup { group in
            for number in 0..<64 {
                group.addTask {
                    _ = try await fixture.store.update(account.id) {
                        $0.roles.append("role-\(number)")
                        $0.tokenVersion += 1
                    }
                }
            }
            try await group.waitForAll()
        }
        let read = try #require(try await fixture.store.account(account.id))
        #expect(read.roles.count == 64)
        #expect(read.tokenVersion == 65)
    }

    @Test("a password's hash is replaced, with an expected one only while it is that one")
    func passwordHash() async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored()
        let name = SignInName("alice")
        let (second, third) = (PasswordHash(encoded: "second"), PasswordHash(encoded: "third"))
        let store = fixture.store
        #expect(
            try await store.replacePasswordHash(
                of: account.id, by: second, expected: StoreFixture.hash))
        #expect(try await store.account(named: name)?.passwordHash == second)
        #expect(
            try await store.replacePasswordHash(
                of: account.id, by: third, expected: StoreFixture.hash) == false)
        #expect(try await store.account(named: name)?.passwordHash == second)
        #expect(try await store.replacePasswordHash(of: account.id, by: third, expected: nil))
        #expect(try await store.account(named: name)?.passwordHash == third)
        #expect(
            try await store.replacePasswordHash(of: .random(), by: third, expected: nil) == false)
    }

    @Test("refuses text with U+0000, which SQLite would end there, and keeps all as it was")
    func zeroCharacters() async throws {
        let fixture = try StoreFixture()
        let account = try await fixture.stored()
        await #expect(throws: AccountStoreError.self) { try await fixture.stored("bob\0by") }
        for change: @Sendable (inout Account) -> Void in [
            { $0.profile.bio = "\0" }, { $0.profile.fullName = "a\0" },
            { $0.roles = ["ok", "a\0"] },
            { $0.groups = ["\0"] }, { $0.profile.email = .of("a\0@example.org") },
        ] {
            await #expect(throws: AccountStoreError.self) {
                _ = try await fixture.store.update(account.id, change)
            }
        }
        #expect(try await fixture.store.accounts(after: nil, limit: 9) == [account])
    }
}
