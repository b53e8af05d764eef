/// Why a message's bytes cannot be read. The detail goes to the log, never to the client.
enum FramingFault: String, Error, Sendable, Equatable {
    case requestLine = "malformed request line"
    case version = "unsupported HTTP version"
    case statusLine = "malformed status line"
    case lineEnd = "line not ended by CR LF"
    case fieldName = "malformed field name"
    case fieldValue = "control byte in a field value"
    case obsoleteFold = "folded field line"
    case contentLength = "malformed or repeated content-length"
    case transferEncoding = "transfer-encoding other than chunked"
    case bothLengths = "content-length together with transfer-encoding"
    case hostField = "missing, repeated or malformed host"
    case connectionField = "connection names an end-to-end field"
    case expectation = "unknown expectation"
    case chunk = "malformed chunk"
    case trailer = "framing in a trailer"
    case headTooLarge = "head too large"
    case targetTooLong = "request target too long"
    case truncated = "connection closed inside a message"
}

/// How the end of a body is found (RFC 9112 § 6.3).
enum BodyFraming: Equatable, Sendable {
    case none
    case length(Int64)
    case chunked
    /// Until the connection closes; answers only.
    case untilClose
}

/// One field line of a head, as ranges over the head's bytes.
struct FieldLine {
    let name: ByteRange
    let value: ByteRange
    /// Behind the line's CR LF.
    let end: Int
    let kind: FieldKind
    /// Written exactly as the gateway writes it, `Name: value` CR LF, so that it can be copied with its neighbours.
    let isNormal: Bool
}

/// Bounds of a head.
struct HeadLimits: Sendable, Equatable {
    /// Bytes, with the first line and the last CR LF.
    var head: Int
    var fields: Int
    /// Bytes of a request target.
    var target: Int
}
