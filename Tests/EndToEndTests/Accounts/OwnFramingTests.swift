import TestSupport
import Testing

@Suite(
    "requests to own endpoints on the wire",
    .gate({
        $0.useAccounts(defaultRoles: ["viewer"])
        $0.timeouts = ["stream_idle": "1s"]
    }), .serialized)
struct OwnFramingTests {
    @Test("a body of more than 64 KiB is refused, whatever it says of itself")
    func hugeBody() throws {
        let gate = try currentFixture().gate
        let head =
            "POST /_ostiary/v1/sign-in HTTP/1.1\r\nHost: app.test\r\n"
            + "Content-Type: application/json\r\n"
        let bodies = [
            "Content-Length: 65537\r\n\r\n", "Content-Length: 1000000000000\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + String(repeating: "a", count: 65_537)
                + "\r\n0\r\n\r\n",
        ]
        for body in bodies {
            let client = try gate.connect()
            _ = client.sendTolerantly(wireBytes(head + body))
            let answer = try client.response()
            #expect(answer.status == 413 && answer.reason == "body_too_large")
            #expect(client.isClosedByPeer())
        }
        // A large one within the limit is read and understood.
        let (person, _) = try gate.resident()
        let padding = String(repeating: " ", count: 60_000)
        let whole = #"{"login":"\#(person.username)",\#(padding)"password":"\#(person.password)"}"#
        let answer = try gate.exchange(AccountRequest.json("POST", "/_ostiary/v1/sign-in", whole))
        #expect(answer.status == 200)
    }

    @Test("a chunked body, and one that comes byte by byte, are read like the whole")
    func segments() throws {
        let gate = try currentFixture().gate
        let (person, _) = try gate.resident()
        let request = AccountRequest.signIn(person)
        let slow = try gate.connect()
        for byte in wireBytes(request) { try slow.send([byte]) }
        #expect(try slow.response().status == 200)

        let body = #"{"login":"\#(person.username)","password":"\#(person.password)"}"#
        var chunked =
            "POST /_ostiary/v1/sign-in HTTP/1.1\r\nHost: app.test\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        for byte in body { chunked += "1\r\n\(byte)\r\n" }
        #expect(try gate.exchange(chunked + "0\r\nX-Trailer: 1\r\n\r\n").status == 200)
    }

    @Test("a body that stops coming is given up in time, and holds up nobody")
    func stalledBody() throws {
        let gate = try currentFixture().gate
        let (person, tokens) = try gate.resident()
        let request = AccountRequest.signIn(person)
        let stalled = try (0..<20).map { _ in
            let client = try gate.connect()
            try client.send(Array(wireBytes(request).dropLast()))
            return client
        }
        for _ in 1...5 { #expect(try gate.status("/api/x", tokens.access) == 200) }
        _ = try gate.signIn(person)
        for client in stalled {
            let answer = try? client.response(within: .seconds(10))
            #expect(answer?.status == 408)
            #expect(client.isClosedByPeer())
        }
    }

    @Test("pipelined requests for own endpoints and the app are answered in their order")
    func pipelined() throws {
        let gate = try currentFixture().gate
        let (person, tokens) = try gate.resident()
        let (other, _) = try gate.newcomer()
        let client = try gate.connect()
        try client.send(
            AccountRequest.signIn(person) + AccountRequest.get("/api/between", tokens.access)
                + AccountRequest.signIn(person.username, "no password of hers at all")
                + AccountRequest.signIn(other) + AccountRequest.get("/_ostiary/v1/me")
                + AccountRequest.get("/.well-known/jwks.json") + AccountRequest.me(tokens.access))
        let answers = try (0..<7).map { _ in try client.response() }
        #expect(answers.map(\.status) == [200, 200, 401, 200, 401, 200, 200])
        let names = try [0, 3].map { try answers[$0].object().object("user")?.string("username") }
        #expect(names == [person.username, other.username])
        #expect(answers[1].text.contains("/api/between"))
        #expect(try answers[6].object().string("username") == person.username)
    }

    @Test("HEAD is answered like GET without the body")
    func head() throws {
        let gate = try currentFixture().gate
        let (_, tokens) = try gate.resident()
        for path in [
            "/_ostiary/v1/me", "/.well-known/jwks.json", "/.well-known/oauth-authorization-server",
        ] {
            let full = try gate.exchange(AccountRequest.get(path, tokens.access))
            let client = try gate.connect()
            try client.send(AccountRequest.get(path, tokens.access, method: "HEAD"))
            let head = try client.response(toHead: true)
            #expect(head.status == 200 && full.status == 200)
            #expect(head.value("Content-Length") == full.value("Content-Length"))
            #expect(head.value("ETag") == full.value("ETag"))
            // No byte of a body stands before the next answer.
            try client.send(AccountRequest.get("/api/next", tokens.access))
            #expect(try client.response().text.contains("/api/next"))
        }
        let anonymous = try gate.connect()
        try anonymous.send(AccountRequest.get("/_ostiary/v1/me", method: "HEAD"))
        #expect(try anonymous.response(toHead: true).status == 401)
    }

    @Test("a client that waits for 100 Continue is told to go on, or is refused before its body")
    func expectContinue() throws {
        let gate = try currentFixture().gate
        let (person, _) = try gate.resident()
        let body = #"{"login":"\#(person.username)","password":"\#(person.password)"}"#
        let fields = [
            "Content-Type: application/json", "Expect: 100-continue",
            "Content-Length: \(body.utf8.count)",
        ]
        let client = try gate.connect()
        try client.send(Attack("/_ostiary/v1/sign-in", method: "POST", fields: fields).request)
        #expect(try client.response(interim: true).status == 100)
        try client.send(body)
        #expect(try client.response().status == 200)

        let refused = try gate.connect()
        let large = fields.dropLast() + ["Content-Length: 100000"]
        try refused.send(
            Attack("/_ostiary/v1/sign-in", method: "POST", fields: Array(large)).request)
        #expect(try refused.response(interim: true).status == 413)
        let anonymous = try gate.connect()
        try anonymous.send(
            Attack("/_ostiary/v1/sign-out", method: "POST", fields: fields).request)
        #expect(try anonymous.response(interim: true).status == 401)
    }

    @Test("a client that goes before its answer leaves nothing behind")
    func goneClients() throws {
        let gate = try currentFixture().gate
        let (person, tokens) = try gate.resident()
        _ = try gate.signIn(person)
        let before = try #require(openDescriptors(of: gate.pid))
        for round in 0..<12 {
            let client = try gate.connect()
            if round % 2 == 0 { client.endWithReset() }
            try client.send(AccountRequest.signIn(person))
            client.close()
        }
        let freed = Deadline.after(.seconds(20)).waits {
            (openDescriptors(of: gate.pid) ?? .max) <= before + 8
        }
        #expect(freed)
        #expect(try gate.status("/api/x", tokens.access) == 200)
        _ = try gate.signIn(person)
    }

    @Test(
        "a body of another type is refused",
        arguments: [
            "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
            "application/jsonx", "",
        ])
    func mediaType(type: String) throws {
        let gate = try currentFixture().gate
        let (person, _) = try gate.resident()
        let body = #"{"login":"\#(person.username)","password":"\#(person.password)"}"#
        var fields = ["Content-Length: \(body.utf8.count)"]
        if !type.isEmpty { fields.append("Content-Type: \(type)") }
        let answer = try gate.exchange(
            Attack("/_ostiary/v1/sign-in", method: "POST", fields: fields, body: body).request)
        #expect(answer.status == 415)
    }
}
