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
    private var buffer = ByteWriter()
    private var second: Int64 = 0
    private var timestamp: [UInt8] = []

    init(format: AccessLogFormat, loopIndex: Int, sink: @escaping Sink) {
        self.format = format
        self.loopIndex = loopIndex
        self.sink = sink
    }

    func record(_ record: borrowing ExchangeRecord, client: String) {
        sequence += 1
        let duration = (LoopClock.monotonicNanoseconds() &- record.startedAt) / 1000
        refreshTimestamp()
        let number = RequestNumber(loop: loopIndex, sequence: sequence)
        LogLine(format).write(
            record, number, timestamp: timestamp, client: client, duration: Int64(duration),
            to: &buffer)
        if buffer.count > Self.flushSize { flush() }
    }

    func flush() {
        guard buffer.count > 0 else { return }
        sink(buffer.bytes)
        buffer.clear()
    }

    private func refreshTimestamp() {
        let now = LoopClock.unixSeconds()
        guard now != second else { return }
        second = now
        timestamp = Array(LogTimestamp.text(unixSeconds: now).utf8)
    }

    private static let flushSize = 32 << 10
}

/// Unique among the requests of a process.
struct RequestNumber {
    let loop: Int
    let sequence: Int64
}
