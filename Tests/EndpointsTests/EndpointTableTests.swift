import AccessPolicy
import ReverseProxy
import Testing

@testable import Endpoints

@Suite("EndpointTable")
struct EndpointTableTests {
    struct Row: Sendable {
        let method: Method
        let path: String
        let id: String
        let needsBearer: Bool

        init(_ method: Method, _ path: String, _ id: String, bearer: Bool = false) {
            self.method = method
            self.path = path
            self.id = id
            needsBearer = bearer
        }
    }

    static let endpoints = [
        Row(.post, "/_ostiary/v1/register", "ostiary.register"),
        Row(.post, "/_ostiary/v1/sign-in", "ostiary.sign_in"),
        Row(.post, "/_ostiary/v1/sign-out", "ostiary.sign_out", bearer: true),
        Row(.get, "/_ostiary/v1/me", "ostiary.me", bearer: true),
        Row(.head, "/_ostiary/v1/me", "ostiary.me", bearer: true),
        Row(.patch, "/_ostiary/v1/me", "ostiary.me", bearer: true),
        Row(.post, "/_ostiary/oauth/token", "ostiary.token"),
        Row(.get, "/.well-known/jwks.json", "ostiary.keys"),
        Row(.head, "/.well-known/jwks.json", "ostiary.keys"),
        Row(.get, "/.well-known/oauth-authorization-server", "ostiary.metadata"),
        Row(.head, "/.well-known/oauth-authorization-server", "ostiary.metadata"),
    ]

    @Test("every endpoint is where it should be, and says whether it is for bearers")
    func places() throws {
        let table = try Fixture().table
        for row in Self.endpoints {
            #expect(
                table.endpoint(row.method, Array(row.path.utf8))
                    == LocalEndpoint(id: row.id, needsBearer: row.needsBearer))
        }
        #expect(
            Endpoint.ofAccounts.map(\.methods.count).reduce(0, +) == Self.endpoints.count)
    }

    @Test("every endpoint is found by the router too")
    func routed() async throws {
        let fixture = try Fixture()
        for row in Self.endpoints {
            let answer = try await fixture.send(row.method, row.path)
            #expect(![404, 405, 500].contains(answer.status), "\(row.method) \(row.path)")
        }
    }

    @Test(
        "what is not ours goes to the app",
        arguments: [
            "/", "/_ostiar", "/_ostiaryx", "/_ostiary.html", "/_OSTIARY/v1/me",
            "/app/_ostiary/v1/me",
            "/.well-known/", "/.well-known/acme-challenge/x", "/.well-known/jwks.json/",
            "/.well-known/jwks.jsonx", "/.well-known/openid-configuration", "/v1/me",
        ])
    func others(_ path: String) throws {
        let table = try Fixture().table
        for method in Method.ofRequests {
            #expect(table.endpoint(method, Array(path.utf8)) == nil)
        }
    }

    @Test(
        "everything else below our path is 404 for every method, with no token asked for",
        arguments: [
            "/_ostiary", "/_ostiary/", "/_ostiary/v1", "/_ostiary/v1/", "/_ostiary/v1/me/",
            "/_ostiary/v1/register/", "/_ostiary/v1/me/sessions", "/_ostiary/v1/ME",
            "/_ostiary/v2/me", "/_ostiary/oauth/token/", "/_ostiary/oauth/revoke",
            "/_ostiary/v1/me;x", "/_ostiary/v1/sign-in%20", "/_ostiary/{id}", "/_ostiary/**",
        ])
    func nothing(_ path: String) async throws {
        let fixture = try Fixture()
        for method in Method.ofRequests {
            let endpoint = fixture.table.endpoint(method, Array(path.utf8))
            #expect(endpoint?.needsBearer == false)
            let answer = try await fixture.send(method, path)
            #expect(try answer.isProblem(404, "not_found"))
        }
    }

    @Test("a method that an endpoint does not take is 405 and says which it takes")
    func wrongMethods() async throws {
        let fixture = try Fixture()
        for (path, rows) in Dictionary(grouping: Self.endpoints, by: \.path) {
            let allowed = rows.map(\.method)
            for method in Method.ofRequests where !allowed.contains(method) {
                let endpoint = fixture.table.endpoint(method, Array(path.utf8))
                #expect(endpoint == LocalEndpoint(id: rows[0].id, needsBearer: false))
                let answer = try await fixture.send(method, path)
                #expect(try answer.isProblem(405, "method_not_allowed"))
                #expect(
                    answer.field("Allow") == allowed.map(\.name).joined(separator: ", "))
            }
        }
    }

    @Test("a problem document has the shape of the data plane's refusals")
    func shape() async throws {
        let answer = try await Fixture().send(.get, "/_ostiary/x")
        #expect(
            answer.text
                == #"{"type":"urn:ostiary:problem:not_found","title":"There is no such endpoint.","#
                + #""status":404,"reason":"not_found"}"# + "\n")
    }

    @Test("what no endpoint should throw is 500 and says nothing")
    func unexpected() throws {
        let answer = EndpointTable.refusal(for: CancellationError()).response
        #expect(try answer.isProblem(500, "internal_error"))
    }
}
