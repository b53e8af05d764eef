/// Bytes eight at a time. Scanning for quotes, comparing names and decoding base64url go through every
/// byte of a token; one by one they cost several times as much.
extension Span<UInt8> {
    /// The eight bytes from `offset` on, the first of them in the lowest position.
    @inlinable @inline(__always)
    package func word(at offset: Int) -> UInt64 {
        // INVARIANT (any bits will do): this load checks its bounds. It is called unsafe because there
        // are types that not every pattern of bits is a value of; UInt64 is none of them.
        UInt64(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(
                fromByteOffset: offset, as: UInt64.self))
    }

    /// At most eight bytes from `offset` on, as above, and zeros.
    @inline(__always)
    func word(at offset: Int, count wanted: Int) -> UInt64 {
        guard wanted < 8 else { return word(at: offset) }
        guard count &- offset >= 8 else {
            return extracting(offset..<offset + wanted).lastWord(at: 0)
        }
        return word(at: offset) & ((1 << UInt64(truncatingIfNeeded: wanted &* 8)) &- 1)
    }

    /// The last fewer than eight bytes from `offset` on, as in `word(at:)`, and zeros.
    @inlinable @inline(__always)
    package func lastWord(at offset: Int) -> UInt64 {
        if count >= 8 {
            let missing = offset &- (count &- 8)
            return missing == 8 ? 0 : word(at: count &- 8) >> UInt64(missing &* 8)
        }
        if count >= 4 {
            // Two halves, which overlap.
            let high = UInt64(half(at: count &- 4)) &<< UInt64((count &- 4) &* 8)
            let low = UInt64(half(at: 0)) | high
            return offset == 0 ? low : low >> UInt64(offset &* 8)
        }
        var word: UInt64 = 0
        var index = count
        while index > offset {
            index &-= 1
            word = word << 8 | UInt64(self[index])
        }
        return word
    }

    /// Four bytes from `offset` on.
    @inlinable @inline(__always)
    func half(at offset: Int) -> UInt32 {
        // INVARIANT (any bits will do): as above.
        UInt32(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(
                fromByteOffset: offset, as: UInt32.self))
    }

    /// Whether both are the same bytes.
    @inlinable
    package func hasSameBytes(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var offset = 0
        while count &- offset >= 8 {
            guard word(at: offset) == other.word(at: offset) else { return false }
            offset &+= 8
        }
        return lastWord(at: offset) == other.lastWord(at: offset)
    }

    /// Whether the byte occurs.
    package func contains(_ byte: UInt8) -> Bool {
        firstIndex(of: byte, from: 0) != nil
    }

