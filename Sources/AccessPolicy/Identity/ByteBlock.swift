import StrictJSON

/// Bytes that are put together piece by piece in memory that is asked for once.
struct ByteBlock: Sendable {
    /// Only the first `count` count.
    private(set) var bytes: [UInt8]
    private(set) var count = 0

    init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
        bytes.append(contentsOf: repeatElement(0, count: capacity))
    }

    /// Adds zeros.
    mutating func skip(_ added: Int) {
        makeRoom(added)
        count &+= added
    }

    mutating func append(_ piece: Span<UInt8>) {
        makeRoom(piece.count)
        let start = count
        count &+= piece.count
        unsafe piece.withUnsafeBytes { piece in
            // INVARIANT (room for the piece): there are as many bytes from `start` on.
            unsafe bytes.withUnsafeMutableBytes { target in
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[start...])
                    .copyMemory(from: piece)
            }
        }
    }

    /// Adds a piece, a copy of bytes that are here already, and an end of line.
    mutating func append(_ piece: Span<UInt8>, copyOf range: Range<Int>) {
        makeRoom(piece.count &+ range.count &+ 2)
        let start = count
        precondition(range.upperBound <= start)
        count &+= piece.count &+ range.count &+ 2
        unsafe piece.withUnsafeBytes { piece in
            // INVARIANT (room for the piece): as above; what is copied is before `start`.
            unsafe bytes.withUnsafeMutableBytes { target in
                let copy = start &+ piece.count
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[start...])
                    .copyMemory(from: piece)
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[copy...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: target[range]))
                unsafe target[copy &+ range.count] = UInt8(ascii: "\r")
                unsafe target[copy &+ range.count &+ 1] = UInt8(ascii: "\n")
            }
        }
    }

    /// Adds a copy of bytes that are here already.
    mutating func append(copyOf range: Range<Int>) {
        makeRoom(range.count)
        let start = count
        precondition(range.upperBound <= start)
        count &+= range.count
        // INVARIANT (room for the piece): as above.
        unsafe bytes.withUnsafeMutableBytes { target in
            unsafe UnsafeMutableRawBufferPointer(rebasing: target[start...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: target[range]))
        }
    }

    mutating func append(_ text: StaticString) {
        // INVARIANT (a literal): its bytes live as long as the process.
        let bytes = unsafe UnsafeBufferPointer(
            start: text.utf8Start, count: text.utf8CodeUnitCount)
        append(unsafe bytes.span)
    }

    /// Takes back what was added since there were so many bytes.
    mutating func cut(to earlier: Int) { count = min(count, earlier) }

    func word(at offset: Int) -> UInt64 { bytes.span.word(at: offset) }

    mutating func setWords(_ first: UInt64, _ second: UInt64, at offset: Int) {
        // INVARIANT (any bits will do): the stores check their bounds, and a UInt8 may have any bits.
        var span = bytes.mutableSpan
        var target = unsafe span.mutableBytes
        target.storeBytes(of: first.littleEndian, toByteOffset: offset, as: UInt64.self)
        target.storeBytes(of: second.littleEndian, toByteOffset: offset &+ 8, as: UInt64.self)
    }

    mutating func setWord(_ word: UInt64, at offset: Int) {
        // INVARIANT (any bits will do): as above.
        var span = bytes.mutableSpan
        var target = unsafe span.mutableBytes
        target.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
    }

    private mutating func makeRoom(_ added: Int) {
        guard bytes.count &- count < added else { return }
        bytes += [UInt8](repeating: 0, count: max(added, count))
    }
}
