internal import Admission

package enum AccessLogFormat: String, Sendable, CaseIterable {
    case text
    case json
}

/// What one line of the access log says. No token, no claim that could be secret, no query: a query may
/// hold either.
struct ExchangeRecord {
    var startedAt: UInt64 = 0
    var method: StaticString = ""
    /// The received path, without its query; bytes that need it are escaped.
    var path: [UInt8] = []
    /// The SHA-256 of the policy that decided, in hexadecimal; empty where none was asked.
    var policy: [UInt8] = []
    var routeID: String?
    var status = 0
    var refusalCode = ""
    var detail = ""
    var token: TokenMark?
    var bytesOut: Int64 = 0
}

/// One line per exchange, collected per event loop and handed over in pieces, so that no request
/// waits for whoever reads the log.
final class AccessLog {
    typealias Sink = @Sendable ([UInt8]) -> Void

    private let format: AccessLogFormat
    private let sink: Sink
    private let loopIndex: Int
    private var sequence: Int64 = 0
    private var buffer: [UInt8] = []
    private var second: Int64 = 0
    private var timestamp: [UInt8] = []

    init(format: AccessLogFormat, loopIndex: Int, sink: @escaping Sink) {
        self.format = format
        self.loopIndex = loopIndex
        self.sink = sink
    }

    func record(_ record: ExchangeRecord, client: String) {
        sequence += 1
        let duration = (LoopClock.monotonicNanoseconds() &- record.startedAt) / 1000
        refreshTimestamp()
        var line = LogLine(format: format, timestamp: timestamp)
        line.add("request.id", text: "\(loopIndex)-\(sequence)")
        line.add("client.address", text: client)
        if record.method.utf8CodeUnitCount > 0 { line.add("method", text: "\(record.method)") }
        if !record.path.isEmpty { line.add("path", bytes: record.path) }
        if let routeID = record.routeID { line.add("route.id", text: routeID) }
        if !record.policy.isEmpty { line.add("policy.sha256", bytes: record.policy) }
        line.add("status", number: Int64(record.status))
        if !record.refusalCode.isEmpty { line.add("refusal.code", text: record.refusalCode) }
        if !record.detail.isEmpty { line.add("refusal.detail", text: record.detail) }
        if let token = record.token {
            line.add("token.hash", text: token.hash)
            if let tokenID = token.tokenID { line.add("token.jti", text: tokenID) }
        }
        line.add("bytes.out", number: record.bytesOut)
        line.add("duration.us", number: Int64(duration))
        buffer += line.finished()
        if buffer.count > Self.flushSize { flush() }
    }

    func flush() {
        guard !buffer.isEmpty else { return }
        sink(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private func refreshTimestamp() {
        let now = LoopClock.unixSeconds()
        guard now != second else { return }
        second = now
        timestamp = Array(LogTimestamp.text(unixSeconds: now).utf8)
    }

    private static let flushSize = 32 << 10
}

/// Writes one line; whatever the values hold, it stays one line.
struct LogLine {
    private let format: AccessLogFormat
    private var bytes: [UInt8] = []

    init(format: AccessLogFormat, timestamp: [UInt8]) {
        self.format = format
        bytes.reserveCapacity(256)
        switch format {
        case .text:
            bytes += timestamp
            bytes += " info exchange".utf8
        case .json:
            bytes += "{\"time\":\"".utf8
            bytes += timestamp
            bytes += "\",\"level\":\"info\",\"message\":\"exchange\"".utf8
        }
    }

    mutating func add(_ key: StaticString, text: String) { add(key, bytes: Array(text.utf8)) }

    mutating func add(_ key: StaticString, number: Int64) {
        open(key)
        bytes += String(number).utf8
    }

    mutating func add(_ key: StaticString, bytes value: [UInt8]) {
        open(key)
        let quotes = format == .json || !value.allSatisfy(Self.isPlain)
        if quotes { bytes.append(0x22) }
        for byte in value.prefix(Self.longestValue) {
            switch byte {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(byte)
            case 0x20..<0x7F:
                bytes.append(byte)
            default:
                bytes += "\\u00".utf8
                bytes.append(Self.hex[Int(byte >> 4)])
                bytes.append(Self.hex[Int(byte & 15)])
            }
        }
        if quotes { bytes.append(0x22) }
    }

    consuming func finished() -> [UInt8] {
        if format == .json { bytes.append(0x7D) }
        bytes.append(0x0A)
        return bytes
    }

    private mutating func open(_ key: StaticString) {
        bytes += (format == .json ? ",\"\(key)\":" : " \(key)=").utf8
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C && byte != 0x3D
    }

    private static let longestValue = 512
    private static let hex = Array("0123456789abcdef".utf8)
}
