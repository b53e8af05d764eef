/// Why an app's 101 opens no tunnel.
enum HandshakeAnswerFault: String, Error, Equatable {
    case unasked = "101 that was not asked for"
    case version = "101 not by HTTP/1.1"
    case upgrade = "101 without upgrade to websocket"
    case body = "101 with a body"
    case accept = "101 with a wrong sec-websocket-accept"
    case subprotocol = "101 with a subprotocol that was not offered"
    case extensions = "101 with an extension that was not offered"
}

extension OpeningHandshake {
    /// Checks the head of the app's 101 (RFC 6455 § 4.1, the client's half): who answers like that has read
    /// this very handshake, and means to speak WebSocket.
    ///
    /// - Returns: whether extensions are agreed on.
    func check(
        _ head: ResponseHead, _ lines: [FieldLine], _ bytes: Span<UInt8>
    ) throws(HandshakeAnswerFault) -> Bool {
        let facts = head.facts
        guard head.minorVersion == 1 else { throw .version }
        guard facts.nominatesUpgrade, facts.upgrade.count == 1,
            bytes.spells("websocket", in: facts.upgrade.value)
        else { throw .upgrade }
        guard !facts.hasTransferEncoding, facts.contentLength ?? 0 == 0 else { throw .body }
        let fields = facts.webSocket
        guard fields.accept.count == 1, let expected = HandshakeKey.accept(key.span),
            bytes.copy(fields.accept.value) == expected
        else { throw .accept }
        if fields.subprotocol.count > 0 {
            guard fields.subprotocol.count == 1,
                subprotocols.contains(bytes.copy(fields.subprotocol.value))
            else { throw .subprotocol }
        }
        let agreed = bytes.elements(of: lines, .webSocketExtensions).map(Self.extensionName)
        guard agreed.allSatisfy(extensions.contains) else { throw .extensions }
        return !agreed.isEmpty
    }
}
