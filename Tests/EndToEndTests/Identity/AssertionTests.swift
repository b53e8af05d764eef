import Cryptography
import Foundation
import TestSupport
import Testing

/// The attack policy, with an assertion that says what `settings` does.
private func policy(_ settings: String) -> String {
    attackPolicy
        .replacing("hosts: [app.test]", with: "hosts: [app.test, other.test]")
        .replacing("identity: {", with: "identity: {assertion: \(settings), ")
        .replacing("claims: {", with: "claims: {note: {default: \"\"}, ")
}

private let path = "/_ostiary/assertion-jwks.json"

extension GateProcess {
    fileprivate func get(_ target: String, token: String? = nil) throws -> RawResponse {
        let credential = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return try exchange("GET \(target) HTTP/1.1\r\nHost: app.test\r\n\(credential)\r\n")
    }

    fileprivate func keySet() throws -> [JSONObject] {
        let answer = try get(path)
        #expect(answer.status == 200)
        return try JSONObject(answer.body).objects("keys") ?? []
    }
}

/// An assertion as the app received it.
private struct Received {
    let text: String
    let header: JSONObject
    let claims: JSONObject

    /// Nil unless there is exactly one, in one spelling.
    init?(_ request: RecordedRequest, header name: String = "X-Ostiary-Assertion") throws {
        let values = request.values(folded: name)
        guard values.count == 1, request.values(name) == values else { return nil }
        let parts = values[0].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        text = values[0]
        header = try JSONObject(Self.decoded(parts[0]))
        claims = try JSONObject(Self.decoded(parts[1]))
    }

    private static func decoded(_ part: Substring) -> [UInt8] {
        var text = part.replacing("-", with: "+").replacing("_", with: "/")
        text += Substring(repeating: "=", count: (4 - text.count % 4) % 4)
        return Array(Data(base64Encoded: String(text)) ?? Data())
    }
}

@Suite(
    "signed assertions", .gate({ $0.policy = policy("{claims: [roles, note]}") }), .serialized)
struct AssertionTests {
    @Test("say who asks, for whom and until when, and are signed with a published key")
    func content() throws {
        let gate = try currentFixture().gate
        let received = try expectForwarded(Attack("/api/x", token: "A"))
        let assertion = try #require(try Received(received))
        #expect(assertion.header.string("typ") == "ostiary-assertion+jwt")
        #expect(assertion.header.string("alg") == "ES256")
        #expect(assertion.header.names == ["alg", "kid", "typ"])
        let claims = assertion.claims
        #expect(claims.names == ["aud", "exp", "iat", "iss", "roles", "sub"])
        #expect(claims.string("aud") == "app")
        #expect(claims.string("iss")?.hasPrefix("http://127.0.0.1:") == true)
        #expect(claims.string("sub") == "alice")
        #expect(claims.strings("roles") == ["viewer"])
        let (issued, expiry) = (try #require(claims.int("iat")), try #require(claims.int("exp")))
        #expect(expiry == issued + 60)
        #expect(abs(issued - unixTime()) <= 30)
        let keys = try gate.keySet()
        #expect(keys.map { $0.string("kid") } == [assertion.header.string("kid")])
        let key = try #require(keys.first)
        #expect(key.names == ["alg", "crv", "kid", "kty", "use", "x", "y"])
        let answer = try gate.get(path)
        #expect(answer.values("cache-control") == ["public, max-age=300"])
    }

    @Test("a token has one for many requests, on one event loop")
    func cached() throws {
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        let token = try fixture.issuer.token("bob")
        let before = fixture.upstream.requests.count
        for _ in 0..<20 {
            try client.send(
                "GET /api/x HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n\r\n")
            #expect(try client.response().status == 200)
        }
        let values = fixture.upstream.requests.dropFirst(before)
            .flatMap { $0.values("X-Ostiary-Assertion") }
        #expect(values.count == 20)
        #expect(Set(values).count <= 2)
    }

    static let spellings =
        HeaderAttackTests.separators.map { "X\($0)Ostiary\($0)Assertion" } + [
            "X-OSTIARY-ASSERTION", "x-ostiary_assertion", "x_Ostiary.assertion",
        ]

    @Test(
        "H7: one that the client brings never arrives, in whatever spelling", arguments: spellings)
    func foreign(name: String) throws {
        let older = try #require(
            try Received(try expectForwarded(Attack("/admin/x", token: "R")))
        ).text
        let visitor = try expectForwarded(Attack("/public/a", fields: ["\(name): \(older)"]))
        #expect(visitor.values(folded: "X-Ostiary-Assertion") == [])
        #expect(!visitor.everything.contains("eyJ"))
        let alice = try expectForwarded(
            Attack("/api/x", token: "A", fields: ["\(name): \(older)", "\(name): \(older)"]))
        #expect(try Received(alice)?.claims.string("sub") == "alice")
        #expect(!alice.everything.contains(older))
        let trailer = try expectForwarded(
            Attack(
                "/api/x", method: "POST", token: "A", fields: ["Transfer-Encoding: chunked"],
                body: "1\r\na\r\n0\r\n\(name): \(older)\r\n\r\n"))
        #expect(try Received(trailer)?.claims.string("sub") == "alice")
        #expect(!trailer.everything.contains(older))
    }

