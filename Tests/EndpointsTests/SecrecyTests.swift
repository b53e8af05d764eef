import AccessPolicy
import Cryptography
import ReverseProxy
import Testing

@Suite("Secrecy of the endpoints")
struct SecrecyTests {
    /// Stands for anything that somebody may send.
    private static let marker = "zq7Marker-of-fifteen"

    private static let bodies = [
        marker, #"{"\#(marker)":1}"#, #"{"scope":"\#(marker)"}"#,
        #"{"login":"\#(marker)","password":"\#(marker)"}"#,
        #"{"username":"\#(marker)","email":"\#(marker)","password":"\#(marker)"}"#,
        #"{"username":"\#(marker)","email":"a@example.com","password":"\#(marker)","bio":1}"#,
        #"{"username":"@\#(marker)","full_name":"\#(marker)\u0000","birth_date":"\#(marker)"}"#,
        "grant_type=\(marker)", "grant_type=refresh_token&refresh_token=\(marker)",
        "grant_type=refresh_token&refresh_token=x&client_id=\(marker)", "\(marker)&\(marker)",
    ]

    @Test("what the log gets holds nothing of a request", arguments: bodies)
    func log(_ body: String) async throws {
        let fixture = try Fixture()
        let alice = try await fixture.alice()
        for row in EndpointTableTests.endpoints {
            for type in ["application/json", "application/x-www-form-urlencoded", Self.marker] {
                let answer = try await fixture.send(
                    row.method, row.path, type: type, body: body,
                    fields: [("user-agent", Self.marker), ("if-none-match", Self.marker)],
                    token: alice.access)
                let logged = (answer.reasonCode ?? "") + (answer.detail ?? "")
                #expect(!logged.contains(Self.marker), "\(row.path)")
                // A name of one's own comes back, and so does the name of an unknown member.
                let isEcho = row.id == "ostiary.me" || body.hasPrefix(#"{"\#(Self.marker)"#)
                #expect(isEcho || !answer.text.contains(Self.marker), "\(row.path)")
                #expect(!logged.contains("ort_") && !logged.contains("eyJ"))
            }
        }
    }

    @Test("only sign-in and refresh answer with tokens")
    func tokens() async throws {
        let fixture = try Fixture()
        let alice = try await fixture.alice()
        for row in EndpointTableTests.endpoints where row.path != "/_ostiary/v1/sign-in" {
            let answer = try await fixture.send(
                row.method, row.path, json: #"{"bio":"x"}"#, token: alice.access)
            #expect(!answer.text.contains("ort_") && !answer.text.contains("eyJ"))
            #expect(!answer.text.contains(alice.session.description))
        }
    }
}
