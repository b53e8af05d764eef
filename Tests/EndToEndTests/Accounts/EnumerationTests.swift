import TestSupport
import Testing

@Suite(
    "who has an account is not told", .gate({ $0.useAccounts(defaultRoles: ["viewer"]) }),
    .serialized)
struct EnumerationTests {
    @Test("an unknown name, a wrong password and a disabled account get the same answer")
    func sameAnswer() throws {
        let gate = try currentFixture().gate
        let (known, _) = try gate.newcomer()
        let (disabled, tokens) = try gate.newcomer()
        #expect(try gate.command(AccountCommand.disable(disabled)).status == 0)
        #expect(try gate.status("/api/x", tokens.access) == 401)
        let unknown = Person()
        let wrong = Person.newPassword()
        let cases = [
            ("wrong password", known.username, wrong), ("wrong password", known.email, wrong),
            ("unknown name", unknown.username, wrong), ("unknown address", unknown.email, wrong),
            ("disabled", disabled.username, disabled.password),
            ("disabled", disabled.email, disabled.password),
            ("disabled, wrong password", disabled.username, wrong),
            ("a password too short for any account", known.username, "short"),
            ("a password too short, unknown name", unknown.username, "short"),
        ]
        var answers: [String] = []
        for (label, login, password) in cases {
            let answer = try gate.exchange(AccountRequest.signIn(login, password))
            #expect(answer.status == 401 && answer.reason == "bad_credentials", "\(label)")
            answers.append(answer.withoutDate)
        }
        #expect(Set(answers).count == 1, "\(Set(answers))")
    }

    @Test("and it takes the same work")
    func sameWork() throws {
        let gate = try currentFixture().gate
        let (known, _) = try gate.newcomer()
        let (disabled, _) = try gate.newcomer()
        #expect(try gate.command(AccountCommand.disable(disabled)).status == 0)
        /// Processor time: what the machine does besides does not count.
        func work(_ request: () -> String) throws -> Double {
            let before = try #require(processorTicks(of: gate.pid))
            for _ in 1...15 {
                #expect(try gate.exchange(request()).status == 401)
            }
            return Double(try #require(processorTicks(of: gate.pid)) - before)
        }
        let wrong = try work { AccountRequest.signIn(known.username, Person.newPassword()) }
        let others = [
            try work { AccountRequest.signIn(Person().username, Person.newPassword()) },
            try work { AccountRequest.signIn(Person().email, Person.newPassword()) },
            try work { AccountRequest.signIn(disabled.username, disabled.password) },
        ]
        // Of a request without a hash there would be next to nothing to be seen.
        #expect(wrong >= 10)
        for other in others {
            #expect((0.6...1.7).contains(other / wrong), "\(wrong) and \(other) ticks")
        }
    }

    @Test("a session that has ended in any way gets the same answer when it is refreshed")
    func sameRefreshAnswer() throws {
        let gate = try currentFixture().gate
        let (_, out) = try gate.newcomer()
        #expect(try gate.exchange(AccountRequest.signOut(out.access)).status == 204)
        let (disabled, disabledTokens) = try gate.newcomer()
        #expect(try gate.command(AccountCommand.disable(disabled)).status == 0)
        let (_, live) = try gate.newcomer()
        let last = live.refresh.last == "A" ? "B" : "A"
        let garbage = live.refresh.dropLast() + last
        let tokens = [out.refresh, disabledTokens.refresh, String(garbage)]
        let answers = try tokens.map {
            let answer = try gate.exchange(AccountRequest.refresh($0))
            #expect(answer.status == 400 && answer.oauthError == "invalid_grant")
            return answer.withoutDate
        }
        #expect(Set(answers).count == 1, "\(Set(answers))")
    }
}

@Suite("closed registration", .gate({ $0.useAccounts(mode: "closed") }), .serialized)
struct ClosedRegistrationTests {
    @Test("gives the same answer to everybody, and makes no account")
    func closed() throws {
        let gate = try currentFixture().gate
        let known = Person()
        let created = try gate.command(
            AccountCommand.create(known), input: known.password + "\n")
        #expect(created.status == 0, "\(created.error)")
        let unknown = Person()
        var weak = Person()
        weak.password = "short"
        let answers = try [known, unknown, weak].map {
            let answer = try gate.exchange(AccountRequest.register($0))
            #expect(answer.status == 403 && answer.reason == "registration_closed")
            return answer.withoutDate
        }
        #expect(Set(answers).count == 1, "\(Set(answers))")
        #expect(try gate.exchange(AccountRequest.signIn(unknown)).status == 401)
        // Who was let in otherwise can come in, and has no role.
        #expect(try gate.status("/api/x", try gate.signIn(known).access) == 403)
    }
}

extension RawResponse {
    /// All that a client can compare, but for the time.
    fileprivate var withoutDate: String {
        let fields = headerLines.filter { !$0.lowercased().hasPrefix("date:") }
        return ([statusLine] + fields).joined(separator: "\n") + "\n\n" + text
    }
}
