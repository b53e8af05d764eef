internal import NIOCore

/// Bytes that collect until they are handed to a channel; the memory is used again afterwards.
struct SendBuffer {
    private(set) var bytes = ByteBuffer()
    /// Whether `bytes` has been handed over, so that the next piece begins anew.
    private var isTaken = true

    var isEmpty: Bool { isTaken || bytes.readableBytes == 0 }

    /// How many bytes wait to be handed over.
    var waiting: Int { isTaken ? 0 : bytes.readableBytes }

    /// Makes room for another piece: behind what waits, or in an empty buffer once that was taken.
    @inline(__always)
    mutating func prepare(_ allocator: ByteBufferAllocator) {
        guard isTaken else { return }
        if bytes.capacity == 0 { bytes = allocator.buffer(capacity: Self.firstCapacity) }
        bytes.clear()
        isTaken = false
    }

    /// Forgets what was never handed over, and begins anew.
    mutating func restart(_ allocator: ByteBufferAllocator) {
        isTaken = true
        prepare(allocator)
    }

    /// What waits, for a channel. It stays readable here until the next `prepare`.
    mutating func take() -> ByteBuffer {
        isTaken = true
        return bytes
    }

    /// Gives the memory back.
    mutating func release() {
        bytes = ByteBuffer()
        isTaken = true
    }

    @inline(__always)
    mutating func append(_ head: borrowing ByteWriter) {
        unsafe head.withBytes { _ = unsafe bytes.writeBytes($0) }
    }

    mutating func append(_ text: StaticString) { bytes.writeStaticString(text) }

    mutating func append(_ range: Range<Int>, of source: ByteBuffer) {
        bytes.writeBytes(source.readableBytesSpan.extracting(range))
    }

    /// The size line of a chunk (RFC 9112 § 7.1).
    mutating func appendChunkSize(_ size: Int) {
        bytes.writeString(String(size, radix: 16))
        bytes.writeStaticString("\r\n")
    }

    private static let firstCapacity = 2048
}
