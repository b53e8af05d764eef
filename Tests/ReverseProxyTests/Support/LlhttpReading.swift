import NIOCore
import NIOEmbedded
import NIOHTTP1

/// What llhttp, as NIOHTTP1 has it, reads from one side of a connection.
struct LlhttpReading {
    struct Message: Equatable {
        /// `GET /a 1.1`, or `200 1.1`.
        var start: String
        /// `name: value`
        var fields: [String]
        var body: [UInt8] = []
        /// `name: value`
        var trailer: [String] = []
        var isComplete = false
    }

    private(set) var messages: [Message] = []
    private(set) var error: String?

    static func requests(_ bytes: [UInt8]) -> LlhttpReading {
        var reading = LlhttpReading()
        let channel = EmbeddedChannel(
            handler: ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
        reading.feed(bytes, channel)
        while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head):
                reading.begin(
                    "\(head.method.rawValue) \(head.uri) \(head.version)", head.headers)
            case .body(let buffer): reading.append(buffer)
            case .end(let trailer): reading.complete(trailer)
            }
        }
        return reading
    }

    /// `toHead`: the answers are to `HEAD`.
    static func answers(_ bytes: [UInt8], toHead: Bool) -> LlhttpReading {
        var reading = LlhttpReading()
        let channel = EmbeddedChannel()
        let decoder = ByteToMessageHandler(
            HTTPResponseDecoder(
                leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward))
        let asked = HTTPRequestHead(version: .http1_1, method: toHead ? .HEAD : .GET, uri: "/")
        do {
            try channel.pipeline.syncOperations.addHandlers([HTTPRequestEncoder(), decoder])
            // It refuses answers that nobody asked for.
            for _ in 0..<8 {
                try channel.writeOutbound(HTTPClientRequestPart.head(asked))
                try channel.writeOutbound(HTTPClientRequestPart.end(nil))
            }
        } catch {
            reading.error = "not asked: \(error)"
        }
        reading.feed(bytes, channel)
        while let part = try? channel.readInbound(as: HTTPClientResponsePart.self) {
            switch part {
            case .head(let head):
                reading.begin("\(head.status.code) \(head.version)", head.headers)
            case .body(let buffer): reading.append(buffer)
            case .end(let trailer): reading.complete(trailer)
            }
        }
        return reading
    }

    private mutating func feed(_ bytes: [UInt8], _ channel: EmbeddedChannel) {
        do {
            try channel.writeInbound(ByteBuffer(bytes: bytes))
        } catch {
            self.error = "\(error)"
        }
        // The connection ends, and with it a body that has no other end.
        channel.pipeline.fireChannelInactive()
        do {
            try channel.throwIfErrorCaught()
        } catch {
            self.error = self.error ?? "\(error)"
        }
    }

    private mutating func begin(_ start: String, _ fields: HTTPHeaders) {
        var message = Message(start: start, fields: Self.lines(fields))
        // An informational answer is its head; no end is told.
        message.isComplete = start.hasPrefix("1")
        messages.append(message)
    }

    /// Blanks behind a value are no part of it (RFC 9112 § 5.1), but llhttp leaves them.
    private static func lines(_ fields: HTTPHeaders) -> [String] {
        fields.map { field in
            var value = field.value.unicodeScalars
            while value.last == " " || value.last == "\t" { value.removeLast() }
            return "\(field.name): \(String(value))"
        }
    }

    private mutating func append(_ buffer: ByteBuffer) {
        guard !messages.isEmpty else { return }
        messages[messages.count - 1].body += Array(buffer.readableBytesView)
    }

    private mutating func complete(_ trailer: HTTPHeaders?) {
        guard !messages.isEmpty else { return }
        messages[messages.count - 1].trailer = trailer.map(Self.lines) ?? []
        messages[messages.count - 1].isComplete = true
    }
}