    @Test("on a public route there is none, with and without a token")
    func publicRoute() throws {
        expectAnonymous(try expectForwarded(Attack("/public/a")))
        expectAnonymous(try expectForwarded(Attack("/public/a", token: "R")))
    }

    @Test("is no credential for the gateway itself")
    func asBearer() throws {
        let root = try #require(
            try Received(try expectForwarded(Attack("/admin/x", token: "R"))))
        try expectBlocked(
            Attack("/admin/x", fields: ["Authorization: Bearer \(root.text)"]), status: [401],
            reason: "token_invalid")
    }

    @Test("even signed by the issuer whose tokens are accepted, it is no credential")
    func asBearerOfIssuer() throws {
        let issuer = TestIssuer.shared
        let header =
            #"{"typ":"ostiary-assertion+jwt","alg":"ES256","kid":"\#(issuer.es256.keyID)"}"#
        let token = try TokenForger.token(
            header: header, payload: ClaimSet(subject: "root", roles: ["admin"]).json,
            signedBy: issuer.es256)
        try expectBlocked(
            Attack("/admin/x", fields: ["Authorization: Bearer \(token)"]), status: [401],
            reason: "token_invalid")
    }

    @Test("where it cannot be made, the request is not forwarded without")
    func tooLarge() throws {
        let gate = try currentFixture().gate
        let mark = gate.log.utf8.count
        let note = String(repeating: "a", count: 4000)
        let token = try TestIssuer.shared.token { $0.setting("note", "\"\(note)\"") }
        try expectBlocked(
            Attack("/api/x", fields: ["Authorization: Bearer \(token)"], label: "long"),
            status: [503], reason: "assertion_unavailable")
        #expect(gate.logLine(with: ["assertion_unavailable", "4 KiB"], since: mark) != nil)
    }

    @Test("nothing of it is logged")
    func secrecy() throws {
        let gate = try currentFixture().gate
        let assertion = try #require(
            try Received(try expectForwarded(Attack("/api/x", token: "A"))))
        #expect(gate.logLine(with: ["/api/x"]) != nil)
        for part in assertion.text.split(separator: ".") { #expect(!gate.log.contains(part)) }
    }

    @Test("an answer cannot bring one to the client")
    func answer() throws {
        let fixture = try currentFixture()
        let response = try fixture.gate.get("/api/x", token: fixture.issuer.alice())
        #expect(response.values("x-ostiary-assertion") == [])
    }
}

@Suite(
    "bound assertions",
    .gate({
        $0.policy = policy("{header: X-Who, ttl: 10s, claims: [sub], bind: [method, host, path]}")
    }), .serialized)
struct BoundAssertionTests {
    @Test(
        "name the request as the app receives it",
        arguments: [
            ("/api/x?path=/y", "GET", "app.test"), ("/api/%7euser/%c3%a9", "POST", "OTHER.test:80"),
        ])
    func request(target: String, method: String, host: String) throws {
        let fixture = try currentFixture()
        let token = try fixture.issuer.alice()
        let before = fixture.upstream.requests.count
        let answer = try fixture.gate.exchange(
            "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\nContent-Length: 0\r\n"
                + "Authorization: Bearer \(token)\r\n\r\n")
        #expect(answer.status == 200)
        let received = try #require(fixture.upstream.requests.dropFirst(before).first)
        let claims = try #require(try Received(received, header: "X-Who")).claims
        #expect(claims.string("method") == received.method)
        #expect(claims.string("path") == received.path)
        #expect(claims.string("host").map { [$0] } == received.values("Host"))
        #expect(
            claims.names == ["aud", "exp", "host", "iat", "iss", "method", "path", "sub"])
        #expect(received.values(folded: "X-Ostiary-Assertion") == [])
    }

    @Test("are signed for each request")
    func each() throws {
        let one = try Received(try expectForwarded(Attack("/api/a", token: "A")), header: "X-Who")
        let other = try Received(try expectForwarded(Attack("/api/b", token: "A")), header: "X-Who")
        #expect(one?.claims.string("path") == "/api/a")
        #expect(other?.claims.string("path") == "/api/b")
    }
}

