import TestSupport
import Testing

@testable import ReverseProxy

@Suite("ResponseHeadParser")
struct ResponseHeadParserTests {
    @Test(
        "reads status lines with and without a reason",
        arguments: [
            ("HTTP/1.1 200 OK", "200 200 OK"), ("HTTP/1.1 200 ", "200 200 "),
            ("HTTP/1.1 200", "200 200"),
            ("HTTP/1.0 404 Not Found", "404 404 Not Found"), ("HTTP/1.1 599 x\ty", "599 599 x\ty"),
            ("HTTP/1.1 100 Continue", "100 100 Continue"),
            ("HTTP/1.1 200 \u{e4}", "200 200 \u{e4}"),
        ])
    func statusLine(_ line: String, _ start: String) {
        #expect(readAnswer(line + "\r\nA: b\r\n\r\n").head?.start == start)
    }

    @Test(
        "refuses other status lines",
        arguments: [
            ("HTTP/1.1 20 OK", .statusLine), ("HTTP/1.1 2000 OK", .statusLine),
            ("HTTP/1.1 099 No", .statusLine), ("HTTP/1.1 600 No", .statusLine),
            ("HTTP/1.1 999 No", .statusLine), ("HTTP/1.1  200 OK", .statusLine),
            ("HTTP/1.1\t200 OK", .statusLine), ("HTTP/1.1 -20 OK", .statusLine),
            ("HTTP/1.1 2x0 OK", .statusLine), ("HTTP/1.1 200OK", .statusLine),
            ("HTTP/1.1 200 O\u{0}K", .statusLine), ("HTTP/1.1 200 OK\n", .statusLine),
            ("HTTP/1.1 200 OK\rX", .statusLine), ("HTTP/1.2 200 OK", .version),
            ("HTTP/2.0 200 OK", .version), ("http/1.1 200 OK", .version),
            ("ICY 200 OK ..", .version),
            ("\r\nHTTP/1.1 200 OK", .version), ("200 OK and more", .version),
            ("SSH-2.0-OpenSSH_9.2", .version),
        ] as [(String, FramingFault)])
    func malformed(_ line: String, _ fault: FramingFault) {
        #expect(readAnswer(line + "\r\nContent-Length: 0\r\n\r\n").fault == fault)
    }

    @Test(
        "knows how a body ends",
        arguments: [
            ("200 OK", "Content-Length: 5", .length(5)), ("200 OK", "Content-Length: 0", .none),
            ("200 OK", "Transfer-Encoding: chunked", .chunked), ("200 OK", "A: b", .untilClose),
            ("204 No Content", "Content-Length: 5", .none), ("204 No Content", "A: b", .none),
            ("304 Not Modified", "Content-Length: 5", .none),
            ("304 Not Modified", "Transfer-Encoding: chunked", .none),
            ("103 Early Hints", "Content-Length: 5", .none), ("101 Switching", "A: b", .none),
            ("205 Reset", "A: b", .untilClose), ("404 Not Found", "Content-Length: 7", .length(7)),
        ] as [(String, String, BodyFraming)])
    func framing(_ status: String, _ field: String, _ framing: BodyFraming) {
        let text = "HTTP/1.1 \(status)\r\n\(field)\r\n\r\n"
        #expect(readAnswer(text).head?.framing == framing)
        #expect(readAnswer(text, toHead: true).head?.framing == BodyFraming.none)
    }

    @Test(
        "knows whether the upstream keeps the connection",
        arguments: [
            ("1.1", "A: b", true), ("1.1", "Connection: close", false),
            ("1.1", "Connection: keep-alive, close", false), ("1.0", "A: b", false),
            ("1.0", "Connection: Keep-Alive", true),
        ])
    func keepsAlive(_ version: String, _ field: String, _ keeps: Bool) {
        let text = "HTTP/\(version) 200 OK\r\n\(field)\r\nContent-Length: 0\r\n\r\n"
        #expect(readAnswer(text).head?.keepsAlive == keeps)
    }

    @Test("F11: two lengths, a length with chunks, and chunks in HTTP/1.0 are refused")
    func ambiguous() {
        let length = "Content-Length: 5\r\n"
        let chunked = "Transfer-Encoding: chunked\r\n"
        #expect(readAnswer("HTTP/1.1 200 OK\r\n\(length)\(length)\r\n").fault == .contentLength)
        #expect(readAnswer("HTTP/1.1 200 OK\r\n\(length)\(chunked)\r\n").fault == .bothLengths)
        #expect(readAnswer("HTTP/1.0 200 OK\r\n\(chunked)\r\n").fault == .transferEncoding)
    }

    @Test("a head of exactly the limit is read, one byte more is too large")
    func limit() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        func limits(_ head: Int) -> HeadLimits { HeadLimits(head: head, fields: 1, target: 0) }
        #expect(readAnswer(text, limits: limits(text.utf8.count)).head != nil)
        #expect(readAnswer(text, limits: limits(text.utf8.count - 1)).fault == .headTooLarge)
        #expect(
            readAnswer(Array(wireBytes(text).dropLast(3)), limits: limits(text.utf8.count - 3))
                .fault
                == .headTooLarge)
        #expect(
            readAnswer("HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n", limits: limits(999)).fault
                == .headTooLarge)
    }

    @Test("byte by byte the outcome is that of the whole")
    func incremental() {
        var random = SeededGenerator(for: "answers byte by byte")
        let limits = HeadLimits(head: 300, fields: 6, target: 0)
        for _ in 0..<propertyRounds(400) {
            let text = RandomHead.answer(&random)
            let bytes = wireBytes(text)
            let whole = readAnswer(bytes, limits: limits)
            var pieces = HeadReading.needsMore
            for count in 1...bytes.count where pieces == .needsMore {
                pieces = readAnswer(Array(bytes.prefix(count)), limits: limits)
            }
            // Which of two faults is met first may differ; that there is one may not.
            if whole.fault != nil {
                #expect(pieces.fault != nil, "\(text.debugDescription)")
            } else {
                #expect(pieces == whole, "\(text.debugDescription)")
            }
        }
    }
}
