import Foundation

/// A small HTTP/1.1 server that records the raw bytes it receives and answers as the test says.
///
/// It runs on threads of its own: one that accepts and one per connection. Its reading is strict,
/// so that a malformed request from the gate is noticed (`faults`).
package final class EchoUpstream: Sendable {
    package let port: UInt16

    private struct State {
        var listener: Socket?
        var connections: [Int: Socket] = [:]
        var connectionCount = 0
        var receivedHeads = 0
        var requests: [RecordedRequest] = []
        var faults: [String] = []
        var answers: [String: UpstreamAnswer] = [:]
        var usualAnswer = UpstreamAnswer.echo
    }
    private let state = Locked(State())

    /// Starts to listen on a free port of 127.0.0.1.
    package init() throws {
        let listener = try Socket.listen()
        port = listener.localPort
        start(listener)
    }

    /// Starts to listen on a socket of the caller's; `restart` is not for these.
    package init(_ listener: Socket) {
        port = 0
        start(listener)
    }

    deinit { stop() }

    /// All requests so far, in the order in which they were complete.
    package var requests: [RecordedRequest] { state.withLock { $0.requests } }

    /// How many requests have begun to arrive, complete or not, for any path.
    package var hits: Int { state.withLock { $0.receivedHeads } }

    /// How many connections were ever accepted.
    package var connectionCount: Int { state.withLock { $0.connectionCount } }

    /// How many connections are open now.
    package var openConnections: Int { state.withLock { $0.connections.count } }

    /// Requests that could not be read as HTTP/1.1, described.
    package var faults: [String] { state.withLock { $0.faults } }

    /// The requests whose path was exactly this, in order.
    package func requests(path: String) -> [RecordedRequest] {
        requests.filter { $0.path == path }
    }

    /// How many complete requests came for a path.
    package func hits(path: String) -> Int { requests(path: path).count }

    /// From now on requests for this exact path are answered like this.
    package func script(_ path: String, _ answer: UpstreamAnswer) {
        state.withLock { $0.answers[path] = answer }
    }

    /// From now on requests for all other paths are answered like this.
    package func answerAll(_ answer: UpstreamAnswer) {
        state.withLock { $0.usualAnswer = answer }
    }

    /// Forgets the requests so far, and returns them.
    package func takeRequests() -> [RecordedRequest] {
        state.withLock { state in
            defer { state.requests.removeAll(keepingCapacity: true) }
            return state.requests
        }
    }

    /// Dies as a killed process does: no longer listens, and every connection is cut.
    package func stop() {
        let sockets = state.withLock { state in
            defer { state.listener = nil }
            return [state.listener].compactMap { $0 } + state.connections.values
        }
        for socket in sockets { socket.disconnect() }
        _ = Deadline.after(.seconds(5)).waits { openConnections == 0 }
    }

    /// Cuts the open connections and goes on listening.
    package func dropConnections() {
        for socket in state.withLock({ Array($0.connections.values) }) { socket.disconnect() }
        _ = Deadline.after(.seconds(5)).waits { openConnections == 0 }
    }

    /// Comes back on the same port after `stop`.
    package func restart() throws {
        start(try Socket.listen(on: port))
    }

    private func start(_ listener: Socket) {
        state.withLock { $0.listener = listener }
        Thread.detachNewThread { [weak self] in
            while let connection = listener.accept() {
                guard let self else { return }
                let number = self.state.withLock { state in
                    state.connectionCount += 1
                    state.connections[state.connectionCount] = connection
                    return state.connectionCount
                }
                Thread.detachNewThread {
                    self.serve(connection, number: number)
                    connection.disconnect()
                    _ = self.state.withLock { $0.connections.removeValue(forKey: number) }
                }
            }
        }
    }

    private func serve(_ socket: Socket, number: Int) {
        var input = ByteInput(socket: socket)
        do {
            while let request = try nextRequest(from: &input, socket: socket, number: number) {
                let (answer, hit) = state.withLock { state in
                    state.requests.append(request)
                    return (state.answers[request.path] ?? state.usualAnswer, state.requests.count)
                }
                guard try reply(to: request, with: answer, hit: hit, on: socket, input: &input)
                else { return }
            }
        } catch let error as WireError {
            state.withLock { $0.faults.append(error.description) }
        } catch {
            // The gate closed the connection, or the test stopped the upstream.
        }
    }

    private func nextRequest(
        from input: inout ByteInput, socket: Socket, number: Int
    ) throws -> RecordedRequest? {
        // A kept connection may be idle for as long as the whole test run.
        let forever = Deadline.after(.seconds(3_600))
        guard let line = try input.line(by: forever) else { return nil }
        state.withLock { $0.receivedHeads += 1 }
        var request = RecordedRequest(
            connection: number, requestLine: latin1(line),
            headerLines: try fieldLines(from: &input, by: forever))
        if case .early(let bytes) = state.withLock({ $0.answers[request.path] }) {
            try socket.send(wireBytes(bytes), by: .after(.seconds(10)))
            return request
        }
        if case .deaf = state.withLock({ $0.answers[request.path] }) { return request }
        if request.values("transfer-encoding") == ["chunked"] {
            let chunked = try ChunkedBody(from: &input, by: forever)
            request.body = chunked.content
            request.rawBody = chunked.raw
            request.trailerLines = chunked.trailerLines
        } else if let text = request.values("content-length").first {
            guard let length = Int(text) else { throw WireError("content-length \(text)") }
            request.body = try input.bytes(length, by: forever)
            request.rawBody = request.body
        }
        return request
    }

    /// Returns whether the connection is kept.
    private func reply(
        to request: RecordedRequest, with answer: UpstreamAnswer, hit: Int, on socket: Socket,
        input: inout ByteInput
    ) throws -> Bool {
        let limit = Duration.seconds(30)
        switch answer {
        case .echo, .echoThenClose:
            let document = request.echoDocument(hit: hit)
            let head =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                + "content-length: \(document.utf8.count)\r\n\r\n"
            let body = request.method == "HEAD" ? "" : document
            try socket.send(wireBytes(head + body), by: .after(limit))
            if case .echoThenClose = answer { return false }
            return true
        case .bytes(let bytes, let thenClose):
            try socket.send(wireBytes(bytes), by: .after(limit))
            return !thenClose
        case .paced(let parts, let pause, let thenClose):
            for (index, part) in parts.enumerated() {
                if index > 0 {
                    Thread.sleep(forTimeInterval: pause / .seconds(1))
                }
                try socket.send(wireBytes(part), by: .after(limit))
            }
            return !thenClose
        case .mirror(let bytes), .mirrorThen(let bytes, last: _):
            try socket.send(wireBytes(bytes), by: .after(limit))
            while let more = try input.available(by: .after(.seconds(600))) {
                try socket.send(more, by: .after(limit))
            }
            if case .mirrorThen(_, let last) = answer {
                try socket.send(wireBytes(last), by: .after(limit))
            }
            return false
        case .silence:
            while try input.available(by: .after(.seconds(600))) != nil {}
            return false
        case .early:
            // Answered at the head; what follows is body that nobody reads.
            while try input.available(by: .after(.seconds(600))) != nil {}
            return false
        case .deaf:
            _ = Deadline.after(.seconds(600)).waits { state.withLock { $0.listener == nil } }
            return false
        case .hangUp:
            return false
        }
    }
}
