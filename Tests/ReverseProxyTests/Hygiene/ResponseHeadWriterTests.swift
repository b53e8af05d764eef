import TestSupport
import Testing

@testable import ReverseProxy

@Suite("ResponseHeadWriter")
struct ResponseHeadWriterTests {
    struct Answer: Sendable {
        var status = "HTTP/1.1 200 OK"
        var fields: [String] = ["Content-Length: 5"]
        var toHead = false
        var clientVersion: UInt8 = 1
        var keepsAlive = true
        var routeFields = ""
    }

    private struct NoHead: Error {}

    /// The head for the client.
    private func written(_ answer: Answer) throws -> String {
        let source = wireBytes(
            answer.status + "\r\n" + answer.fields.map { $0 + "\r\n" }.joined() + "\r\n")
        var parser = ResponseHeadParser()
        guard
            case .head(let head) = parser.parse(
                source.span, names: responseNames, limits: usualLimits)
        else { throw NoHead() }
        let framing = ClientFraming(
            head.framing(answeringHead: answer.toHead), clientMinorVersion: answer.clientVersion)
        var writer = ByteWriter()
        ResponseHeadWriter.write(
            head, lines: parser.fields.lines, nominated: parser.fields.nominated, of: source.span,
            framing: framing, keepsAlive: answer.keepsAlive && framing != .untilClose,
            clientMinorVersion: answer.clientVersion, routeFields: wireBytes(answer.routeFields),
            into: &writer)
        return latin1(writer.bytes)
    }

