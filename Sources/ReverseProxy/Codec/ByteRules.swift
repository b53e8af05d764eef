/// Byte classes of RFC 9110 § 5.6.2, as bit masks: no table in memory, no lazy initialisation on
/// the hot path.
enum ByteRules {
    /// `tchar`: what a method or a field name may hold.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        contains(byte, low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
    }

    /// Letters, digits and `-`: the only bytes that no back end folds into another name. CGI and
    /// WSGI turn every other one into `_`, so `X_Auth.User` would arrive as `X-Auth-User`.
    @inline(__always)
    static func isPlainName(_ byte: UInt8) -> Bool {
        contains(byte, low: 0x03FF_2000_0000_0000, high: 0x07FF_FFFE_07FF_FFFE)
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt64? {
        if byte &- 0x30 < 10 { return UInt64(byte &- 0x30) }
        let folded = byte | 0x20
        return folded &- 0x61 < 6 ? UInt64(folded &- 0x57) : nil
    }

    @inline(__always)
    private static func contains(_ byte: UInt8, low: UInt64, high: UInt64) -> Bool {
        byte < 128 && ((byte < 64 ? low : high) &>> UInt64(byte & 63)) & 1 != 0
    }
}

/// Optional white space of RFC 9110 § 5.6.3.
@inline(__always)
func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

let carriageReturn: UInt8 = 0x0D
let lineFeed: UInt8 = 0x0A

extension Span<UInt8> {
    /// The first index at or after `start` that holds a control byte other than tab (bare CR, LF,
    /// NUL, DEL, …), or `count`.
    ///
    /// Eight bytes at a time: field values are most of a head.
    @inline(__always)
    func firstControl(from start: Int) -> Int {
        let end = count
        var index = start
        let raw = unsafe bytes
        while true {
            while index &+ 8 <= end {
                // The loop condition is the bounds check.
                let word = unsafe raw.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: index, as: UInt64.self)
                let delete = word ^ 0x7f7f_7f7f_7f7f_7f7f
                let below = (word &- 0x2020_2020_2020_2020) & ~word
                let equal = (delete &- 0x0101_0101_0101_0101) & ~delete
                if (below | equal) & 0x8080_8080_8080_8080 != 0 { break }
                index &+= 8
            }
            let stop = Swift.min(index &+ 8, end)
            while index < stop {
                let byte = self[index]
                if (byte < 0x20 && byte != 0x09) || byte == 0x7F { return index }
                index &+= 1
            }
            if index >= end { return end }
        }
    }

    /// Whether the bytes of `range` spell `word` (given in lower case), letters in either case.
    @inline(__always)
    func spells(_ word: StaticString, in range: ByteRange) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { letters in
            var index = 0
            while index < letters.count {
                let byte = self[range.start &+ index]
                let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
                if unsafe folded != letters[index] { return false }
                index &+= 1
            }
            return true
        }
    }
}

/// A half-open range of offsets into the bytes of one head. Heads are at most some hundred KiB,
/// so 32 bits do.
struct ByteRange: Equatable {
    private var lower: UInt32 = 0
    private var upper: UInt32 = 0

    init() {}

    @inline(__always)
    init(_ start: Int, _ end: Int) {
        lower = UInt32(truncatingIfNeeded: start)
        upper = UInt32(truncatingIfNeeded: end)
    }

    @inline(__always) var start: Int { Int(lower) }
    @inline(__always) var end: Int { Int(upper) }
    @inline(__always) var count: Int { Int(upper &- lower) }
    @inline(__always) var isEmpty: Bool { lower == upper }
}
