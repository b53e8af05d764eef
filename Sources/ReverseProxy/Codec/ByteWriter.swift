private import Glibc

/// Collects the bytes of a head; its memory is kept from message to message.
///
/// A head is some dozen short pieces. An `Array` checks for other owners and for room in several
/// steps at each of them; memory of our own, owned by this noncopyable value, is checked once.
@safe
struct ByteWriter: ~Copyable {
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init() {
        capacity = 4096
        unsafe memory = .allocate(byteCount: capacity, alignment: 8)
    }

    deinit { unsafe memory.deallocate() }

    /// A copy of what has been written.
    var bytes: [UInt8] { unsafe withBytes { unsafe Array($0) } }

    /// Lends what has been written; the pointer is good inside `body` only.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(UnsafeRawBufferPointer(start: memory, count: count))
    }

    mutating func clear() { count = 0 }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe copy(UnsafeRawBufferPointer($0)) }
    }

    @inline(__always)
    mutating func append(_ other: [UInt8]) {
        unsafe other.withUnsafeBytes { unsafe copy($0) }
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe memory.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    @inline(__always)
    mutating func append(_ source: Span<UInt8>) {
        unsafe source.withUnsafeBytes { unsafe copy($0) }
    }

    @inline(__always)
    private mutating func copy(_ source: UnsafeRawBufferPointer) {
        guard let start = source.baseAddress else { return }
        reserve(source.count)
        unsafe memcpy(memory + count, start, source.count)
        count &+= source.count
    }

    /// INVARIANT (room before writing): nothing is stored behind `capacity`; every write goes through
    /// here first.
    @inline(__always)
    private mutating func reserve(_ needed: Int) {
        if needed > capacity &- count { grow(needed) }
    }

    private mutating func grow(_ needed: Int) {
        let larger = max(capacity * 2, count + needed)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
        unsafe moved.copyMemory(from: memory, byteCount: count)
        unsafe memory.deallocate()
        unsafe memory = moved
        capacity = larger
    }

    @inline(__always)
    mutating func append(_ range: ByteRange, of source: Span<UInt8>) {
        append(source.extracting(range.start..<range.end))
    }

    mutating func append(text: String) { append(Array(text.utf8)) }

    /// A whole number ≥ 0, in decimal digits.
    mutating func append(number: Int64) {
        precondition(number >= 0, "a length is never negative")
        var rest = UInt64(number)
        var digits = 1
        var bound: UInt64 = 10
        while digits < Self.mostDigits, rest >= bound {
            digits &+= 1
            bound &*= 10
        }
        reserve(digits)
        var position = count &+ digits
        repeat {
            position &-= 1
            let digit = UInt8(truncatingIfNeeded: rest % 10)
            unsafe memory.storeBytes(of: 0x30 &+ digit, toByteOffset: position, as: UInt8.self)
            rest /= 10
        } while position > count
        count &+= digits
    }

    /// Of the largest `Int64`.
    private static let mostDigits = 19

    /// Copies the field lines for which `keeps` holds, in normal form (`Name: value` CR LF), each
    /// run of neighbours in one piece.
    @inline(__always)
    mutating func append(
        lines: [FieldLine], of source: Span<UInt8>, where keeps: (FieldLine) -> Bool
    ) {
        var runStart = -1
        var runEnd = -1
        for line in lines {
            guard keeps(line) else { continue }
            if line.isNormal {
                if line.name.start == runEnd {
                    runEnd = line.end
                    continue
                }
                if runStart >= 0 { append(source.extracting(runStart..<runEnd)) }
                runStart = line.name.start
                runEnd = line.end
            } else {
                if runStart >= 0 { append(source.extracting(runStart..<runEnd)) }
                runStart = -1
                runEnd = -1
                append(line.name, of: source)
                append(": ")
                append(line.value, of: source)
                append("\r\n")
            }
        }
        if runStart >= 0 { append(source.extracting(runStart..<runEnd)) }
    }
}
