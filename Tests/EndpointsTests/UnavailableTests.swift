import AccessPolicy
import AccountStorage
import Cryptography
import ReverseProxy
import StrictJSON
import TestSupport
import Testing
import TokenIssuing

/// Trouble of ours is 503 with `Retry-After`, never a 4xx: clients throw their tokens away on these.
@Suite("Unavailable accounts")
struct UnavailableTests {
    struct Row: Sendable {
        let method: Method
        let path: String
        let body: String
    }

    static let jsonEndpoints = [
        Row(method: .post, path: "/_ostiary/v1/register", body: aliceForm),
        Row(
            method: .post, path: "/_ostiary/v1/sign-in",
            body: #"{"login":"alice","password":"\#(password)"}"#),
        Row(method: .post, path: "/_ostiary/v1/sign-out", body: "{}"),
        Row(method: .get, path: "/_ostiary/v1/me", body: ""),
        Row(method: .patch, path: "/_ostiary/v1/me", body: #"{"bio":"x"}"#),
    ]

    private func isTemporary(_ answer: LocalResponse, _ code: String, _ seconds: String) throws
        -> Bool
    {
        let document = try answer.json()
        return answer.status == 503 && answer.field("Retry-After") == seconds
            && answer.field("Content-Type") == "application/json"
            && answer.field("Cache-Control") == "no-store"
            && document["error"]?.string == "temporarily_unavailable"
            && document["error_description"]?.string?.isEmpty == false && answer.reasonCode == code
            && answer.detail?.isEmpty == false
    }

    @Test("without a store every account endpoint is 503")
    func noStore() async throws {
        let fixture = try Fixture()
        let alice = try await fixture.alice()
        fixture.closeStore()
        for row in Self.jsonEndpoints {
            let answer = try await fixture.send(
                row.method, row.path, json: row.body, token: alice.access)
            #expect(try answer.isProblem(503, "store_unavailable"), "\(row.path)")
            #expect(answer.field("Retry-After") == "5")
        }
        let refreshed = try await fixture.refresh(
            "grant_type=refresh_token&refresh_token=\(alice.refresh)")
        #expect(try isTemporary(refreshed, "store_unavailable", "5"))
        #expect(fixture.failures.withLock { $0.isEmpty })
    }

    @Test("a store that fails is 503, and who watches over it is told why")
    func failingStore() async throws {
        let fixture = try Fixture()
        let alice = try await fixture.alice()
        fixture.store.close()
        for row in Self.jsonEndpoints {
            let answer = try await fixture.send(
                row.method, row.path, json: row.body, token: alice.access)
            #expect(try answer.isProblem(503, "store_unavailable"), "\(row.path)")
            #expect(answer.field("Retry-After") == "5")
        }
        let refreshed = try await fixture.refresh(
            "grant_type=refresh_token&refresh_token=\(alice.refresh)")
        #expect(try isTemporary(refreshed, "store_unavailable", "5"))
        #expect(fixture.failures.withLock { $0.count } == Self.jsonEndpoints.count + 1)
    }

    @Test("passwords that cannot be hashed now are 503, at register and sign-in only")
    func busyHashing() async throws {
        let fixture = try Fixture()
        let alice = try await fixture.alice()
        fixture.passwords.stop()
        for answer in [
            try await fixture.signIn(),
            try await fixture.register(
                #"{"username":"bob","email":"bob@example.com","password":"\#(password)"}"#),
        ] {
            #expect(try answer.isProblem(503, "hashing_busy"))
            #expect(answer.field("Retry-After") == "1")
        }
        let refreshed = try await fixture.refresh(
            "grant_type=refresh_token&refresh_token=\(alice.refresh)")
        #expect(refreshed.status == 200)
        #expect(
            try await fixture.send(.get, "/_ostiary/v1/me", token: alice.access).status == 200)
    }

    @Test("an account that no token can be made for is 500, and the session is not lost to a 4xx")
    func notSigned() async throws {
        let fixture = try Fixture()
        let alice = try await fixture.alice()
        let id = try #require(alice.user["id"]?.string.flatMap { AccountID($0) })
        let roles = (100..<400).map { "role-\($0)-" + String(repeating: "x", count: 40) }
        _ = try await fixture.store.update(id) { $0.roles = roles }
        #expect(try await fixture.signIn().isProblem(500, "token_not_signed"))
        let refreshed = try await fixture.refresh(
            "grant_type=refresh_token&refresh_token=\(alice.refresh)")
        #expect(refreshed.status == 500 && refreshed.reasonCode == "token_not_signed")
        #expect(try refreshed.json()["error"]?.string == "server_error")
    }
}
