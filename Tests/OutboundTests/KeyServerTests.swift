import Cryptography
import TestSupport
import Testing

@Suite("the key server of the tests")
struct KeyServerTests {
    @Test("serves keys without TLS too, counts requests, and comes back on its ports")
    func walk() throws {
        let server = try KeyServer.start(keys: [TestKey(.es256, keyID: "a")])
        #expect(try get(server, "/jwks").text.contains(#""kid":"a""#))
        server.keys = [try TestKey(.es256, keyID: "b")]
        #expect(try get(server, "/jwks").text.contains(#""kid":"b""#))
        #expect(server.fetchCount == 2)
        server.mode = .status(503)
        #expect(try get(server, "/jwks").status == 503)
        server.mode = .redirectToSameOrigin
        #expect(try get(server, "/jwks").values("Location") == ["/moved"])
        #expect(try get(server, "/moved").text.contains(#""kid":"b""#))
        server.mode = .huge(announced: true)
        #expect(try get(server, "/jwks").body.count > 10 << 20)
        let metadata = try get(server, KeyServer.metadataPath).object()
        #expect(metadata.string("issuer") == server.issuer)
        #expect(metadata.string("jwks_uri") == server.keySetURL)
        server.stop()
        #expect(throws: SocketError.self) { try RawConnection(port: server.port) }
        server.mode = .emptySet
        try server.restart()
        #expect(try get(server, "/jwks").text == #"{"keys":[]}"#)
        #expect(server.fetchCount == 6)
        #expect(server.requests.last?.values("x-test") == ["1"])
    }

    private func get(_ server: KeyServer, _ path: String) throws -> RawResponse {
        let client = try RawConnection(port: server.plainPort)
        try client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nX-Test: 1\r\n\r\n")
        return try client.response()
    }
}
