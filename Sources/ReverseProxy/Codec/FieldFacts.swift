/// What the field lines say that framing and the connection depend on.
struct FieldFacts {
    var contentLength: Int64?
    var isChunked = false
    var hasTransferEncoding = false
    var wantsClose = false
    var wantsKeepAlive = false
    var host = ByteRange()
    var hostCount = 0
    var authorization = ByteRange()
    var authorizationCount = 0
    var origin = ByteRange()
    var originCount = 0
    var requestedMethod = ByteRange()
    var requestedMethodCount = 0
    var requestedHeaders = ByteRange()
    var requestedHeadersCount = 0
    var expectsContinue = false
    var upgradesToWebSocket = false
    /// The last `Upgrade` line, and how many there are.
    var upgrade = SeenField()
    /// Whether `Connection` has the option `upgrade` (RFC 9110 § 7.8).
    var nominatesUpgrade = false
    var webSocket = WebSocketFields()
    var forwardedFor = ByteRange()
    var forwardedForCount = 0
    var forwardedProto = ByteRange()
    var forwardedProtoCount = 0
    var forwardedHost = ByteRange()
    var forwardedHostCount = 0
}

/// A field that is read: the value of its last line, and how many lines there are.
struct SeenField {
    private(set) var value = ByteRange()
    private(set) var count: UInt32 = 0

    mutating func note(_ value: ByteRange) {
        self.value = value
        count &+= 1
    }
}

/// The fields of a WebSocket handshake (RFC 6455 §§ 4.1, 4.2.2, 11.3), not judged yet.
struct WebSocketFields {
    var key = SeenField()
    var version = SeenField()
    var accept = SeenField()
    var subprotocol = SeenField()
    var extensions = SeenField()
}
