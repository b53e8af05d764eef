import AccessPolicy
import ReverseProxy
import TestSupport
import Testing

@testable import Endpoints

@Suite("the keys of assertions")
struct AssertionKeysTests {
    private static let path = Array("/_ostiary/assertion-jwks.json".utf8)
    private static let document = PublicDocument(Array(#"{"keys":[]}"#.utf8))

    private func ask(
        _ table: EndpointTable, _ method: Method, fields: [(name: String, value: String)] = []
    ) async throws -> LocalResponse {
        let endpoint = try #require(table.endpoint(method, Self.path))
        #expect(!endpoint.needsBearer)
        return await table.respond(
            to: LocalRequest(
                endpoint: endpoint, method: method, path: Self.path, fields: fields,
                clientAddress: "192.0.2.7"))
    }

    @Test("are published to everybody, and may be kept for five minutes")
    func published() async throws {
        let table = EndpointTable(assertionKeys: { Self.document })
        let answer = try await ask(table, .get)
        #expect(answer.status == 200)
        #expect(answer.body == Self.document.bytes)
        let fields = Dictionary(answer.fields.map { ($0.name.lowercased(), $0.value) }) { $1 }
        #expect(fields["cache-control"] == "public, max-age=300")
        #expect(fields["content-type"] == "application/json")
        #expect(fields["etag"] == Self.document.entityTag)
        let again = try await ask(
            table, .get, fields: [("if-none-match", Self.document.entityTag)])
        #expect(again.status == 304)
        #expect(try await ask(table, .post).status == 405)
    }

    @Test("without accounts, nothing else of accounts is there")
    func withoutAccounts() async throws {
        let table = EndpointTable(assertionKeys: { Self.document })
        for path in ["/.well-known/jwks.json", "/.well-known/oauth-authorization-server", "/a"] {
            #expect(table.endpoint(.get, Array(path.utf8)) == nil, "\(path) goes to the app")
        }
        for path in ["/_ostiary/v1/me", "/_ostiary", "/_ostiary/x"] {
            let endpoint = try #require(table.endpoint(.get, Array(path.utf8)))
            let answer = await table.respond(
                to: LocalRequest(
                    endpoint: endpoint, method: .get, path: Array(path.utf8),
                    clientAddress: "192.0.2.7"))
            #expect(answer.status == 404)
        }
    }

    @Test("with neither assertions nor accounts every path is the app's")
    func nothing() {
        let table = EndpointTable(assertionKeys: { nil })
        #expect(table.endpoint(.get, Self.path) == nil)
        #expect(table.endpoint(.get, Array("/_ostiary/v1/me".utf8)) == nil)
    }

    @Test("with accounts the path is the gateway's, and not found until there are assertions")
    func withAccounts() async throws {
        let fixture = try Fixture()
        #expect(try await ask(fixture.table, .get).status == 404)
        fixture.assertionKeys.withLock { $0 = Self.document }
        #expect(try await ask(fixture.table, .get).status == 200)
    }
}