    /// Where the byte first occurs at `start` or behind it.
    @inline(__always)
    package func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        var index = start
        while count &- index >= 32 {
            let marks =
                ByteMarks(word(at: index), equalTo: byte)
                | ByteMarks(word(at: index &+ 8), equalTo: byte)
                | ByteMarks(word(at: index &+ 16), equalTo: byte)
                | ByteMarks(word(at: index &+ 24), equalTo: byte)
            guard marks.bits == 0 else { break }
            index &+= 32
        }
        while count &- index >= 8 {
            if let first = ByteMarks(word(at: index), equalTo: byte).first { return index &+ first }
            index &+= 8
        }
        while index < count {
            if self[index] == byte { return index }
            index &+= 1
        }
        return nil
    }

    /// The number that eight digits spell; nil when there is something else.
    @inline(__always)
    func eightDigits(at offset: Int) -> Int64? {
        let word = word(at: offset)
        let digits = word &- 0x3030_3030_3030_3030
        // Beyond 9 the sum has its top bit set; below 0 the difference has.
        guard (word | digits | (word &+ 0x4646_4646_4646_4646)) & 0x8080_8080_8080_8080 == 0 else {
            return nil
        }
        // Neighbours are joined into numbers of two digits, then of four, then of eight.
        let twos = (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (twos &* 100 &+ twos >> 16) & 0x0000_FFFF_0000_FFFF
        return Int64(truncatingIfNeeded: (fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF)
    }

    /// Where the byte last occurs.
    package func lastIndex(of byte: UInt8) -> Int? {
        var end = count
        while end >= 8 {
            // Only the lowest mark counts; which byte is the last is seen one by one.
            if ByteMarks(word(at: end &- 8), equalTo: byte).bits != 0 { break }
            end &-= 8
        }
        while end > 0 {
            end &-= 1
            if self[end] == byte { return end }
        }
        return nil
    }

    /// Whether all bytes are ASCII but no control characters.
    package var isPrintableASCII: Bool { allSatisfy { $0.outsidePrintableASCII } }

    /// The same, and none of them is a comma or semicolon.
    package var isPrintableASCIIWithoutSeparators: Bool {
        allSatisfy { word in
            word.outsidePrintableASCII | ByteMarks(word, equalTo: UInt8(ascii: ",")).bits
                | ByteMarks(word, equalTo: UInt8(ascii: ";")).bits
        }
    }

    /// Whether no top bit is set in what `marks` makes of any eight bytes.
    @inline(__always)
    private func allSatisfy(_ marks: (UInt64) -> UInt64) -> Bool {
        var found: UInt64 = 0
        var offset = 0
        while count &- offset >= 8 {
            found |= marks(word(at: offset))
            offset &+= 8
        }
        if offset < count {
            // Letters stand where there are no bytes.
            let missing = UInt64(truncatingIfNeeded: (8 &- (count &- offset)) &* 8)
            let letters: UInt64 = 0x4141_4141_4141_4141
            found |= marks(lastWord(at: offset) | (letters << (64 &- missing)))
        }
        return found & 0x8080_8080_8080_8080 == 0
    }
}

extension UInt64 {
    /// Marks bytes from 128, the byte 127, and those below 32. Above the lowest such byte others may
    /// be marked wrongly.
    @inline(__always)
    fileprivate var outsidePrintableASCII: UInt64 {
        self | ((self & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x0101_0101_0101_0101)
            | ByteMarks(self, below: 0x20).bits
    }
}

/// Which bytes of a word have a property: the top bit of each that has it is set. Above the lowest
/// such byte others may be marked wrongly, so only the lowest mark counts.
struct ByteMarks {
    var bits: UInt64

    @inline(__always) init(bits: UInt64) { self.bits = bits }

    /// The bytes that equal `byte`.
    @inline(__always) init(_ word: UInt64, equalTo byte: UInt8) {
        self.init(word ^ Self.everywhere(byte), below: 1)
    }

    /// The bytes that are not plain in a JSON string: quotes, backslashes, control characters, and
    /// whatever is beyond ASCII.
    @inline(__always) init(specialsIn word: UInt64) {
        let quotes = (word ^ Self.everywhere(UInt8(ascii: "\""))) &- Self.everywhere(1)
        let backslashes = (word ^ Self.everywhere(UInt8(ascii: "\\"))) &- Self.everywhere(1)
        let controls = word &- Self.everywhere(0x20)
        // What is subtracted from beyond ASCII may be marked or not, and is marked by itself.
        bits = (quotes | backslashes | controls | word) & Self.everywhere(0x80)
    }

    /// The bytes less than `limit`, which is at most 128.
    @inline(__always) init(_ word: UInt64, below limit: UInt8) {
        bits = (word &- Self.everywhere(limit)) & ~word & Self.everywhere(0x80)
    }

    @inline(__always) static func | (left: ByteMarks, right: ByteMarks) -> ByteMarks {
        ByteMarks(bits: left.bits | right.bits)
    }

    /// The place of the first marked byte; nil when there is none.
    @inline(__always) var first: Int? {
        bits == 0 ? nil : bits.trailingZeroBitCount >> 3
    }

    @inline(__always) private static func everywhere(_ byte: UInt8) -> UInt64 {
        0x0101_0101_0101_0101 &* UInt64(byte)
    }
}
