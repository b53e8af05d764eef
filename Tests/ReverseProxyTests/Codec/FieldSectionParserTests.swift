import Admission
import TestSupport
import Testing

@testable import ReverseProxy

@Suite("FieldSectionParser")
struct FieldSectionParserTests {
    @Test(
        "reads a field's value without the white space around it",
        arguments: [
            ("A: b", "b"), ("A:b", "b"), ("A:  b", "b"), ("A:\tb\t", "b"), ("A: b \t ", "b"),
            ("A:", ""),
            ("A: ", ""), ("A: \t ", ""), ("A: b  c", "b  c"), ("A: b\tc", "b\tc"), ("A: :", ":"),
            ("A: \u{e4}\u{ff}\u{80}", "\u{e4}\u{ff}\u{80}"), ("A: \"b\"", "\"b\""),
        ])
    func values(_ line: String, _ value: String) {
        #expect(readRequest(request(line)).head?.lines.last == "ordinary A=\(value)")
    }

    @Test(
        "F5: refuses lines that another reader could see otherwise",
        arguments: [
            ("A: b\nC: d", .lineEnd), ("A: b\n", .lineEnd), ("A: b\rC: d", .lineEnd),
            ("A: b\r", .lineEnd), ("A: b\u{0}c", .fieldValue), ("A: \u{1}", .fieldValue),
            ("A: b\u{b}", .fieldValue), ("A: b\u{c}c", .fieldValue), ("A: b\u{7f}", .fieldValue),
            ("A: \u{1b}[0m", .fieldValue), (" A: b", .obsoleteFold), ("\tA: b", .obsoleteFold),
            ("A: b\r\n c", .obsoleteFold), ("A: b\r\n\tc: d", .obsoleteFold), (" ", .obsoleteFold),
            ("A : b", .fieldName), ("A\t: b", .fieldName), (": b", .fieldName), (":", .fieldName),
            ("A", .fieldName), ("A b: c", .fieldName), ("A\u{0}: b", .fieldName),
            ("\u{e4}: b", .fieldName), ("A(b): c", .fieldName), ("\"A\": b", .fieldName),
            ("A\u{7f}: b", .fieldName), ("[A]: b", .fieldName), ("A@b: c", .fieldName),
            ("\u{b}A: b", .fieldName), ("A{: b", .fieldName),
        ] as [(String, FramingFault)])
    func malformed(_ line: String, _ fault: FramingFault) {
        #expect(readRequest(request(line)).fault == fault)
        #expect(readRequest(request("B: c", line, "D: e")).fault == fault)
        #expect(readAnswer("HTTP/1.1 200 OK\r\n\(line)\r\n\r\n").fault == fault)
    }

    @Test("bare line feeds never end a head")
    func bareLineFeeds() {
        #expect(readRequest("GET / HTTP/1.1\r\nHost: a\n\n").fault == .lineEnd)
        #expect(readRequest("GET / HTTP/1.1\r\nHost: a\r\n\n").fault == .fieldName)
        #expect(readRequest("GET / HTTP/1.1\r\nHost: a\r\n\rX").fault == .lineEnd)
        #expect(readRequest("GET / HTTP/1.1\r\nHost: a\r\n\r") == .needsMore)
    }

