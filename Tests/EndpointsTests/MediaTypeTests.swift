import AccessPolicy
import ReverseProxy
import Testing

@testable import Endpoints

@Suite("MediaType")
struct MediaTypeTests {
    private func request(_ fields: [(name: String, value: String)]) -> LocalRequest {
        LocalRequest(
            endpoint: LocalEndpoint(id: "x", needsBearer: false), method: .post, path: [],
            fields: fields, clientAddress: "192.0.2.1")
    }

    @Test(
        "reads JSON in every spelling of its name",
        arguments: [
            "application/json", "Application/JSON", "application/json; charset=utf-8",
            "application/json;charset=UTF-8", "application/json ; charset=\"utf-8\"",
            "application/json; profile=x",
        ])
    func json(_ value: String) {
        #expect(MediaType(of: request([("content-type", value)])) == .json)
    }

    @Test("reads forms")
    func form() {
        let value = "application/x-www-form-urlencoded; charset=utf-8"
        #expect(MediaType(of: request([("content-type", value)])) == .form)
    }

    @Test(
        "refuses everything else",
        arguments: [
            "", "text/plain", "text/json", "application/json2", "application/problem+json",
            "application/json, text/plain", "application/json; charset=iso-8859-1",
            "application/json; charset=utf-16", "multipart/form-data; boundary=x", "json", "*/*",
        ])
    func others(_ value: String) {
        #expect(MediaType(of: request([("content-type", value)])) == nil)
    }

    @Test("refuses a body without a type, with two types, and an encoded one")
    func fields() {
        let json = (name: "content-type", value: "application/json")
        #expect(MediaType(of: request([])) == nil)
        #expect(MediaType(of: request([json, json])) == nil)
        #expect(MediaType(of: request([json, ("content-encoding", "gzip")])) == nil)
        #expect(MediaType(of: request([json, ("content-encoding", "identity")])) == .json)
    }
}
