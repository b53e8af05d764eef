import Cryptography
import Gateway
import StrictJSON
import Testing
import TokenIssuing

@Suite("Messages of the control socket")
struct ControlMessageTests {
    @Test("every request is read as it was written", arguments: Sample.requests.indices)
    func requests(index: Int) throws {
        let encoded = Sample.requests[index].encoded
        #expect(!encoded.contains(UInt8(ascii: "\n")))
        let read = try ControlRequest(decoding: encoded.span)
        #expect(read.name == Sample.requests[index].name)
        // The fields are compared in their written form, in which none is left out.
        #expect(read.encoded == encoded)
    }

    @Test("every answer is read as it was written", arguments: Sample.answers)
    func answers(answer: ControlAnswer) throws {
        let encoded = answer.encoded
        #expect(!encoded.contains(UInt8(ascii: "\n")))
        #expect(try ControlAnswer(decoding: encoded.span) == answer)
    }

    @Test("every request without one of its members, or with one more, is refused")
    func strict() throws {
        for request in Sample.requests {
            let whole = try JSONReader.read(request.encoded.span, limits: .payload)
            let members = try #require(whole.members)
            let extra = JSONMember(name: "extra", value: .null)
            #expect(throws: ControlFormatError.self, "\(request.name)") {
                try ControlRequest(
                    decoding: JSONWriter.write(.object(members + [extra])).span)
            }
            for member in members
            where member.value != .null && !Sample.optional.contains(member.name) {
                #expect(throws: ControlFormatError.self, "\(request.name) without \(member.name)") {
                    try ControlRequest(
                        decoding: JSONWriter.write(
                            .object(members.filter { $0.name != member.name })
                        ).span)
                }
                let wrong = members.map { other in
                    other.name == member.name
                        ? JSONMember(name: member.name, value: .object([])) : other
                }
                #expect(throws: ControlFormatError.self, "\(request.name), \(member.name)") {
                    try ControlRequest(decoding: JSONWriter.write(.object(wrong)).span)
                }
            }
        }
    }

    @Test("a request shows nothing of itself: it may hold a password")
    func redacted() {
        let request = ControlRequest.setPassword(account: "alice", "a secret of alice")
        var dumped = ""
        dump(request, to: &dumped)
        #expect("\(request)" == "<redacted>")
        #expect(!dumped.contains("secret"))
    }
}

/// One of each kind, with everything that it can hold.
private enum Sample {
    /// Members that may be missing where they are not null.
    static let optional = [
        "username", "email", "full_name", "bio", "birth_date", "is_staff", "is_superuser", "after",
        "password",
    ]

    static let requests: [ControlRequest] = [
        .create(
            AccountForm(
                username: "alice", email: "a@example.com", password: "p\u{0}\"\n", fullName: "A",
                bio: "line\nline", birthDate: "1990-02-28", roles: ["viewer"], groups: ["ops"],
                permissions: ["a.b"], isStaff: true, isSuperuser: true, isActive: false)),
        .create(AccountForm(username: nil, email: nil, password: nil)),
        .list(after: nil, limit: 1), .list(after: "älice", limit: 50),
        .show(account: "alice@example.com"), .set(account: "alice", AccountChanges()),
        .set(
            account: "alice",
            AccountChanges(
                profile: ProfilePatch(
                    username: .set("bob"), fullName: .clear, bio: .set(""), birthDate: .clear),
                email: .set("b@example.com"), isStaff: false, isSuperuser: true,
                groups: NameEdit(added: ["a"], removed: ["b"]),
                permissions: NameEdit(added: ["a.c"], removed: ["b.d"]))),
        .setPassword(account: "alice", "correct horse"), .setActive(account: "alice", true),
        .setActive(account: "alice", false), .grant(role: "viewer", account: "alice"),
        .revoke(role: "viewer", account: "alice"),
    ]

    static let answers: [ControlAnswer] = [
        .account(record, changed: true), .account(record, changed: false), .accounts([]),
        .accounts([record, record]),
        .failure(ControlFailure(code: "no_such_account", message: "there is no account `x`")),
    ]

    private static var record: AccountRecord {
        AccountRecord(
            Account(
                id: .random(),
                profile: Profile(
                    username: Username(stored: "Älice", folded: "älice"),
                    email: EmailAddress(stored: "A@example.com", folded: "a@example.com"),
                    fullName: "Alice", bio: "\n", birthDate: CalendarDate("1990-02-28")),
                groups: ["a"], permissions: ["b.c"], roles: ["viewer"], createdAt: 0, updatedAt: 1,
                lastSignInAt: 2))
    }
}
