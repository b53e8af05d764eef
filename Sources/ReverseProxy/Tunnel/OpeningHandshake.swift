internal import Admission

/// Why a handshake is none. The detail goes to the log, never to the client.
enum HandshakeFault: String, Error, Equatable {
    case version = "handshake not by HTTP/1.1"
    case connection = "connection does not name upgrade"
    case upgrade = "upgrade is not the one word websocket"
    case body = "handshake with a body"
    case origin = "origin is empty, or there more than once"
    case key = "sec-websocket-key is not once 16 bytes in base64"
    case protocolVersion = "sec-websocket-version is missing or repeated"
    case otherProtocolVersion = "sec-websocket-version is not 13"

    var reasonCode: ReasonCode {
        self == .otherProtocolVersion ? .handshakeVersion : .badHandshake
    }
}

/// A client's opening handshake (RFC 6455 § 4.2.1), found sound: what the app's answer has to fit.
struct OpeningHandshake {
    /// The client's key.
    let key: [UInt8]
    /// The subprotocols that it would speak.
    let subprotocols: [[UInt8]]
    /// The names of the extensions that it offers.
    let extensions: [[UInt8]]

    /// Checks the head of a GET request, whose lines are in `bytes`.
    init(
        _ head: RequestHead, _ lines: [FieldLine], _ bytes: Span<UInt8>
    ) throws(HandshakeFault) {
        let facts = head.facts
        guard head.minorVersion == 1 else { throw .version }
        guard facts.nominatesUpgrade else { throw .connection }
        guard facts.upgrade.count == 1, bytes.spells("websocket", in: facts.upgrade.value) else {
            throw .upgrade
        }
        guard head.framing == .none else { throw .body }
        // An empty one is nobody's: not that of a page, and not the absence of one.
        guard facts.originCount == 0 || facts.originCount == 1 && !facts.origin.isEmpty else {
            throw .origin
        }
        let fields = facts.webSocket
        guard fields.version.count == 1 else { throw .protocolVersion }
        guard bytes.spells("13", in: fields.version.value) else { throw .otherProtocolVersion }
        let keyRange = fields.key.value
        guard fields.key.count == 1, HandshakeKey.isSound(bytes.extracting(keyRange.range)) else {
            throw .key
        }
        key = bytes.copy(keyRange)
        subprotocols = bytes.elements(of: lines, .webSocketProtocol)
        extensions = bytes.elements(of: lines, .webSocketExtensions).map(Self.extensionName)
    }

    /// What stands before the parameters.
    static func extensionName(_ element: [UInt8]) -> [UInt8] {
        var name = element.prefix { $0 != 0x3B }
        while let last = name.last, isBlank(last) { name.removeLast() }
        return Array(name)
    }
}

extension Span<UInt8> {
    func copy(_ range: ByteRange) -> [UInt8] {
        unsafe extracting(range.range).withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// The elements of a comma-separated list (RFC 9110 § 5.6.1) that may be spread over several lines,
    /// without the blanks around them.
    func elements(of lines: [FieldLine], _ kind: FieldKind) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        for line in lines where line.kind == kind {
            for part in copy(line.value).split(separator: 0x2C) {
                var part = part.drop(while: isBlank)
                while let last = part.last, isBlank(last) { part.removeLast() }
                if !part.isEmpty { elements.append(Array(part)) }
            }
        }
        return elements
    }
}
