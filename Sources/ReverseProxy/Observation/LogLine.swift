private import Admission

/// Writes a line of the access log; whatever the values hold, it stays one line.
///
/// Each request has one, so it is put together in place: no text is made only to be copied.
struct LogLine {
    private let format: AccessLogFormat

    init(_ format: AccessLogFormat) { self.format = format }

    /// `duration` is in microseconds.
    func write(
        _ record: borrowing ExchangeRecord, _ number: RequestNumber, timestamp: [UInt8],
        client: String, duration: Int64, to output: inout ByteWriter
    ) {
        begin(timestamp, in: &output)
        open("request.id", in: &output)
        if format == .json { output.append(Self.quote) }
        output.append(number: Int64(number.loop))
        output.append(UInt8(ascii: "-"))
        output.append(number: number.sequence)
        if format == .json { output.append(Self.quote) }
        add("client.address", text: client, to: &output)
        if record.method.utf8CodeUnitCount > 0 {
            add("method", text: record.method, to: &output)
        }
        if !record.path.isEmpty { add("path", bytes: record.path.span, to: &output) }
        if let routeID = record.routeID { add("route.id", text: routeID, to: &output) }
        if !record.policy.isEmpty { add("policy.sha256", bytes: record.policy.span, to: &output) }
        add("status", number: Int64(record.status), to: &output)
        if !record.refusalCode.isEmpty {
            add("refusal.code", text: record.refusalCode, to: &output)
        }
        if !record.detail.isEmpty { add("refusal.detail", text: record.detail, to: &output) }
        if let token = record.token {
            add("token.hash", text: token.hash, to: &output)
            if let tokenID = token.tokenID { add("token.jti", text: tokenID, to: &output) }
        }
        add("bytes.out", number: record.bytesOut, to: &output)
        add("duration.us", number: duration, to: &output)
        end(&output)
    }

    func begin(_ timestamp: [UInt8], in output: inout ByteWriter) {
        switch format {
        case .text:
            output.append(timestamp)
            output.append(" info exchange")
        case .json:
            output.append("{\"time\":\"")
            output.append(timestamp)
            output.append("\",\"level\":\"info\",\"message\":\"exchange\"")
        }
    }

    func add(_ key: StaticString, text: String, to output: inout ByteWriter) {
        add(key, bytes: text.utf8.span, to: &output)
    }

    func add(_ key: StaticString, text: StaticString, to output: inout ByteWriter) {
        let bytes = unsafe Span(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount)
        add(key, bytes: bytes, to: &output)
    }

    /// `number` is not negative.
    func add(_ key: StaticString, number: Int64, to output: inout ByteWriter) {
        open(key, in: &output)
        output.append(number: number)
    }

    func add(_ key: StaticString, bytes value: Span<UInt8>, to output: inout ByteWriter) {
        open(key, in: &output)
        let plain = Self.plainBytes(value)
        let quotes = format == .json || plain < value.count
        if quotes { output.append(Self.quote) }
        let shown = value.extracting(first: Self.longestValue)
        if plain >= shown.count {
            output.append(shown)
        } else {
            appendEscaped(shown, to: &output)
        }
        if quotes { output.append(Self.quote) }
    }

    func end(_ output: inout ByteWriter) {
        if format == .json { output.append(UInt8(ascii: "}")) }
        output.append(lineFeed)
    }

    private func open(_ key: StaticString, in output: inout ByteWriter) {
        switch format {
        case .text:
            output.append(UInt8(ascii: " "))
            output.append(key)
            output.append(UInt8(ascii: "="))
        case .json:
            output.append(",\"")
            output.append(key)
            output.append("\":")
        }
    }

    private func appendEscaped(_ value: Span<UInt8>, to output: inout ByteWriter) {
        for index in value.indices {
            let byte = value[index]
            switch byte {
            case Self.quote, Self.backslash:
                output.append(Self.backslash)
                output.append(byte)
            case 0x20..<0x7F:
                output.append(byte)
            default:
                output.append("\\u00")
                output.append(Self.digit(byte >> 4))
                output.append(Self.digit(byte & 15))
            }
        }
    }

    /// How many bytes at the front need neither quotes nor escapes.
    private static func plainBytes(_ value: Span<UInt8>) -> Int {
        var index = 0
        while index < value.count, isPlain(value[index]) { index &+= 1 }
        return index
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != quote && byte != backslash && byte != 0x3D
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 &+ value : 0x57 &+ value
    }

    private static let longestValue = 512
    private static let quote: UInt8 = 0x22
    private static let backslash: UInt8 = 0x5C
}
