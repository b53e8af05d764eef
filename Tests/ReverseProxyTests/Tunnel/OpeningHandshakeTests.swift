import Admission
import TestSupport
import Testing

@testable import ReverseProxy

private let soundFields = [
    "Host: app.test", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
]
private let agreement = [
    "Upgrade: websocket", "Connection: Upgrade",
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
]

@Suite("OpeningHandshake")
struct OpeningHandshakeTests {
    private enum Reading: Equatable {
        case sound(subprotocols: [String], extensions: [String])
        case fault(HandshakeFault)
        case noHead
    }

    private func handshake(
        _ fields: [String], version: Int = 1
    ) throws(HandshakeFault) -> OpeningHandshake? {
        let bytes = wireBytes(
            (["GET /ws HTTP/1.\(version)"] + fields).map { $0 + "\r\n" }.joined() + "\r\n")
        var parser = RequestHeadParser()
        guard
            case .head(let head) = parser.parse(
                bytes.span, names: requestNames, limits: usualLimits)
        else { return nil }
        return try OpeningHandshake(head, parser.fields.lines, bytes.span)
    }

    private func read(_ fields: [String], version: Int = 1) -> Reading {
        do throws(HandshakeFault) {
            guard let handshake = try handshake(fields, version: version) else { return .noHead }
            return .sound(
                subprotocols: handshake.subprotocols.map { latin1($0) },
                extensions: handshake.extensions.map { latin1($0) })
        } catch {
            return .fault(error)
        }
    }

    /// What a 101 with these fields comes to: whether there are extensions, or why it opens nothing.
    private func answer(
        _ fields: [String], to offers: [String] = [], version: Int = 1
    ) throws -> Result<Bool, HandshakeAnswerFault> {
        let handshake = try #require(try handshake(soundFields + offers))
        let bytes = wireBytes(
            (["HTTP/1.\(version) 101 Switching Protocols"] + fields).map { $0 + "\r\n" }.joined()
                + "\r\n")
        var parser = ResponseHeadParser()
        guard
            case .head(let head) = parser.parse(
                bytes.span, names: responseNames, limits: usualLimits)
        else { throw HandshakeAnswerFault.unasked }
        let lines = parser.fields.lines
        return Result { () throws(HandshakeAnswerFault) in
            try handshake.check(head, lines, bytes.span)
        }
    }

    @Test("W2: the forms that browsers use are sound, whatever the case of their letters")
    func sound() {
        let plain = Reading.sound(subprotocols: [], extensions: [])
        #expect(read(soundFields) == plain)
        var firefox = soundFields
        firefox[1] = "connection: keep-alive, UPGRADE"
        firefox[2] = "upgrade: WebSocket"
        #expect(read(firefox) == plain)
        #expect(read(soundFields + ["Origin: http://app.test"]) == plain)
    }