@Suite("the keys of assertions, in a running gateway", .serialized, .blocking)
struct AssertionKeyTests {
    private func withGate(
        _ settings: String? = "{}", folder: TemporaryFolder? = nil, lines: [String] = [],
        _ test: (EchoUpstream, GateProcess) throws -> Void
    ) throws {
        let upstream = try EchoUpstream()
        defer { upstream.stop() }
        var configuration = GateProcess.Configuration(upstreamPort: upstream.port)
        configuration.issuerKeys = ["test": TestIssuer.shared.keySet]
        configuration.lines = lines
        if let settings { configuration.policy = policy(settings) }
        let gate = try GateProcess(configuration, in: folder)
        defer { gate.stop() }
        try test(upstream, gate)
        #expect(gate.isRunning, "\(gate.log.suffix(4_000))")
    }

    private func keyID(_ upstream: EchoUpstream, _ gate: GateProcess) throws -> String? {
        let before = upstream.requests.count
        #expect(try gate.get("/api/x", token: TestIssuer.shared.alice()).status == 200)
        return try upstream.requests.dropFirst(before).first.flatMap { try Received($0) }?
            .header.string("kid")
    }

    @Test("outlive a restart")
    func restart() throws {
        let folder = try TemporaryFolder("assertion")
        var seen: [String?] = []
        for _ in 0..<2 {
            try withGate(folder: folder) { seen.append(try keyID($0, $1)) }
        }
        #expect(seen[0] != nil && seen[0] == seen[1])
    }

    @Test("an old one has a successor, which is published before it signs")
    func rotation() throws {
        let folder = try TemporaryFolder("assertion")
        let old = try PrivateKey.generate(.es256)
        try folder.write(
            "data/keys/assertion/\(unixTime() - 31 * 86_400)-old.pem", try old.pem())
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o700], ofItemAtPath: folder.path + "/data/keys/assertion")
        try withGate(folder: folder) { upstream, gate in
            let published = try gate.keySet().map { $0.string("kid") }
            #expect(published.count == 2)
            #expect(try keyID(upstream, gate) == published[0])
            // The successor was made an hour ago, as it were.
            let data = folder.path + "/data/keys/assertion"
            let names = try FileManager.default.contentsOfDirectory(atPath: data)
            let name = try #require(names.first { !$0.hasSuffix("-old.pem") })
            let parts = name.split(separator: "-", maxSplits: 1)
            let madeAt = try #require(Int(parts[0]))
            try FileManager.default.moveItem(
                atPath: "\(data)/\(name)", toPath: "\(data)/\(madeAt - 3700)-\(parts[1])")
            #expect(gate.logLine(with: ["keys of assertions changed"], within: .seconds(20)) != nil)
            #expect(try gate.keySet().map { $0.string("kid") } == published.reversed())
            #expect(try keyID(upstream, gate) == published[1])
        }
    }

    @Test("can be named in the configuration: the first signs, all are published")
    func configured() throws {
        let folder = try TemporaryFolder("assertion")
        let keys = try (0..<2).map { _ in try PrivateKey.generate(.es256) }
        for (number, key) in keys.enumerated() {
            try folder.write("mine-\(number).pem", try key.pem())
        }
        try withGate(
            folder: folder, lines: ["assertion: {keys: [mine-0.pem, mine-1.pem]}"]
        ) { upstream, gate in
            let published = try gate.keySet()
            #expect(published.count == 2)
            #expect(try keyID(upstream, gate) == published[0].string("kid"))
            guard case .ec(_, let x, _) = keys[0].publicKey.components else {
                Issue.record("no elliptic curve")
                return
            }
            #expect(published[0].string("x") == base64URL(x))
            let folder = folder.path + "/data/keys/assertion"
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
    }

    @Test("are made when a changed policy asks for assertions, and are not published before")
    func reload() throws {
        try withGate(nil) { upstream, gate in
            // Nothing is the gateway's own here: the policy has no route for the path.
            #expect(try gate.get(path).status == 401)
            #expect(try keyID(upstream, gate) == nil)
            for (settings, isThere) in [("{}", true), (nil, false), ("{ttl: 30s}", true)] {
                let mark = gate.log.utf8.count
                try gate.write(policy: settings.map(policy) ?? attackPolicy)
                #expect(
                    gate.logLine(with: ["policy changed"], since: mark, within: .seconds(10))
                        != nil)
                #expect(try gate.get(path).status == (isThere ? 200 : 401))
                let used = try keyID(upstream, gate)
                #expect((used != nil) == isThere)
                if isThere { #expect(try gate.keySet().first?.string("kid") == used) }
            }
        }
    }

    @Test("cannot be made in a folder that is not ours: the gateway does not start")
    func badFolder() throws {
        let folder = try TemporaryFolder("assertion")
        try folder.write("data/keys", "a file")
        var text = ""
        do {
            try withGate(folder: folder) { _, _ in }
        } catch {
            text = "\(error)"
        }
        #expect(text.contains("keys/assertion"), "\(text)")
    }
}
