import AccessPolicy
import Admission
import ReverseProxy
import StrictJSON
import TestSupport
import Testing
import TokenIssuing
import TokenVerification

@Suite("POST /_ostiary/oauth/token")
struct TokenEndpointTests {
    private func isError(_ answer: LocalResponse, _ error: String) throws -> Bool {
        let document = try answer.json()
        return answer.status == 400 && answer.field("Content-Type") == "application/json"
            && answer.field("Cache-Control") == "no-store" && answer.field("Pragma") == "no-cache"
            && document.members?.map(\.name) == ["error", "error_description"]
            && document["error"]?.string == error && answer.reasonCode == error
            && answer.detail == document["error_description"]?.string
    }

    @Test("trades a refresh token for its successor and a new access token")
    func success() async throws {
        let fixture = try Fixture()
        let first = try await fixture.alice()
        fixture.clock.withLock { $0 += 60 }
        let answer = try await fixture.refresh(
            "grant_type=refresh_token&refresh_token=\(first.refresh)")
        #expect(answer.status == 200 && answer.reasonCode == nil)
        #expect(answer.field("Content-Type") == "application/json")
        #expect(answer.field("Cache-Control") == "no-store" && answer.field("Pragma") == "no-cache")
        let document = try answer.json()
        #expect(
            document.members?.map(\.name) == [
                "access_token", "token_type", "expires_in", "refresh_token",
            ])
        #expect(document["token_type"] == .string("Bearer"))
        #expect(document["expires_in"] == .number(JSONNumber(300)))
        #expect(document["refresh_token"]?.string != first.refresh)
        let token = try fixture.bearer(try #require(document["access_token"]?.string)).token
        #expect(token.sessionID == first.session)
    }

    @Test(
        "what RFC 6749 lets a client add does no harm",
        arguments: ["&client_id=ostiary", "&client_id=", "&scope=", "&state=x", "&client_secret="])
    func additions(_ rest: String) async throws {
        let fixture = try Fixture()
        let token = try await fixture.alice().refresh
        let answer = try await fixture.refresh(
            "refresh_token=\(token)&grant_type=refresh_token\(rest)")
        #expect(answer.status == 200)
    }

    @Test("the same token again gets the same successor; two generations later it ends the session")
    func reuse() async throws {
        let fixture = try Fixture()
        let first = try await fixture.alice()
        let form = "grant_type=refresh_token&refresh_token=\(first.refresh)"
        let second = try await fixture.refresh(form).json()["refresh_token"]?.string
        #expect(try await fixture.refresh(form).json()["refresh_token"]?.string == second)
        let next = "grant_type=refresh_token&refresh_token=\(try #require(second))"
        #expect(try await fixture.refresh(next).status == 200)
        let reused = try await fixture.refresh(form)
        #expect(try isError(reused, "invalid_grant"))
        #expect(fixture.revocations.sessions == [first.session])
        #expect(try isError(try await fixture.refresh(next), "invalid_grant"))
    }

    @Test(
        "a token that is none of ours is an invalid grant, and the answer does not say why",
        arguments: ["x", "ort_", "ort_AAAA", "ort_%00".replacing("%00", with: "%20"), "%C3%A9"])
    func garbage(_ token: String) async throws {
        let answer = try await Fixture().refresh("grant_type=refresh_token&refresh_token=\(token)")
        #expect(try isError(answer, "invalid_grant"))
    }

    /// A body that holds no refresh, and the error that it gives.
    static let badForms: [(String, String)] = [
        ("", "invalid_request"), ("grant_type", "invalid_request"),
        ("grant_type=&refresh_token=x", "invalid_request"),
        ("refresh_token=x", "invalid_request"),
        ("grant_type=refresh_token", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=x&refresh_token=x", "invalid_request"),
        ("grant_type=refresh_token&grant_type=refresh_token&refresh_token=x", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=x&a=1&a=2", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=%zz", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=%ff", "invalid_request"),
        (#"{"grant_type":"refresh_token","refresh_token":"x"}"#, "invalid_request"),
        ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
        ("grant_type=Refresh_Token&refresh_token=x", "unsupported_grant_type"),
        ("grant_type=client_credentials", "unsupported_grant_type"),
        ("grant_type=refresh_token&refresh_token=x&client_id=other", "invalid_client"),
        ("grant_type=refresh_token&refresh_token=x&client_secret=s", "invalid_client"),
        ("grant_type=refresh_token&refresh_token=x&client_assertion=s", "invalid_client"),
        ("grant_type=refresh_token&refresh_token=x&scope=admin", "invalid_scope"),
    ]

    @Test("a form that is no refresh is refused as RFC 6749 says", arguments: badForms)
    func malformed(_ body: String, _ error: String) async throws {
        let answer = try await Fixture().refresh(body)
        #expect(try isError(answer, error))
    }

    @Test(
        "another media type is an invalid request",
        arguments: [nil, "application/json", "text/plain", "multipart/form-data"] as [String?])
    func mediaType(_ type: String?) async throws {
        let answer = try await Fixture().send(
            .post, "/_ostiary/oauth/token", type: type,
            body: "grant_type=refresh_token&refresh_token=x")
        #expect(try isError(answer, "invalid_request"))
    }

    @Test("nothing of the request comes back or goes into the log")
    func secrecy() async throws {
        let fixture = try Fixture()
        let token = try await fixture.alice().refresh
        for form in [
            "grant_type=\(token)", "grant_type=refresh_token&refresh_token=\(token)x",
            "grant_type=refresh_token&refresh_token=x&client_id=\(token)",
            "grant_type=refresh_token&refresh_token=x&scope=\(token)", "\(token)&\(token)",
        ] {
            let answer = try await fixture.refresh(form)
            #expect(answer.status == 400)
            #expect(!answer.text.contains("ort_") && answer.detail?.contains("ort_") == false)
        }
    }
}
