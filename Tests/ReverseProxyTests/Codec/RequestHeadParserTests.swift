import Admission
import TestSupport
import Testing

@testable import ReverseProxy

@Suite("RequestHeadParser")
struct RequestHeadParserTests {
    @Test("reads a plain head, and no further than its end")
    func plain() {
        let text = "GET /a/b?c=d HTTP/1.1\r\nHost: app.test\r\nAccept: */*\r\n\r\n"
        for rest in ["", "GET", "\r\n", "\u{0}"] {
            let head = readRequest(text + rest).head
            #expect(head?.length == text.utf8.count)
            #expect(head?.start == "GET /a/b?c=d 1")
            #expect(head?.lines == ["host Host=app.test", "ordinary Accept=*/*"])
            #expect(head?.framing == BodyFraming.none)
            #expect(head?.keepsAlive == true)
        }
    }

    @Test(
        "refuses a request line that is not method, target and version, each behind one space",
        arguments: [
            " GET / HTTP/1.1\r\n", "GET  / HTTP/1.1\r\n", "GET /  HTTP/1.1\r\n",
            "GET\t/ HTTP/1.1\r\n",
            "GET / HTTP/1.1 \r\n", "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\r\n", "GET / HTTP/1.1\rX",
            "GET /\r\n", "GET /\n", "GET / \r\n", "GET\r\n", "\r\nGET / HTTP/1.1\r\n", "\n", "\r\n",
            "GET /a b HTTP/1.1\r\n", "GET /\u{0} HTTP/1.1\r\n", "GET /\u{7f} HTTP/1.1\r\n",
            "GET /\t HTTP/1.1\r\n", "G\u{0}T / HTTP/1.1\r\n", "G(T / HTTP/1.1\r\n",
            "GÉT / HTTP/1.1\r\n",
            "\"GET\" / HTTP/1.1\r\n", "GET: / HTTP/1.1\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}",
            "GET / H\n", String(repeating: "A", count: 33) + " / HTTP/1.1\r\n",
        ])
    func requestLine(_ line: String) {
        #expect(outcome(line + "Host: a\r\n\r\n", byteByByte: false) == .badFraming)
        #expect(outcome(line + "Host: a\r\n\r\n", byteByByte: true) == .badFraming)
    }

    @Test(
        "refuses every version but HTTP/1.0 and HTTP/1.1",
        arguments: [
            "HTTP/1.2", "HTTP/0.9", "HTTP/2.0", "HTTP/1,1", "http/1.1", "HTTP/1.", "HTTP/11",
            "HTTP/1.10",
            "HTTP/3", "HTTP 1.1", "ICY/1.1x", "HTTP/1.\u{31}\u{0}",
        ])
    func version(_ version: String) {
        let reading = readRequest("GET / \(version)\r\nHost: a\r\n\r\n")
        #expect(reading.fault == .version || reading.fault == .requestLine)
    }

    @Test("HTTP/2's preface is no request")
    func http2() {
        #expect(readRequest("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").fault == .version)
    }

    @Test(
        "an HTTP/1.1 request has exactly one Host, one of HTTP/1.0 at most one",
        arguments: [
            ("1.1", 0, false), ("1.1", 1, true), ("1.1", 2, false), ("1.0", 0, true),
            ("1.0", 1, true), ("1.0", 2, false),
        ])
    func hosts(_ version: String, _ count: Int, _ isRead: Bool) {
        let fields = String(repeating: "Host: app.test\r\n", count: count)
        let reading = readRequest("GET / HTTP/\(version)\r\n\(fields)\r\n")
        #expect(isRead ? reading.head != nil : reading.fault == .hostField)
    }

    @Test(
        "knows whether the connection may be kept",
        arguments: [
            ("1.1", "A: b", true), ("1.1", "Connection: close", false),
            ("1.1", "Connection: Keep-Alive , CLOSE", false), ("1.1", "Connection:", true),
            ("1.0", "A: b", false), ("1.0", "Connection: keep-alive", true),
            ("1.0", "Connection: close, keep-alive", false),
        ])
    func keepsAlive(_ version: String, _ field: String, _ keeps: Bool) {
        let reading = readRequest("GET / HTTP/\(version)\r\nHost: a\r\n\(field)\r\n\r\n")
        #expect(reading.head?.keepsAlive == keeps)
    }

