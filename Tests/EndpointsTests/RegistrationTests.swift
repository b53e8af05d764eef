import AccountStorage
import Cryptography
import ReverseProxy
import StrictJSON
import Testing
import TokenIssuing

@Suite("POST /_ostiary/v1/register")
struct RegistrationTests {
    @Test("makes an account and shows it, without tokens and without a session")
    func success() async throws {
        let fixture = try Fixture { $0.defaultRoles = ["viewer"] }
        let answer = try await fixture.register()
        #expect(answer.status == 201 && answer.reasonCode == nil && answer.detail == nil)
        #expect(answer.field("Content-Type") == "application/json")
        #expect(answer.field("Cache-Control") == "no-store")
        #expect(answer.field("X-Content-Type-Options") == "nosniff")
        let id = try #require(try answer.json()["id"]?.string)
        #expect(AccountID(id) != nil)
        #expect(
            answer.text == #"""
                {"id":"\#(id)","username":"alice","email":"alice@example.com",\#
                "full_name":"Alice Liddell","bio":"down the hole","birth_date":"1852-05-04",\#
                "is_active":true,"is_staff":false,"is_superuser":false,"groups":[],\#
                "permissions":[],"roles":["viewer"],"created_at":"2026-03-01T09:30:00Z",\#
                "updated_at":"2026-03-01T09:30:00Z","last_login":null}

                """#)
        #expect(try await fixture.signIn().status == 200)
    }

    @Test(
        "what may be left out may be null too",
        arguments: ["", #","full_name":null,"bio":null,"birth_date":null"#])
    func optional(_ rest: String) async throws {
        let answer = try await Fixture().register(
            #"{"username":"bob","email":"bob@example.com","password":"\#(password)"\#(rest)}"#)
        #expect(answer.status == 201)
        let user = try answer.json()
        #expect(user["full_name"] == .string("") && user["bio"] == .string(""))
        #expect(user["birth_date"] == .null && user["roles"] == .array([]))
    }

    @Test("a name or an address that is taken, in any spelling, is said; the name first")
    func taken() async throws {
        let fixture = try Fixture()
        _ = try await fixture.register()
        func answer(_ username: String, _ email: String) async throws -> LocalResponse {
            try await fixture.register(
                #"{"username":"\#(username)","email":"\#(email)","password":"\#(password)"}"#)
        }
        let both = try await answer("alice", "alice@example.com")
        let name = try await answer("ALICE", "other@example.com")
        let address = try await answer("other", "Alice@Example.COM")
        #expect(try both.isProblem(409, "username_taken"))
        #expect(try name.isProblem(409, "username_taken"))
        #expect(try address.isProblem(409, "email_taken"))
    }

    @Test(
        "where registration is closed, that is said whatever the body is",
        arguments: [aliceForm, "{}", "x", ""])
    func closed(_ body: String) async throws {
        let fixture = try Fixture { $0.registration = .closed }
        let answer = try await fixture.register(body)
        #expect(try answer.isProblem(403, "registration_closed"))
    }

    /// A body and the errors that it gives, as `field: code`.
    static let badForms: [(String, [String])] = [
        ("{}", ["username: required", "email: required", "password: required"]),
        (
            #"{"username":null,"email":null,"password":null}"#,
            ["username: required", "email: required", "password: required"]
        ),
        (
            #"{"username":1,"email":[],"password":{},"full_name":true,"bio":0.5,"birth_date":[1]}"#,
            [
                "username: wrong_type", "email: wrong_type", "password: wrong_type",
                "full_name: wrong_type", "bio: wrong_type", "birth_date: wrong_type",
            ]
        ),
        (
            #"{"username":"a@b","email":"nobody","password":"short","birth_date":"1.1.2000"}"#,
            [
                "username: forbidden_character", "email: malformed", "password: too_short",
                "birth_date: malformed",
            ]
        ),
        (
            #"{"username":5,"email":"nobody","is_staff":true,"roles":["admin"],"":""}"#,
            [
                "username: wrong_type", "password: required", "email: malformed",
                "is_staff: unknown_field", "roles: unknown_field", ": unknown_field",
            ]
        ),
        (
            #"{"Username":"a","username ":"a","e-mail":"a@example.com","user\u0000name":"a"}"#,
            [
                "username: required", "email: required", "password: required",
                "Username: unknown_field", "username : unknown_field", "e-mail: unknown_field",
                "user\0name: unknown_field",
            ]
        ),
    ]

    @Test("everything that is wrong with a form is said at once", arguments: badForms)
    func invalid(_ body: String, _ errors: [String]) async throws {
        let fixture = try Fixture()
        let answer = try await fixture.register(body)
        #expect(try answer.isProblem(422, "validation_failed"))
        #expect(try answer.errors() == errors)
        #expect(try await fixture.store.hasAccounts() == false)
    }

    @Test("an error has a field, a code and a sentence, and never the value")
    func errorShape() async throws {
        let answer = try await Fixture().register(
            #"{"username":"alice","email":"alice@example.com","password":"hunter2"}"#)
        #expect(
            answer.text == #"""
                {"type":"urn:ostiary:problem:validation_failed",\#
                "title":"Some fields are not acceptable.","status":422,\#
                "reason":"validation_failed","errors":[{"field":"password","code":"too_short",\#
                "message":"must have at least 15 characters"}]}

                """#)
    }
}