    @Test(
        "F3: a length is digits, once, and fits",
        arguments: [
            "5,5", "5, 6", "5, 5", "+5", "-1", "-0", "0x5", "5 5", "5e0", "5.0", "", " ", "five",
            "5;",
            "\"5\"", "0b1", "5\t", "5 \t ", "18446744073709551621", "1000000000000000000",
            "\u{665}", "5\t5", "0 5",
        ])
    func malformedLength(_ value: String) {
        #expect(readRequest(request("Content-Length: \(value)")).fault == .contentLength)
        #expect(
            readAnswer("HTTP/1.1 200 OK\r\nContent-Length: \(value)\r\n\r\n").fault
                == .contentLength)
    }

    @Test(
        "F3: a length is not repeated, not even the same",
        arguments: [("5", "5"), ("5", "6"), ("0", "0"), ("5", "")])
    func repeatedLength(_ first: String, _ second: String) {
        let text = request("Content-Length: \(first)", "content-length: \(second)")
        #expect(readRequest(text).fault == .contentLength)
    }

    @Test(
        "reads lengths up to 18 digits",
        arguments: [
            ("0", 0), ("00", 0), ("5", 5), ("0005", 5), (" 5 ", 5),
            ("999999999999999999", 999_999_999_999_999_999),
        ])
    func lengths(_ value: String, _ length: Int64) {
        let head = readRequest(request("Content-Length: \(value)")).head
        #expect(head?.framing == (length == 0 ? BodyFraming.none : .length(length)))
    }

    @Test(
        "F3: refuses every transfer coding but chunked",
        arguments: [
            "xchunked", "chunked, identity", "identity", "gzip, chunked", "chunked, chunked",
            "chunked;x",
            "\"chunked\"", "", "gzip", "chunked,", ",chunked", "chunked x", "chunke",
            "identity, chunked",
            "chunked\u{a0}", "chunked\t", "chunked \t ",
        ])
    func transferCodings(_ value: String) {
        #expect(readRequest(request("Transfer-Encoding: \(value)")).fault == .transferEncoding)
        #expect(
            readAnswer("HTTP/1.1 200 OK\r\nTransfer-Encoding: \(value)\r\n\r\n").fault
                == .transferEncoding)
    }

    @Test(
        "F3: a control byte before chunked is refused, and white space is no part of it",
        arguments: ["\u{b}chunked", "\u{c}chunked", "\u{0}chunked", "chunked\u{b}", "\rchunked"])
    func hiddenCoding(_ value: String) {
        #expect(
            readRequest(request("Transfer-Encoding: \(value)")).fault?.reasonCode == .badFraming)
        #expect(readRequest(request("Transfer-Encoding: \t chunked ")).head?.framing == .chunked)
        #expect(readRequest(request("TRANSFER-ENCODING:CHUNKED")).head?.framing == .chunked)
    }

    @Test("F3: the transfer coding is not repeated")
    func repeatedCoding() {
        for second in ["chunked", "identity", "x"] {
            let text = request("Transfer-Encoding: chunked", "Transfer-Encoding: \(second)")
            #expect(readRequest(text).fault == .transferEncoding)
        }
    }

    @Test("F3: length and transfer coding together are refused in either order")
    func bothLengths() {
        let fields = ["Content-Length: 5", "Transfer-Encoding: chunked"]
        #expect(readRequest(request(fields[0], fields[1])).fault == .bothLengths)
        #expect(readRequest(request(fields[1], fields[0])).fault == .bothLengths)
        #expect(readRequest(request("Content-Length: 0", fields[1])).fault == .bothLengths)
    }

    @Test("a framing field under another spelling is not one")
    func foldedFraming() {
        let head = readRequest(request("Content_Length: 5", "Transfer_Encoding: chunked")).head
        #expect(head?.framing == BodyFraming.none)
        #expect(
            head?.lines.dropFirst() == [
                "unclean Content_Length=5", "unclean Transfer_Encoding=chunked",
            ])
    }

    @Test(
        "H6: a client names no fields of the message in Connection",
        arguments: [
            "X-Auth-User", "close, X-Auth-User", "Host", "Host, Authorization", "Content-Length",
            "Transfer-Encoding", "x-gateway-assertion", "Cookie", "close,,cookie", "\"close\"",
            "close;x",
            "keep-alive Host", "upgrade, host", "X",
        ])
    func nominated(_ value: String) {
        #expect(readRequest(request("Connection: \(value)")).fault == .connectionField)
    }

    @Test(
        "the usual connection options pass",
        arguments: [
            "", ",", "close", "Keep-Alive", "keep-alive, Upgrade", "Upgrade, HTTP2-Settings", "TE",
            "Trailer", "proxy-connection", " , close ,, ",
        ])
    func connectionOptions(_ value: String) {
        #expect(readRequest(request("Connection: \(value)")).head != nil)
    }

    @Test("an upstream may name fields of its own")
    func upstreamNominates() {
        #expect(readAnswer("HTTP/1.1 200 OK\r\nConnection: X-Mine, close\r\n\r\n").head != nil)
    }

    @Test(
        "only 100-continue can be expected", arguments: ["", "100", "200-ok", "100-continue, x"])
    func expectation(_ value: String) {
        #expect(readRequest(request("Expect: \(value)")).fault == .expectation)
        #expect(readRequest(request("Expect: 100-Continue")).head != nil)
    }

    @Test("tells what the gateway needs to know")
    func facts() {
        var parser = RequestHeadParser()
        let bytes = wireBytes(
            request(
                "Authorization: Bearer a", "authorization: b", "Upgrade: h2c, WebSocket",
                "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https", "X-Forwarded-Host: a",
                "X-Forwarded-Host: b", "Expect: 100-continue"))
        guard
            case .head(let head) = parser.parse(
                bytes.span, names: requestNames, limits: usualLimits)
        else {
            Issue.record("the head is well-formed")
            return
        }
        let facts = head.facts
        #expect(facts.authorizationCount == 2)
        #expect(facts.upgradesToWebSocket)
        #expect(text(facts.forwardedFor, bytes) == "1.2.3.4")
        #expect(facts.forwardedProtoCount == 1 && facts.forwardedHostCount == 2)
        #expect(facts.expectsContinue)
    }

    @Test(
        "only websocket is an upgrade that the policy is asked about",
        arguments: [
            ("websocket", true), ("WebSocket", true), ("h2c, websocket", true),
            ("websocket,h2c", true),
            ("h2c", false), ("websocket/13", false), ("xwebsocket", false), ("", false),
        ])
    func upgrade(_ value: String, _ isWebSocket: Bool) {
        var parser = RequestHeadParser()
        let bytes = wireBytes(request("Upgrade: \(value)"))
        guard
            case .head(let head) = parser.parse(
                bytes.span, names: requestNames, limits: usualLimits)
        else {
            Issue.record("the head is well-formed")
            return
        }
        #expect(head.facts.upgradesToWebSocket == isWebSocket)
    }

    @Test("the fields of a WebSocket handshake are counted, in requests and in answers")
    func webSocket() {
        let lines = [
            "Connection: keep-alive, Upgrade", "Upgrade: h2c", "upgrade: WebSocket",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version: 13",
            "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: superchat",
            "Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Accept: x",
        ]
        func check(_ facts: FieldFacts, _ lines: [FieldLine], _ bytes: [UInt8]) {
            let fields = facts.webSocket
            #expect(facts.nominatesUpgrade && facts.upgradesToWebSocket)
            #expect(facts.upgrade.count == 2)
            #expect(text(facts.upgrade.value, bytes) == "WebSocket")
            #expect(fields.key.count == 1)
            #expect(text(fields.key.value, bytes) == "dGhlIHNhbXBsZSBub25jZQ==")
            #expect(fields.version.count == 1 && text(fields.version.value, bytes) == "13")
            #expect(fields.subprotocol.count == 2)
            #expect(text(fields.subprotocol.value, bytes) == "superchat")
            #expect(fields.extensions.count == 1)
            #expect(fields.accept.count == 1 && text(fields.accept.value, bytes) == "x")
            #expect(lines.count { $0.kind.isPassedOn } == 6)
        }
        let asked = wireBytes(request(lines))
        var requests = RequestHeadParser()
        if case .head(let head) = requests.parse(
            asked.span, names: requestNames, limits: usualLimits)
        {
            check(head.facts, requests.fields.lines, asked)
        } else {
            Issue.record("the request is well-formed")
        }
        let answered = wireBytes(
            "HTTP/1.1 101 Switching Protocols\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n")
        var answers = ResponseHeadParser()
        if case .head(let head) = answers.parse(
            answered.span, names: responseNames, limits: usualLimits)
        {
            check(head.facts, answers.fields.lines, answered)
        } else {
            Issue.record("the answer is well-formed")
        }
    }
}
