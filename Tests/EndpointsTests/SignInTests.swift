import AccessPolicy
import AccountStorage
import Admission
import Cryptography
import ReverseProxy
import StrictJSON
import TestSupport
import Testing
import TokenIssuing
import TokenVerification

@Suite("POST /_ostiary/v1/sign-in")
struct SignInTests {
    @Test("gives tokens of one session and the account")
    func success() async throws {
        let fixture = try Fixture()
        _ = try await fixture.register()
        fixture.clock.withLock { $0 += 60 }
        let answer = try await fixture.signIn()
        #expect(answer.status == 200 && answer.reasonCode == nil && answer.detail == nil)
        #expect(answer.field("Content-Type") == "application/json")
        #expect(answer.field("Cache-Control") == "no-store")
        let document = try answer.json()
        #expect(
            document.members?.map(\.name) == [
                "access_token", "token_type", "expires_in", "refresh_token", "session_id", "user",
            ])
        #expect(document["token_type"] == .string("Bearer"))
        #expect(document["expires_in"] == .number(JSONNumber(300)))
        let signedIn = try SignedIn(answer)
        #expect(signedIn.user["username"] == .string("alice"))
        #expect(signedIn.user["last_login"] == .string("2026-03-01T09:31:00Z"))
        #expect(signedIn.refresh.hasPrefix("ort_"))
        let token = try fixture.bearer(signedIn.access).token
        #expect(token.sessionID == signedIn.session)
        #expect(token.subject == signedIn.user["id"]?.string)
    }

    @Test(
        "takes user name and e-mail address in any spelling of their case",
        arguments: ["alice", "ALICE", "alice@example.com", "Alice@EXAMPLE.com"])
    func names(_ login: String) async throws {
        let fixture = try Fixture()
        _ = try await fixture.register()
        #expect(try await fixture.signIn(login).status == 200)
    }

    @Test("the session remembers who signed in from where")
    func client() async throws {
        let fixture = try Fixture()
        _ = try await fixture.register()
        let answer = try await fixture.send(
            .post, "/_ostiary/v1/sign-in", type: "application/json",
            body: #"{"login":"alice","password":"\#(password)"}"#,
            fields: [("user-agent", "curl/8.5"), ("authorization", "Bearer stale")])
        let found = try await fixture.store.session(try SignedIn(answer).session)
        #expect(found?.session.address == "192.0.2.7" && found?.session.userAgent == "curl/8.5")
    }

    @Test("an unknown name, another password and a disabled account get the same answer")
    func refused() async throws {
        let fixture = try Fixture()
        _ = try await fixture.register()
        let unknown = try await fixture.signIn("nobody")
        let unknownAddress = try await fixture.signIn("nobody@example.com")
        let wrong = try await fixture.signIn(password: password + " ")
        let empty = try await fixture.signIn("", password: "")
        let tooLong = try await fixture.signIn(
            password: String(repeating: "x", count: 1025))
        let id = try #require(
            try await fixture.alice().user["id"]?.string.flatMap { AccountID($0) })
        _ = try await fixture.store.update(id) { $0.isActive = false }
        let disabled = try await fixture.signIn()
        #expect(try unknown.isProblem(401, "bad_credentials"))
        #expect(unknown.field("WWW-Authenticate") == "Bearer realm=\"ostiary\"")
        for answer in [unknownAddress, wrong, empty, tooLong, disabled] {
            #expect(answer.status == unknown.status && answer.body == unknown.body)
            #expect(answer.fields.map(\.name) == unknown.fields.map(\.name))
            #expect(answer.fields.map(\.value) == unknown.fields.map(\.value))
            #expect(answer.detail == unknown.detail)
        }
    }

    @Test(
        "names everything that is wrong with the body",
        arguments: [
            ("{}", ["login: required", "password: required"]),
            (#"{"login":null,"password":7}"#, ["login: required", "password: wrong_type"]),
            (
                #"{"username":"alice","login":"alice","remember":true}"#,
                ["password: required", "username: unknown_field", "remember: unknown_field"]
            ),
        ])
    func invalid(_ body: String, _ errors: [String]) async throws {
        let answer = try await Fixture().send(.post, "/_ostiary/v1/sign-in", json: body)
        #expect(try answer.isProblem(422, "validation_failed"))
        #expect(try answer.errors() == errors)
    }
}
