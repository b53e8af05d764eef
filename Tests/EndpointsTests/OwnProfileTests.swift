import AccessPolicy
import AccountStorage
import Cryptography
import ReverseProxy
import StrictJSON
import TestSupport
import Testing
import TokenIssuing

@Suite("GET and PATCH /_ostiary/v1/me")
struct OwnProfileTests {
    private static let path = "/_ostiary/v1/me"

    @Test("shows one's own account, and never tokens")
    func read() async throws {
        let fixture = try Fixture()
        let alice = try await fixture.alice()
        let answer = try await fixture.send(.get, Self.path, token: alice.access)
        #expect(answer.status == 200 && answer.reasonCode == nil)
        #expect(answer.field("Cache-Control") == "no-store")
        #expect(try answer.json() == alice.user)
        #expect(!answer.text.contains("token"))
        let head = try await fixture.send(.head, Self.path, token: alice.access)
        #expect(head.status == 200 && head.body == answer.body)
    }

    @Test("changes what it is given, clears what is null, and leaves the rest")
    func patch() async throws {
        let fixture = try Fixture()
        let alice = try await fixture.alice()
        fixture.clock.withLock { $0 += 60 }
        func patched(_ body: String) async throws -> JSONValue {
            let answer = try await fixture.send(
                .patch, Self.path, json: body, token: alice.access)
            #expect(answer.status == 200)
            let user = try answer.json()
            #expect(
                try await fixture.send(.get, Self.path, token: alice.access).json() == user)
            return user
        }
        #expect(try await patched("{}") == alice.user)
        let named = try await patched(#"{"username":"Alice2","full_name":"A. Liddell"}"#)
        #expect(named["username"] == .string("Alice2"))
        #expect(named["full_name"] == .string("A. Liddell"))
        #expect(named["bio"] == .string("down the hole"))
        #expect(named["updated_at"] == .string("2026-03-01T09:31:00Z"))
        let cleared = try await patched(#"{"full_name":null,"bio":null,"birth_date":null}"#)
        #expect(cleared["full_name"] == .string("") && cleared["bio"] == .string(""))
        #expect(cleared["birth_date"] == .null && cleared["username"] == .string("Alice2"))
        let dated = try await patched(#"{"birth_date":"1852-02-29","bio":"zwei\nZeilen ☕"}"#)
        #expect(dated["birth_date"] == .string("1852-02-29"))
        #expect(dated["bio"] == .string("zwei\nZeilen ☕"))
        #expect(try await fixture.signIn("alice2").status == 200)
    }

    /// A patch, and the errors that it gives.
    static let badPatches: [(String, [String])] = [
        (#"{"username":null}"#, ["username: required"]),
        (#"{"username":""}"#, ["username: required"]),
        (
            #"{"username":1,"full_name":[],"bio":{},"birth_date":20000101}"#,
            [
                "username: wrong_type", "full_name: wrong_type", "bio: wrong_type",
                "birth_date: wrong_type",
            ]
        ),
        (
            #"{"username":" a","birth_date":"2023-02-29","email":"m@example.com","nick":"x"}"#,
            [
                "username: outer_white_space", "birth_date: malformed", "email: not_changeable",
                "nick: unknown_field",
            ]
        ),
        (#"{"password":"\#(password)2"}"#, ["password: not_changeable"]),
        (
            #"{"id":"x","is_active":false,"is_staff":true,"is_superuser":true,"groups":[],"#
                + #""permissions":["a.b"],"roles":["admin"],"created_at":null,"updated_at":"","#
                + #""last_login":1}"#,
            [
                "id", "is_active", "is_staff", "is_superuser", "groups", "permissions", "roles",
                "created_at", "updated_at", "last_login",
            ].map { "\($0): not_changeable" }
        ),
        (#"{"user":{"username":"a"}}"#, ["user: unknown_field"]),
    ]

    @Test("a patch that is wrong anywhere changes nothing", arguments: badPatches)
    func invalid(_ body: String, _ errors: [String]) async throws {
        let fixture = try Fixture()
        let alice = try await fixture.alice()
        let answer = try await fixture.send(.patch, Self.path, json: body, token: alice.access)
        #expect(try answer.isProblem(422, "validation_failed"))
        #expect(try answer.errors() == errors)
        let after = try await fixture.send(.get, Self.path, token: alice.access)
        #expect(try after.json() == alice.user)
    }

    @Test("a user name that is taken is 409, one's own in another spelling is not")
    func taken() async throws {
        let fixture = try Fixture()
        let alice = try await fixture.alice()
        _ = try await fixture.register(
            #"{"username":"bob","email":"bob@example.com","password":"\#(password)"}"#)
        let taken = try await fixture.send(
            .patch, Self.path, json: #"{"username":"BOB"}"#, token: alice.access)
        #expect(try taken.isProblem(409, "username_taken"))
        let own = try await fixture.send(
            .patch, Self.path, json: #"{"username":"ALICE"}"#, token: alice.access)
        #expect(own.status == 200)
    }

    @Test("a token of an account that is disabled meanwhile is refused")
    func disabled() async throws {
        let fixture = try Fixture()
        let alice = try await fixture.alice()
        let id = try #require(alice.user["id"]?.string.flatMap { AccountID($0) })
        _ = try await fixture.store.update(id) { $0.isActive = false }
        for body in [nil, #"{"bio":"x"}"#] {
            let answer =
                if let body {
                    try await fixture.send(.patch, Self.path, json: body, token: alice.access)
                } else {
                    try await fixture.send(.get, Self.path, token: alice.access)
                }
            #expect(try answer.isProblem(401, "token_invalid", logged: "token_revoked"))
            #expect(
                answer.field("WWW-Authenticate")
                    == #"Bearer realm="ostiary", error="invalid_token""#)
        }
    }
}
