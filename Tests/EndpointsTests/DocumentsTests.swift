import AccessPolicy
import ReverseProxy
import StrictJSON
import Testing
import TokenVerification

@testable import Endpoints

@Suite("The documents of the issuer")
struct DocumentsTests {
    private static let keySetPath = "/.well-known/jwks.json"
    private static let metadataPath = "/.well-known/oauth-authorization-server"
    private static let paths = [keySetPath, metadataPath]

    @Test("the key set verifies our tokens and has no private member")
    func keySet() async throws {
        let fixture = try Fixture()
        let answer = try await fixture.send(.get, Self.keySetPath)
        #expect(answer.status == 200 && answer.reasonCode == nil)
        #expect(answer.field("Content-Type") == "application/json")
        #expect(answer.field("Cache-Control") == "public, max-age=300")
        #expect(answer.field("X-Content-Type-Options") == "nosniff")
        _ = try KeySet(jwks: answer.body.span)
        let key = try #require(try answer.json()["keys"]?.array?.first)
        #expect(key.members?.map(\.name) == ["crv", "kty", "x", "y", "kid", "use", "alg"])
    }

    @Test("the metadata are those of RFC 8414")
    func metadata() async throws {
        let answer = try await Fixture().send(.get, Self.metadataPath)
        #expect(answer.status == 200)
        #expect(
            answer.text == #"""
                {"issuer":"https://app.test","token_endpoint":"https://app.test/_ostiary/oauth/token",\#
                "jwks_uri":"https://app.test/.well-known/jwks.json","response_types_supported":[],\#
                "grant_types_supported":["refresh_token"],\#
                "token_endpoint_auth_methods_supported":["none"]}

                """#)
    }

    @Test("a slash at the end of the issuer is not doubled")
    func slash() throws {
        let documents = IssuerDocuments(issuer: "https://app.test/", keySet: [])
        let metadata = try JSONReader.read(
            documents.metadata.bytes.span, limits: JSONLimits(bytes: 4096))
        #expect(metadata["issuer"]?.string == "https://app.test/")
        #expect(metadata["jwks_uri"]?.string == "https://app.test/.well-known/jwks.json")
    }

    @Test("both are there without a store", arguments: paths)
    func withoutStore(_ path: String) async throws {
        let fixture = try Fixture()
        fixture.closeStore()
        #expect(try await fixture.send(.get, path).status == 200)
    }

    @Test(
        "HEAD is answered like GET; the data plane leaves the body out",
        arguments: paths)
    func head(_ path: String) async throws {
        let fixture = try Fixture()
        let get = try await fixture.send(.get, path)
        let head = try await fixture.send(.head, path)
        #expect(head.status == 200 && head.body == get.body)
        #expect(head.fields.map(\.name) == get.fields.map(\.name))
    }

    @Test("a copy that is still good is answered with 304", arguments: paths)
    func notModified(_ path: String) async throws {
        let fixture = try Fixture()
        let tag = try #require(try await fixture.send(.get, path).field("ETag"))
        #expect(tag.wholeMatch(of: /"[\w-]{22}"/) != nil)
        let matching = [tag, "W/\(tag)", "*", "\"other\", \(tag)", "\"other\",W/\(tag) , \"x\""]
        for method in [Method.get, .head] {
            for value in matching {
                let answer = try await fixture.send(
                    method, path, fields: [("if-none-match", value)])
                #expect(answer.status == 304 && answer.body.isEmpty)
                #expect(answer.field("ETag") == tag && answer.field("Content-Type") == nil)
                #expect(answer.field("Cache-Control") == "public, max-age=300")
            }
            for value in ["", "\"other\"", String(tag.dropLast()), "w/\(tag)", "\"*\""] {
                let answer = try await fixture.send(
                    method, path, fields: [("if-none-match", value)])
                #expect(answer.status == 200 && !answer.body.isEmpty, "\(value)")
            }
        }
        let several = try await fixture.send(
            .get, path, fields: [("if-none-match", "\"a\""), ("if-none-match", tag)])
        #expect(several.status == 304)
    }

    @Test("documents of different bytes have different tags")
    func tags() {
        #expect(PublicDocument([1]).entityTag == PublicDocument([1]).entityTag)
        #expect(PublicDocument([1]).entityTag != PublicDocument([2]).entityTag)
    }
}