    @Test("HTTP/1.0 knows no transfer coding")
    func oldChunked() {
        let reading = readRequest("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(reading.fault == .transferEncoding)
    }

    @Test("a head of exactly the limit is read, one byte more is too large")
    func headLimit() {
        let text = "GET / HTTP/1.1\r\nHost: a\r\nX: 12345\r\n\r\n"
        func limits(_ head: Int) -> HeadLimits { HeadLimits(head: head, fields: 9, target: 99) }
        let length = text.utf8.count
        #expect(readRequest(text, limits(length)).head != nil)
        #expect(readRequest(text + "more", limits(length)).head != nil)
        #expect(readRequest(text, limits(length - 1)).fault == .headTooLarge)
        for cut in 4..<length {
            let part = Array(wireBytes(text).prefix(cut))
            #expect(readRequest(part, limits(length)) == .needsMore)
            #expect(readRequest(part, limits(cut)).fault == .headTooLarge)
        }
    }

    @Test("a target of exactly the limit is read, one byte more is too long, complete or not")
    func targetLimit() {
        let limits = HeadLimits(head: 4096, fields: 9, target: 100)
        let target = "/" + String(repeating: "a", count: 99)
        #expect(readRequest("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n", limits).head != nil)
        #expect(
            readRequest("GET \(target)b HTTP/1.1\r\nHost: a\r\n\r\n", limits).fault
                == .targetTooLong)
        #expect(readRequest("GET \(target)", limits) == .needsMore)
        #expect(readRequest("GET \(target)b", limits).fault == .targetTooLong)
    }

    @Test("as many fields as the limit are read, one more is too large")
    func fieldLimit() {
        let limits = HeadLimits(head: 4096, fields: 5, target: 100)
        func text(_ fields: Int) -> String {
            "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: fields - 1)
                + "\r\n"
        }
        #expect(readRequest(text(5), limits).head != nil)
        #expect(readRequest(text(6), limits).fault == .headTooLarge)
    }

    @Test("a parser that is used again remembers nothing")
    func reuse() {
        var parser = RequestHeadParser()
        let first = wireBytes(
            request("Content-Length: 5", "Connection: close", "Authorization: Bearer x"))
        guard case .head = parser.parse(first.span, names: requestNames, limits: usualLimits) else {
            Issue.record("the first head is well-formed")
            return
        }
        let second = wireBytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        guard
            case .head(let head) = parser.parse(
                second.span, names: requestNames, limits: usualLimits)
        else {
            Issue.record("the second head is well-formed")
            return
        }
        #expect(head.framing == .none)
        #expect(head.keepsAlive)
        #expect(head.facts.authorizationCount == 0)
        #expect(head.facts.hostCount == 1)
        #expect(parser.fields.lines.count == 1)
    }

    enum Class: Equatable {
        case head(HeadReading.Head)
        case incomplete
        case badFraming
        case tooLarge
    }

    /// The final outcome, in one piece or byte by byte, as the client sees it.
    private func outcome(_ text: String, byteByByte: Bool, _ limits: HeadLimits = usualLimits)
        -> Class
    {
        let bytes = wireBytes(text)
        var reading = HeadReading.needsMore
        for count in (byteByByte ? 1 : bytes.count)...bytes.count {
            reading = readRequest(Array(bytes.prefix(count)), limits)
            if reading != .needsMore { break }
        }
        switch reading {
        case .head(let head): return .head(head)
        case .needsMore: return .incomplete
        case .fault(let fault): return fault.reasonCode == .badFraming ? .badFraming : .tooLarge
        }
    }

    @Test("byte by byte the outcome is that of the whole")
    func incremental() {
        var random = SeededGenerator(for: "heads byte by byte")
        let limits = HeadLimits(head: 400, fields: 8, target: 60)
        for _ in 0..<propertyRounds(400) {
            let text = RandomHead.request(&random)
            let whole = outcome(text, byteByByte: false, limits)
            let pieces = outcome(text, byteByByte: true, limits)
            if case .tooLarge = pieces, whole == .badFraming { continue }
            #expect(pieces == whole, "\(text.debugDescription)")
        }
    }
}
