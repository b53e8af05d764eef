import AccessPolicy
import ReverseProxy
import StrictJSON
import Testing
import TokenVerification

@Suite("POST /_ostiary/v1/sign-out")
struct SignOutTests {
    private static let path = "/_ostiary/v1/sign-out"

    /// Body, and which of three sessions it ends, of which the second asks.
    static let scopes: [(String, [Int])] = [
        ("", [1]), ("{}", [1]), (#"{"scope":"here"}"#, [1]), (#"{"scope":"others"}"#, [0, 2]),
        (#"{"scope":"everywhere"}"#, [0, 1, 2]),
    ]

    @Test("ends the sessions that it is asked to end, before it answers", arguments: scopes)
    func success(_ body: String, _ ended: [Int]) async throws {
        let fixture = try Fixture()
        let sessions = [
            try await fixture.alice(), try await fixture.alice(), try await fixture.alice(),
        ]
        let answer = try await fixture.send(
            .post, Self.path, json: body, token: sessions[1].access)
        #expect(answer.status == 204 && answer.body.isEmpty && answer.reasonCode == nil)
        #expect(answer.field("Cache-Control") == "no-store")
        #expect(answer.field("Content-Type") == nil)
        #expect(Set(fixture.revocations.sessions) == Set(ended.map { sessions[$0].session }))
        for (index, session) in sessions.enumerated() {
            let refreshed = try await fixture.refresh(
                "grant_type=refresh_token&refresh_token=\(session.refresh)")
            #expect(refreshed.status == (ended.contains(index) ? 400 : 200))
        }
    }

    @Test("an empty body needs no media type")
    func noBody() async throws {
        let fixture = try Fixture()
        let token = try await fixture.alice().access
        #expect(try await fixture.send(.post, Self.path, token: token).status == 204)
    }

    @Test(
        "any other scope ends nothing",
        arguments: [
            (#"{"scope":"all"}"#, ["scope: malformed"]), (#"{"scope":""}"#, ["scope: malformed"]),
            (#"{"scope":"Here"}"#, ["scope: malformed"]),
            (#"{"scope":null}"#, ["scope: malformed"]),
            (#"{"scope":["here"]}"#, ["scope: wrong_type"]),
            (#"{"scope":"here","refresh":"x"}"#, ["refresh: unknown_field"]),
        ])
    func invalid(_ body: String, _ errors: [String]) async throws {
        let fixture = try Fixture()
        let token = try await fixture.alice().access
        let answer = try await fixture.send(.post, Self.path, json: body, token: token)
        #expect(try answer.isProblem(422, "validation_failed"))
        #expect(try answer.errors() == errors)
        #expect(fixture.revocations.sessions.isEmpty)
    }

    @Test("without a bearer of a session it is 401, with the challenge")
    func noBearer() async throws {
        let fixture = try Fixture()
        for (method, path) in BodyTests.endpoints where path != "/_ostiary/v1/register" {
            guard path != "/_ostiary/v1/sign-in" else { continue }
            let answer = try await fixture.send(method, path, json: "{}")
            #expect(try answer.isProblem(401, "token_invalid", logged: "token_claim"))
            #expect(
                answer.field("WWW-Authenticate")
                    == #"Bearer realm="ostiary", error="invalid_token""#)
        }
    }
}