    @Test("offers are read from lists and from several lines, without their parameters")
    func offers() {
        let fields = [
            "Sec-WebSocket-Protocol: chat ,superchat", "sec-websocket-protocol: v1",
            "Sec-WebSocket-Extensions: permessage-deflate ; client_max_window_bits, x-a",
            "Sec-WebSocket-Extensions: x-b;c=\"d\"",
        ]
        #expect(
            read(soundFields + fields)
                == .sound(
                    subprotocols: ["chat", "superchat", "v1"],
                    extensions: ["permessage-deflate", "x-a", "x-b"]))
    }

    @Test(
        "W2: without one of its fields a handshake is none",
        arguments: [
            (1, HandshakeFault.connection), (2, .upgrade), (3, .protocolVersion), (4, .key),
        ])
    func missing(index: Int, fault: HandshakeFault) {
        var fields = soundFields
        fields.remove(at: index)
        #expect(read(fields) == .fault(fault))
    }

    @Test(
        "W2: with a second of its fields a handshake is none",
        arguments: [
            ("Upgrade: websocket", HandshakeFault.upgrade), ("Upgrade: h2c", .upgrade),
            ("Sec-WebSocket-Version: 13", .protocolVersion),
            ("Sec-WebSocket-Version: 8", .protocolVersion),
            ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", .key),
            ("Origin: http://app.test\r\nOrigin: http://app.test", .origin),
            ("Origin:", .origin), ("Content-Length: 3", .body),
            ("Transfer-Encoding: chunked", .body),
        ])
    func repeated(field: String, fault: HandshakeFault) {
        #expect(read(soundFields + [field]) == .fault(fault))
    }

    @Test(
        "W2: a field with another value makes it none",
        arguments: [
            (2, "Upgrade: websocket, foo", HandshakeFault.upgrade), (2, "Upgrade: foo", .upgrade),
            (2, "Upgrade: websocket/13", .upgrade), (1, "Connection: close", .connection),
            (3, "Sec-WebSocket-Version: 12", .otherProtocolVersion),
            (3, "Sec-WebSocket-Version: 13, 8", .otherProtocolVersion),
            (4, "Sec-WebSocket-Key: short", .key), (4, "Sec-WebSocket-Key:", .key),
        ])
    func otherValue(index: Int, field: String, fault: HandshakeFault) {
        var fields = soundFields
        fields[index] = field
        #expect(read(fields) == .fault(fault))
    }

    @Test("HTTP/1.0 has no upgrade")
    func oldVersion() { #expect(read(soundFields, version: 0) == .fault(.version)) }

    @Test("W6: only another version than 13 is told which is spoken")
    func reasonCodes() {
        #expect(HandshakeFault.otherProtocolVersion.reasonCode == .handshakeVersion)
        #expect(HandshakeFault.protocolVersion.reasonCode == .badHandshake)
        #expect(HandshakeFault.key.reasonCode == .badHandshake)
    }

    @Test("W6: an answer that fits opens the tunnel, and tells whether there are extensions")
    func agreements() throws {
        #expect(try answer(agreement) == .success(false))
        let offers = [
            "Sec-WebSocket-Protocol: chat, v1",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        ]
        let chosen = agreement + ["Sec-WebSocket-Protocol: v1"]
        #expect(try answer(chosen, to: offers) == .success(false))
        let compressed =
            chosen + [
                "Sec-WebSocket-Extensions: permessage-deflate;server_no_context_takeover"
            ]
        #expect(try answer(compressed, to: offers) == .success(true))
    }

    @Test(
        "W6: an answer that does not fit opens none",
        arguments: [
            (["Sec-WebSocket-Protocol: chat"], HandshakeAnswerFault.subprotocol),
            (["Sec-WebSocket-Protocol: V1"], .subprotocol),
            (["Sec-WebSocket-Protocol: v1", "Sec-WebSocket-Protocol: v1"], .subprotocol),
            (["Sec-WebSocket-Protocol: v1, v2"], .subprotocol),
            (["Sec-WebSocket-Extensions: x"], .extensions),
            (["Sec-WebSocket-Extensions: deflate, x"], .extensions),
            (["Content-Length: 1"], .body), (["Transfer-Encoding: chunked"], .body),
            (["Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="], .accept),
            (["Upgrade: websocket"], .upgrade),
        ])
    func disagreements(fields: [String], fault: HandshakeAnswerFault) throws {
        let offers = ["Sec-WebSocket-Protocol: v1, v2", "Sec-WebSocket-Extensions: deflate"]
        #expect(try answer(agreement + fields, to: offers) == .failure(fault))
    }

    @Test(
        "W6: without one of its fields an answer opens none",
        arguments: [
            (0, HandshakeAnswerFault.upgrade), (1, .upgrade), (2, .accept),
        ])
    func incomplete(index: Int, fault: HandshakeAnswerFault) throws {
        var fields = agreement
        fields.remove(at: index)
        #expect(try answer(fields) == .failure(fault))
    }
}
