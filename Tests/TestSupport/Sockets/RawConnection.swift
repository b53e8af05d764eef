/// A client connection that sends exactly the bytes it is given and reads HTTP/1.1 answers strictly.
///
/// Used by one test at a time; it is not `Sendable`.
package final class RawConnection {
    private let socket: Socket
    private var input: ByteInput

    /// Connects to 127.0.0.1 at `port`; `receiveBuffer` bounds what the kernel takes for a slow reader.
    package init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        socket = try Socket.connect(to: port, receiveBuffer: receiveBuffer)
        input = ByteInput(socket: socket)
    }

    /// Speaks over a socket that is connected already.
    package init(_ socket: Socket) {
        self.socket = socket
        input = ByteInput(socket: socket)
    }

    deinit { socket.disconnect() }

    /// This side's port, as the gate's log and X-Forwarded-For see the peer.
    package var localPort: UInt16 { socket.localPort }

    package func send(_ bytes: [UInt8], within limit: Duration = .seconds(10)) throws {
        try socket.send(bytes, by: .after(limit))
    }

    /// Sends a text that has one character per byte.
    package func send(_ text: String, within limit: Duration = .seconds(10)) throws {
        try send(wireBytes(text), within: limit)
    }

    /// Sends as much as the peer takes; true when it took all of it before it closed the connection.
    package func sendTolerantly(_ bytes: [UInt8], within limit: Duration = .seconds(10)) -> Bool {
        (try? send(bytes, within: limit)) != nil
    }

    /// Reads one answer. Interim (1xx) answers are skipped unless `interim` is true; `toHead` says
    /// that the request was HEAD, so that no body follows whatever the head says. Throws
    /// `SocketError` or `WireError` when no whole, well-formed answer came in time.
    package func response(
        toHead: Bool = false, interim: Bool = false, within limit: Duration = .seconds(10)
    ) throws -> RawResponse {
        let deadline = Deadline.after(limit)
        while true {
            let response = try RawResponse(from: &input, toHead: toHead, by: deadline)
            if interim || response.status >= 200 { return response }
        }
    }

    /// Reads the head of an answer and leaves its body to `bytes` and `nextBytes`.
    package func responseHead(within limit: Duration = .seconds(10)) throws -> RawResponse {
        try RawResponse(headFrom: &input, by: .after(limit))
    }

    /// Reads exactly `count` bytes.
    package func bytes(_ count: Int, within limit: Duration = .seconds(10)) throws -> [UInt8] {
        try input.bytes(count, by: .after(limit))
    }

    /// Returns the bytes that are there or come next, nil at the end of the stream.
    package func nextBytes(within limit: Duration = .seconds(10)) throws -> [UInt8]? {
        try input.available(by: .after(limit))
    }

    /// Half-closes the connection.
    package func finishSending() { socket.finishSending() }

    /// The gate will see a reset when this connection is given up.
    package func endWithReset() { socket.endWithReset() }

    /// Closes the connection.
    package func close() { socket.disconnect() }

    /// Whether the peer closes the connection in time without sending another byte.
    package func isClosedByPeer(within limit: Duration = .seconds(5)) -> Bool {
        do {
            return try input.available(by: .after(limit)) == nil
        } catch let error as SocketError {
            return error.isClosedByPeer
        } catch {
            return false
        }
    }
}