    @Test("passes status, reason and the upstream's own fields on")
    func plain() throws {
        let answer = Answer(
            status: "HTTP/1.0 418 I'm a teapot",
            fields: ["Content-Length: 5", "Set-Cookie:a=b", "set_cookie: c", "X: \u{e4}"])
        #expect(
            try written(answer) == "HTTP/1.1 418 I'm a teapot\r\nContent-Length: 5\r\n"
                + "Set-Cookie: a=b\r\nset_cookie: c\r\nX: \u{e4}\r\n\r\n")
    }

    @Test(
        "F11: fields of the hop, identity fields and nominated fields stay here",
        arguments: [
            ["Connection: keep-alive"], ["Keep-Alive: timeout=5"], ["Proxy-Connection: x"],
            ["Proxy-Authenticate: Basic"], ["TE: x"], ["Trailer: X"], ["Upgrade: h2c"],
            ["X-Auth-User: root"], ["x-auth-ROLES: admin"], ["X-Ostiary-Debug: 1"],
            ["Connection: X-Mine", "x-mine: 1"], ["X-Mine: 1", "Connection: close, x-MINE ,a-b"],
            ["Connection: x_mine", "X_Mine: 1"], ["X_Auth_User: root"], ["x.auth!roles: admin"],
            ["X_Ostiary_Assertion: e.y.J"], ["Transfer_Encoding: chunked"], ["Keep_Alive: 1"],
        ])
    func removed(_ fields: [String]) throws {
        let answer = Answer(fields: ["A: b"] + fields + ["Content-Length: 5"])
        #expect(try written(answer) == "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\n\r\n")
    }

    @Test("where a route says who may read answers, what the upstream says of it is dropped")
    func crossOrigin() throws {
        let own = [
            "Access-Control-Allow-Origin: *", "access-control-allow-CREDENTIALS: true",
            "Access-Control-Max-Age: 9",
        ]
        let others = ["Vary: Accept", "Access-Controls: x", "Content-Length: 5"]
        let rest = others.map { $0 + "\r\n" }.joined()
        var answer = Answer(fields: own + others)
        #expect(
            try written(answer) == "HTTP/1.1 200 OK\r\n"
                + own.map { $0 + "\r\n" }.joined() + rest + "\r\n")
        answer.routeFields = "Access-Control-Allow-Origin: https://spa.test\r\nVary: Origin\r\n"
        #expect(
            try written(answer) == "HTTP/1.1 200 OK\r\n\(rest)\(answer.routeFields)\r\n")
        answer = Answer(
            status: "HTTP/1.1 103 Early Hints", fields: ["Link: </a>"],
            routeFields: answer.routeFields)
        #expect(try written(answer) == "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
    }

    @Test("an upstream cannot nominate the framing away")
    func nominatedFraming() throws {
        let answer = Answer(fields: ["Connection: Content-Length, Set-Cookie", "Content-Length: 5"])
        #expect(try written(answer) == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    }

    @Test(
        "the framing is what the client can read",
        arguments: [
            (["Content-Length: 5"], 1, "Content-Length: 5\r\n"),
            (["Content-Length: 0"], 1, "Content-Length: 0\r\n"),
            (["Transfer-Encoding: chunked"], 1, "Transfer-Encoding: chunked\r\n"),
            ([], 1, "Transfer-Encoding: chunked\r\n"),
            (["Content-Length: 5"], 0, "Content-Length: 5\r\nConnection: keep-alive\r\n"),
            (["Transfer-Encoding: chunked"], 0, "Connection: close\r\n"),
            ([], 0, "Connection: close\r\n"),
        ] as [([String], UInt8, String)])
    func framing(_ fields: [String], _ version: UInt8, _ lines: String) throws {
        let answer = Answer(fields: fields, clientVersion: version)
        #expect(try written(answer) == "HTTP/1.1 200 OK\r\n\(lines)\r\n")
    }

    @Test(
        "answers without a body say nothing that would announce one",
        arguments: [
            ("204 No Content", ["Content-Length: 5"], ""),
            ("204 No Content", ["Transfer-Encoding: chunked"], ""), ("204 No Content", [], ""),
            ("304 Not Modified", ["Content-Length: 5"], "Content-Length: 5\r\n"),
            ("304 Not Modified", ["Transfer-Encoding: chunked"], ""),
            ("103 Early Hints", ["Content-Length: 5", "Link: x"], "Link: x\r\n"),
            ("103 Early Hints", ["Transfer-Encoding: chunked"], ""),
        ])
    func withoutBody(_ status: String, _ fields: [String], _ lines: String) throws {
        let answer = Answer(status: "HTTP/1.1 \(status)", fields: fields)
        #expect(try written(answer) == "HTTP/1.1 \(status)\r\n\(lines)\r\n")
    }

    @Test("an answer to HEAD keeps the length that GET would have")
    func toHead() throws {
        #expect(
            try written(Answer(toHead: true)) == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        let chunked = Answer(fields: ["Transfer-Encoding: chunked"], toHead: true)
        #expect(try written(chunked) == "HTTP/1.1 200 OK\r\n\r\n")
        #expect(try written(Answer(fields: [], toHead: true)) == "HTTP/1.1 200 OK\r\n\r\n")
    }

    @Test("the last answer says so, an informational one never does")
    func close() throws {
        #expect(
            try written(Answer(keepsAlive: false))
                == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n")
        let early = Answer(status: "HTTP/1.1 103 Early Hints", fields: [], keepsAlive: false)
        #expect(try written(early) == "HTTP/1.1 103 Early Hints\r\n\r\n")
    }

    @Test("whatever is written is read as one answer with the same body")
    func randomAnswers() throws {
        var random = SeededGenerator(for: "answers for clients")
        for _ in 0..<propertyRounds(300) {
            let text = RandomHead.answer(&random)
            guard readAnswer(text).head != nil else { continue }
            let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
            let answer = Answer(
                status: String(lines[0]), fields: lines.dropFirst().dropLast(2).map(String.init))
            let head = try written(answer)
            #expect(readAnswer(head).head?.length == head.unicodeScalars.count)
            let received = readAnswer(text).head?.framing
            let sent = readAnswer(head).head?.framing
            #expect(sent == (received == .untilClose ? .chunked : received), "\(text)")
        }
    }
}
