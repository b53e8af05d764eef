import Foundation
import TestSupport
import Testing

@Suite(
    "changes of one account at the same moment",
    .gate({ $0.useAccounts(defaultRoles: ["viewer"]) }), .serialized)
struct AccountRaceTests {
    @Test("of many registrations of one name or one address, one is made")
    func registrations() throws {
        let gate = try currentFixture().gate
        let shared = Person()
        let byAddress = (0..<8).map { _ in (username: Person().username, email: shared.email) }
        let byName = (0..<8).map { _ in (username: shared.username, email: Person().email) }
        for (people, reason) in [(byAddress, "email_taken"), (byName, "username_taken")] {
            let answers = try gate.exchangeTogether(
                people.enumerated().map { number, person in
                    // Each in a letter case of its own.
                    let email = number % 2 == 0 ? person.email : person.email.uppercased()
                    return AccountRequest.register(
                        #"{"email":"\#(email)","username":"\#(person.username)","#
                            + #""password":"\#(Person.newPassword())"}"#)
                }, within: .seconds(60))
            #expect(answers.count { $0.status == 201 } == 1)
            for answer in answers where answer.status != 201 {
                #expect(answer.status == 409 && answer.reason == reason)
            }
        }
    }

    @Test("refreshes that race with a sign-out bring no token that outlives it")
    func refreshAndSignOut() throws {
        let gate = try currentFixture().gate
        for round in 0..<10 {
            let (_, tokens) = try gate.newcomer()
            var requests = Array(repeating: AccountRequest.refresh(tokens.refresh), count: 6)
            requests.insert(AccountRequest.signOut(tokens.access), at: round % 7)
            let answers = try gate.exchangeTogether(requests)
            #expect(answers[round % 7].status == 204)
            let pairs = answers.compactMap { try? TokenPair($0) }
            #expect(Set(pairs.map(\.refresh)).count <= 1)
            for pair in pairs + [tokens] {
                #expect(try gate.status("/api/x", pair.access) == 401)
                #expect(try gate.exchange(AccountRequest.refresh(pair.refresh)).status == 400)
            }
            for answer in answers where ![200, 204].contains(answer.status) {
                #expect(answer.status == 400 && answer.oauthError == "invalid_grant")
            }
        }
    }

    @Test("sign-ins that race with the end of the account bring no token that outlives it")
    func signInAndDisable() throws {
        let gate = try currentFixture().gate
        let (person, tokens) = try gate.newcomer()
        let clients = try (0..<12).map { _ in
            let client = try gate.connect()
            try client.send(AccountRequest.signIn(person))
            return client
        }
        #expect(try gate.command(AccountCommand.disable(person)).status == 0)
        let answers = try clients.map { try $0.response(within: .seconds(60)) }
        let pairs = answers.compactMap { try? TokenPair($0) }
        for pair in pairs + [tokens] {
            #expect(try gate.status("/api/x", pair.access) == 401)
            #expect(try gate.exchange(AccountRequest.refresh(pair.refresh)).status == 400)
        }
        for answer in answers where answer.status != 200 { #expect(answer.status == 401) }
    }

    @Test("roles that are granted at the same time are all there in the end")
    func grants() throws {
        let gate = try currentFixture().gate
        let (person, tokens) = try gate.newcomer()
        let failures = Locked<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { number in
            do {
                let command =
                    number % 3 == 0
                    ? AccountCommand.grant("admin", to: person)
                    : AccountCommand.set(person, ["--add-group", "group-\(number)"])
                let result = try gate.command(command, within: .seconds(60))
                if result.status != 0 { failures.withLock { $0.append(result.error) } }
                let patch = AccountRequest.patchMe(tokens.access, #"{"bio":"\#(number)"}"#)
                let answer = try gate.exchange(patch)
                if answer.status != 200 { failures.withLock { $0.append(answer.text) } }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        let user = try gate.exchange(AccountRequest.me(tokens.access)).object()
        #expect(user.strings("roles") == ["admin", "viewer"])
        #expect(user.strings("groups") == ["group-1", "group-2", "group-4", "group-5"])
    }
}
