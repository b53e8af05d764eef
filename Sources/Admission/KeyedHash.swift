/// A fast hash with a secret key, for finding entries of a table.
///
/// Folded 64 by 64 bit multiplications over 16 bytes at a time. It is no cryptographic hash: who
/// knows the key can make collisions. It is used where a collision costs time at most, because
/// entries are confirmed by comparing all bytes, and where only verified tokens come in.
struct KeyedHash: Sendable {
    private let first: UInt64
    private let second: UInt64

    init() {
        var generator = SystemRandomNumberGenerator()
        first = generator.next() | 1
        second = generator.next() | 1
    }

    /// Every byte of `bytes`, and their number, go into the result.
    func hash(_ bytes: Span<UInt8>) -> Int {
        let raw = unsafe bytes.bytes
        let count = bytes.count
        var state = first ^ UInt64(truncatingIfNeeded: count)
        var index = 0
        // The loop conditions are the bounds checks.
        while index &+ 16 <= count {
            let low = unsafe raw.unsafeLoadUnaligned(
                fromUncheckedByteOffset: index, as: UInt64.self)
            let high = unsafe raw.unsafeLoadUnaligned(
                fromUncheckedByteOffset: index &+ 8, as: UInt64.self)
            state = Self.fold(low ^ second, high ^ state)
            index &+= 16
        }
        var rest: UInt64 = 0
        var shift: UInt64 = 0
        while index < count {
            rest |= UInt64(bytes[index]) &<< shift
            shift &+= 8
            index &+= 1
            if shift == 64 {
                state = Self.fold(rest ^ second, state)
                rest = 0
                shift = 0
            }
        }
        state = Self.fold(rest ^ second, state)
        return Int(truncatingIfNeeded: Self.fold(state ^ second, first))
    }

    /// Of three numbers.
    func hash(_ one: Int, _ two: Int, _ three: Int) -> Int {
        var state = Self.fold(UInt64(bitPattern: Int64(one)) ^ second, first)
        state = Self.fold(UInt64(bitPattern: Int64(two)) ^ second, state ^ first)
        state = Self.fold(UInt64(bitPattern: Int64(three)) ^ second, state ^ first)
        return Int(truncatingIfNeeded: Self.fold(state ^ second, first))
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
