import TestSupport
import Testing

@testable import ReverseProxy

@Suite("TrailerWriter")
struct TrailerWriterTests {
    private static let injected = ["x-auth-user", "x-team_name"]
    private let requestNames = ReservedNames.requestTrailerTable(injected: injected)
    private let answerNames = ReservedNames.responseTrailerTable(injected: injected)

    /// The lines that are left of some; nil where the body's end is not written as it must be.
    private func kept(_ lines: [String], _ names: FieldNameTable) -> [String]? {
        var parser = FieldSectionParser(isRequest: true)
        var writer = ByteWriter()
        TrailerWriter.write(
            wireBytes(lines.map { $0 + "\r\n" }.joined()), names: names, parser: &parser,
            into: &writer)
        let text = latin1(writer.bytes)
        guard text.hasPrefix("0\r\n"), text.hasSuffix("\r\n") else { return nil }
        return text.dropFirst(1).dropLast(1).split(separator: "\r\n").map(String.init)
    }

    @Test("without trailers the last chunk is written and nothing else")
    func none() {
        var parser = FieldSectionParser(isRequest: true)
        var writer = ByteWriter()
        TrailerWriter.write([], names: requestNames, parser: &parser, into: &writer)
        #expect(latin1(writer.bytes) == "0\r\n\r\n")
    }

    @Test(
        "what speaks of the message that went before passes, both ways",
        arguments: [
            "Digest: sha-256=abc", "Content-Digest: sha-256=:YQ==:", "Repr-Digest: sha-512=:YQ==:",
            "Server-Timing: db;dur=53", "X-Checksum: 1", "grpc-status: 0", "grpc-message: ok",
            "ETag: \"a\"", "X-Empty:",
        ])
    func passes(_ line: String) {
        let written = line == "X-Empty:" ? "X-Empty: " : line
        #expect(kept([line], requestNames) == [written])
        #expect(kept(["X-A: 1", line, "X-B: 2"], answerNames) == ["X-A: 1", written, "X-B: 2"])
    }

    @Test(
        "H3: fields that only a head may hold are dropped, both ways",
        arguments: [
            "Host: evil.test",
            "Trailer: X-A", "TE: trailers", "Connection: X-A", "Upgrade: websocket",
            "Keep-Alive: timeout=5", "Authorization: Bearer x", "Proxy-Authorization: x",
            "WWW-Authenticate: Basic", "Cookie: a=b", "Set-Cookie: a=b", "Expect: 100-continue",
            "Cache-Control: no-store", "Max-Forwards: 1", "Pragma: no-cache", "Range: bytes=0-1",
            "If-Match: *", "If-None-Match: *", "Content-Encoding: gzip", "Content-Type: text/html",
            "Content-Range: bytes 0-1/2", "Content-Location: /x", "Location: /x", "Age: 1",
            "Date: x", "Expires: 0", "Retry-After: 1", "Vary: *", "Warning: 1",
            "Content-Security-Policy: none", "Access-Control-Allow-Origin: *", "Origin: x",
            "Sec-WebSocket-Key: x", "Accept: x",
        ])
    func headOnly(_ line: String) {
        #expect(kept(["X-A: 1", line, "X-B: 2"], requestNames) == ["X-A: 1", "X-B: 2"])
        #expect(kept([line.uppercased()], answerNames) == [])
    }

    @Test(
        "F4: a section that frames the message anew, or cannot be read, is not sound",
        arguments: [
            ("X-A: 1", true), ("X_Content-Length: 1", true), ("Host: a", true),
            ("Content-Length: 5", false), ("content-length: 0", false), ("Content-Length:", false),
            ("Transfer-Encoding: chunked", false), ("TRANSFER-ENCODING: x", false),
            ("X-A : b", false), (" X: y", false), (":", false), ("X-A: b\nc", false),
        ])
    func soundness(_ line: String, _ isSound: Bool) {
        var parser = FieldSectionParser(isRequest: true)
        let section = wireBytes("X-B: c\r\n\(line)\r\n")
        for names in [requestNames, answerNames] {
            #expect(TrailerWriter.isSound(section, names: names, parser: &parser) == isSound)
        }
        #expect(TrailerWriter.isSound([], names: requestNames, parser: &parser))
    }

    @Test(
        "H3: identity, in every spelling, and whatever rewrites a request stay here",
        arguments: [
            "X-Auth-User: root", "x-auth-user:root", "X_Auth_User: root", "X-AUTH.USER: root",
            "X-Team-Name: a", "X-Team_Name: a", "X-Ostiary-Assertion: e.y.J",
            "x_ostiary_assertion: e.y.J", "Remote-User: root", "X-Forwarded-User: root",
            "X-Forwarded-For: ::1", "X-Forwarded-Host: evil", "Forwarded: for=1",
            "X-Original-URL: /admin", "X-HTTP-Method-Override: DELETE", "Tailscale-User-Login: a",
        ])
    func identity(_ line: String) {
        #expect(kept([line, "X-B: 2"], requestNames) == ["X-B: 2"])
    }

    @Test("an answer's trailers do not speak for the gateway")
    func answers() {
        let lines = ["X-Auth-User: root", "X-Team-Name: a", "x_team_name: a", "X-Ostiary-A: b"]
        #expect(kept(lines + ["X-B: 2"], answerNames) == ["X-B: 2"])
    }

    @Test("a section that cannot be read passes nothing on")
    func unreadable() {
        for line in ["X-A : b", "X-A: b\n", " X: y", ":", "X-A: \u{0}", "X-A: b\r\n\r\nX-B: c"] {
            let kept = kept(["X-C: d", line], requestNames)
            #expect(kept == [] || kept == ["X-C: d", "X-A: b"], "\(line)")
        }
    }

    @Test("what the decoder takes for trailer lines can be read as such")
    func agreesWithTheDecoder() {
        var random = SeededGenerator(for: "trailers")
        let alphabet = Array("ab:-_ \t\r\n\u{0}\u{7f}\u{e4}".unicodeScalars).map { UInt8($0.value) }
        var read = 0
        for _ in 0..<propertyRounds(3_000) {
            var body = wireBytes("0\r\nA: b\r\n")
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                body.append(random.pick(alphabet))
            }
            body += wireBytes(random.pick(["\r\n", ":\r\n"]) + "\r\n")
            var decoder = ChunkedDecoder(skipsExtensions: false)
            guard case .trailer(let range) = decoder.step(body.span, from: 0),
                case .finished = decoder.step(body.span, from: range.upperBound)
            else { continue }
            var parser = FieldSectionParser(isRequest: true)
            let section = Array(body[range]) + wireBytes("\r\n")
            let outcome = parser.parse(
                section.span, from: 0, names: requestNames, limits: usualLimits)
            guard case .complete(let end) = outcome, end == section.count else {
                Issue.record("\(latin1(body)), seed \(random.seed)")
                continue
            }
            read += 1
        }
        #expect(read > 0)
    }
}
