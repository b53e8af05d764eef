import NIOCore
import NIOHTTP1

/// One connection: collects a request, asks the app, sends the answer. Bound to one event loop.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        /// A head has come; its body (up to `largestBody` bytes of it) is coming.
        case receiving(HTTPRequestHead, body: [UInt8], isTooLarge: Bool)
        case sending(Sender)
    }

    /// What is left to send of an answer that is longer than one write.
    private enum Sender {
        case file(SimulatedFile, keepAlive: Bool)
        case events(LiveFeed, keepAlive: Bool)
    }

    private static let largestBody = 16 * 1024

    private let app: WeatherApp
    private var state = State.idle
    /// True while pieces of a file are being written, which may call back into this handler.
    private var isPumping = false
    private var nextEvent: Scheduled<Void>?

    init(_ app: WeatherApp) {
        self.app = app
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .idle):
            state = .receiving(head, body: [], isTooLarge: false)
            if head.headers[canonicalForm: "expect"].contains("100-continue") {
                let interim = HTTPResponseHead(version: head.version, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
            }
        case (.body(let part), .receiving(let head, var body, var isTooLarge)):
            // Copied out before it grows: the state holds the other reference.
            state = .idle
            if body.count + part.readableBytes <= Self.largestBody {
                body += part.readableBytesView
            } else {
                isTooLarge = true
            }
            state = .receiving(head, body: body, isTooLarge: isTooLarge)
        case (.end, .receiving(let head, let body, let isTooLarge)):
            respond(to: head, body: body, isTooLarge: isTooLarge, context: context)
        default:
            context.close(promise: nil)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .sending(.file) = state { pump(context: context) }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopSending()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopSending()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        stopSending()
        context.close(promise: nil)
    }

    private func stopSending() {
        nextEvent?.cancel()
        nextEvent = nil
        state = .idle
    }

    private func respond(
        to head: HTTPRequestHead, body: [UInt8], isTooLarge: Bool, context: ChannelHandlerContext
    ) {
        let answer =
            isTooLarge
            ? Answer.failure(413, "too_large", "a body may have \(Self.largestBody) bytes")
            : app.answer(Request(head, body: body))
        var keepAlive = head.isKeepAlive && !isTooLarge
        var response = HTTPResponseHead(
            version: head.version, status: HTTPResponseStatus(statusCode: answer.status))
        for (name, value) in answer.headers { response.headers.add(name: name, value: value) }
        switch answer.body {
        case .bytes(let bytes):
            response.headers.add(name: "Content-Length", value: "\(bytes.count)")
        case .file(let file):
            response.headers.add(name: "Content-Length", value: "\(file.length)")
        case .events:
            // Without chunks, an answer of unknown length ends with the connection.
            if head.version.minor == 0 { keepAlive = false }
        }
        if !keepAlive {
            response.headers.add(name: "Connection", value: "close")
        } else if head.version.minor == 0 {
            response.headers.add(name: "Connection", value: "keep-alive")
        }
        context.write(wrapOutboundOut(.head(response)), promise: nil)

        if head.method == .HEAD {
            finish(keepAlive: keepAlive, context: context)
            return
        }
        switch answer.body {
        case .bytes(let bytes):
            let buffer = context.channel.allocator.buffer(bytes: bytes)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
            finish(keepAlive: keepAlive, context: context)
        case .file(let file):
            state = .sending(.file(file, keepAlive: keepAlive))
            pump(context: context)
        case .events(let feed):
            state = .sending(.events(feed, keepAlive: keepAlive))
            sendEvent(context: context)
        }
    }

    private func finish(keepAlive: Bool, context: ChannelHandlerContext) {
        state = .idle
        guard !keepAlive else {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            return
        }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }

    /// Writes pieces for as long as the client takes them, and lets others have the loop between.
    private func pump(context: ChannelHandlerContext) {
        guard !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        var pieces = 0
        while case .sending(.file(var file, let keepAlive)) = state, context.channel.isWritable {
            guard pieces < 32 else {
                context.eventLoop.assumeIsolated().execute {
                    // The client may have left in between; then there is nothing to send.
                    if case .sending(.file) = self.state { self.pump(context: context) }
                }
                return
            }
            pieces += 1
            let piece = file.next()
            state = .sending(.file(file, keepAlive: keepAlive))
            if let piece {
                let buffer = context.channel.allocator.buffer(bytes: piece)
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
            } else {
                finish(keepAlive: keepAlive, context: context)
            }
        }
    }

    private func sendEvent(context: ChannelHandlerContext) {
        guard case .sending(.events(var feed, let keepAlive)) = state else { return }
        // A client that reads too slowly misses events; they are not kept for it.
        if context.channel.isWritable {
            let event = feed.next(now: unixMilliseconds())
            state = .sending(.events(feed, keepAlive: keepAlive))
            guard let event else {
                finish(keepAlive: keepAlive, context: context)
                return
            }
            let buffer = context.channel.allocator.buffer(string: event)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        // The write may have found that the client is gone.
        guard case .sending(.events) = state else { return }
        nextEvent = context.eventLoop.assumeIsolated().scheduleTask(
            in: .milliseconds(Int64(feed.interval))
        ) {
            self.sendEvent(context: context)
        }
    }
}

extension Request {
    /// What the app needs of a request's head.
    fileprivate init(_ head: HTTPRequestHead, body: [UInt8]) {
        self.init(method: head.method.rawValue, target: head.uri)
        user = head.headers.first(name: "X-Auth-User").flatMap { $0.isEmpty ? nil : $0 }
        roles = head.headers[canonicalForm: "X-Auth-Roles"].map(String.init)
            .filter { !$0.isEmpty }
        contentType = head.headers.first(name: "Content-Type")
        acceptsHTML = head.headers[canonicalForm: "Accept"].contains { $0.hasPrefix("text/html") }
        self.body = body
    }
}
