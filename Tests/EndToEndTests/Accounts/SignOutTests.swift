import TestSupport
import Testing

@Suite(
    "signing out",
    .gate({
        $0.useAccounts(defaultRoles: ["viewer"])
        $0.threads = 4
    }), .serialized)
struct SignOutTests {
    @Test("the access token is refused at once, on old and new connections of every event loop")
    func everywhereAtOnce() throws {
        let gate = try currentFixture().gate
        for _ in 1...5 {
            let (_, tokens) = try gate.newcomer()
            let bystander = try gate.newcomer().tokens
            let request = AccountRequest.get("/api/x", tokens.access)
            // Whatever loop a connection is on, the token is in that loop's cache.
            let kept = try (0..<32).map { _ in try gate.connect() }
            for client in kept {
                try client.send(request)
                #expect(try client.response().status == 200)
            }
            let signOut = try gate.exchange(AccountRequest.signOut(tokens.access))
            #expect(signOut.status == 204 && signOut.body == [])
            let new = try (0..<32).map { _ in try gate.connect() }
            for client in kept + new { try client.send(request) }
            for client in kept + new {
                let answer = try client.response()
                #expect(answer.status == 401 && answer.reason == "token_invalid")
            }
            #expect(try gate.status("/api/x", bystander.access) == 200)
            #expect(try gate.exchange(AccountRequest.refresh(tokens.refresh)).status == 400)
        }
        #expect(gate.logLine(with: ["token_revoked"]) != nil)
    }

    @Test("a sign-out ends the sessions that it says, and leaves the others")
    func scopes() throws {
        let gate = try currentFixture().gate
        for (scope, alive) in [
            ("here", [false, true, true]), ("others", [true, false, true]),
            ("everywhere", [false, false, true]),
        ] {
            let (person, here) = try gate.newcomer()
            let other = try gate.signIn(person)
            let stranger = try gate.newcomer().tokens
            let answer = try gate.exchange(AccountRequest.signOut(here.access, scope: scope))
            #expect(answer.status == 204, "\(scope)")
            for (tokens, isAlive) in zip([here, other, stranger], alive) {
                #expect(
                    try gate.status("/api/x", tokens.access) == (isAlive ? 200 : 401), "\(scope)")
                let refreshed = try gate.exchange(AccountRequest.refresh(tokens.refresh))
                #expect(refreshed.status == (isAlive ? 200 : 400), "\(scope)")
            }
        }
    }

    @Test("a token that was signed out cannot sign out, read or change anything")
    func afterwards() throws {
        let gate = try currentFixture().gate
        let (person, first) = try gate.newcomer()
        let second = try gate.signIn(person)
        #expect(try gate.exchange(AccountRequest.signOut(first.access)).status == 204)
        for request in [
            AccountRequest.signOut(first.access), AccountRequest.me(first.access),
            AccountRequest.signOut(first.access, scope: "everywhere"),
            AccountRequest.patchMe(first.access, #"{"bio":"x"}"#),
        ] {
            #expect(try gate.exchange(request).status == 401)
        }
        #expect(try gate.status("/api/x", second.access) == 200)
        #expect(try gate.exchange(AccountRequest.me(second.access)).object().string("bio") == "")
    }

    @Test("disabling an account and setting its password end its sessions at once")
    func administration() throws {
        let gate = try currentFixture().gate
        let stranger = try gate.newcomer().tokens
        var (person, tokens) = try gate.newcomer()
        #expect(try gate.command(AccountCommand.disable(person)).status == 0)
        #expect(try gate.status("/api/x", tokens.access) == 401)
        #expect(try gate.exchange(AccountRequest.refresh(tokens.refresh)).status == 400)
        #expect(try gate.exchange(AccountRequest.signIn(person)).status == 401)
        #expect(try gate.command(AccountCommand.enable(person)).status == 0)
        // Enabled again is not signed in again.
        #expect(try gate.status("/api/x", tokens.access) == 401)
        #expect(try gate.exchange(AccountRequest.refresh(tokens.refresh)).status == 400)

        tokens = try gate.signIn(person)
        let old = person.password
        person.password = Person.newPassword()
        let set = try gate.command(
            AccountCommand.passwd(person), input: person.password + "\n")
        #expect(set.status == 0, "\(set.error)")
        #expect(try gate.status("/api/x", tokens.access) == 401)
        #expect(try gate.exchange(AccountRequest.refresh(tokens.refresh)).status == 400)
        #expect(
            try gate.exchange(AccountRequest.signIn(person.username, old)).status == 401)
        #expect(try gate.exchange(AccountRequest.signIn(person)).status == 200)
        #expect(try gate.status("/api/x", stranger.access) == 200)
    }
}
