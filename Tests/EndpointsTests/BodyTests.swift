import AccessPolicy
import Endpoints
import ReverseProxy
import Testing

/// The rules that all JSON endpoints share.
@Suite("JSON bodies")
struct BodyTests {
    static let endpoints: [(Method, String)] = [
        (.post, "/_ostiary/v1/register"), (.post, "/_ostiary/v1/sign-in"),
        (.post, "/_ostiary/v1/sign-out"), (.patch, "/_ostiary/v1/me"),
    ]

    @Test(
        "a body that is no JSON object is 400",
        arguments: [
            "x", "{", "[]", "[{}]", "\"login\"", "1", "null", "{}{}", "{},", "{\"a\":1,}",
            "{'a':1}", "{\"a\":1 /**/}", "\u{FEFF}{}", "{\"a\":\"\\ud800\"}", "{\"a\":NaN}",
            #"{"login":"a","login":"b"}"#, #"{"login":"a","\u006cogin":"b"}"#,
            String(repeating: #"{"a":"#, count: 40), "{\"\(String(repeating: "a", count: 65))\":1}",
            "{" + (0..<65).map { "\"m\($0)\":1" }.joined(separator: ",") + "}",
        ])
    func noObject(_ body: String) async throws {
        let fixture = try Fixture()
        let token = try await fixture.alice().access
        for (method, path) in Self.endpoints {
            let answer = try await fixture.send(method, path, json: body, token: token)
            #expect(try answer.isProblem(400, "bad_json"), "\(path)")
        }
    }

    @Test("an empty body is 400, but for a sign-out")
    func empty() async throws {
        let fixture = try Fixture()
        let token = try await fixture.alice().access
        for (method, path) in Self.endpoints where path != "/_ostiary/v1/sign-out" {
            let answer = try await fixture.send(method, path, json: "", token: token)
            #expect(try answer.isProblem(400, "bad_json"), "\(path)")
        }
    }

    @Test(
        "another media type is 415, however good the body is",
        arguments: [
            nil, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
            "application/json; charset=latin1",
        ] as [String?])
    func mediaType(_ type: String?) async throws {
        let fixture = try Fixture()
        let token = try await fixture.alice().access
        for (method, path) in Self.endpoints {
            let answer = try await fixture.send(
                method, path, type: type, body: "{}", token: token)
            #expect(try answer.isProblem(415, "unsupported_media_type"), "\(path)")
        }
    }

    @Test("bytes that are no UTF-8 are 400")
    func invalidUTF8() async throws {
        let fixture = try Fixture()
        let path = Array("/_ostiary/v1/sign-in".utf8)
        let endpoint = try #require(fixture.table.endpoint(.post, path))
        let answer = await fixture.table.respond(
            to: LocalRequest(
                endpoint: endpoint, method: .post, path: path,
                fields: [("content-type", "application/json")],
                body: Array(#"{"login":""#.utf8) + [0xC0, 0xAF] + Array(#""}"#.utf8),
                clientAddress: "192.0.2.7"))
        #expect(try answer.isProblem(400, "bad_json"))
    }

    @Test("the log gets the place of an error and nothing of the text")
    func detail() async throws {
        let answer = try await Fixture().register(#"{"password":"hunter2","x":hunter2}"#)
        #expect(
            answer.detail == "body is no JSON: this byte cannot stand here (byte 26)")
        #expect(!answer.text.contains("hunter2"))
    }
}
