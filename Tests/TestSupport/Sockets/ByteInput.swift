/// Buffered reading from a socket: lines, counted bytes, and what is left.
struct ByteInput {
    private let socket: Socket
    private var buffer: [UInt8] = []
    private var offset = 0

    init(socket: Socket) {
        self.socket = socket
    }

    /// Returns a line without its CRLF, or nil at a clean end of the stream before its first byte.
    ///
    /// A bare LF or CR inside the line is an error: both peers here are known to write CRLF.
    mutating func line(by deadline: Deadline) throws -> [UInt8]? {
        var searched = offset
        while true {
            while searched < buffer.count {
                if buffer[searched] == UInt8(ascii: "\n") {
                    guard searched > offset, buffer[searched - 1] == UInt8(ascii: "\r") else {
                        throw WireError("a line ends in a bare line feed")
                    }
                    defer { offset = searched + 1 }
                    return Array(buffer[offset..<(searched - 1)])
                }
                searched += 1
            }
            let unread = searched - offset
            guard try fill(by: deadline) else {
                if unread == 0 { return nil }
                throw WireError("the stream ends inside a line: \(latin1(buffer[offset...]))")
            }
            searched = offset + unread
        }
    }

    mutating func bytes(_ count: Int, by deadline: Deadline) throws -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        while result.count < count {
            if offset == buffer.count, try !fill(by: deadline) {
                throw WireError("the stream ends after \(result.count) of \(count) body bytes")
            }
            let taken = min(count - result.count, buffer.count - offset)
            result += buffer[offset..<(offset + taken)]
            offset += taken
        }
        return result
    }

    mutating func available(by deadline: Deadline) throws -> [UInt8]? {
        if offset == buffer.count, try !fill(by: deadline) { return nil }
        defer { offset = buffer.count }
        return Array(buffer[offset...])
    }

    mutating func rest(by deadline: Deadline) throws -> [UInt8] {
        var result: [UInt8] = []
        while let more = try available(by: deadline) { result += more }
        return result
    }

    /// Whether bytes are buffered already.
    var hasBufferedBytes: Bool { offset < buffer.count }

    private mutating func fill(by deadline: Deadline) throws -> Bool {
        if offset > 0 {
            buffer.removeFirst(offset)
            offset = 0
        }
        guard let more = try socket.receive(by: deadline) else { return false }
        buffer += more
        return true
    }
}

/// What the peer sent is no well-formed HTTP/1.1.
package struct WireError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Each byte as the character of the same number, so that no byte is lost in a comparison or message.
package func latin1(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
    return text
}

/// The bytes of a text that has one character per byte (Latin-1), the reverse of `latin1`.
///
/// Requests and answers are written like this, so that any byte can stand in them as `\u{..}`.
package func wireBytes(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
}
