/// Bytes eight at a time. Scanning for quotes, comparing names and decoding base64url go through every
/// byte of a token; one by one they cost several times as much.
extension Span<UInt8> {
    /// The eight bytes from `offset` on, the first of them in the lowest position.
    @inline(__always)
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
    @inline(__always)
    func lastWord(at offset: Int) -> UInt64 {
        if count >= 8 {
            let missing = offset &- (count &- 8)
            return missing == 8 ? 0 : word(at: count &- 8) >> UInt64(missing &* 8)
        }
        var word: UInt64 = 0
        var index = count
        while index > offset {
            index &-= 1
            word = word << 8 | UInt64(self[index])
        }
        return word
    }

    /// Whether both are the same bytes.
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

    /// Whether all bytes are ASCII but no control characters.
    package var isPrintableASCII: Bool {
        var offset = 0
        var others: UInt64 = 0
        while count &- offset >= 8 {
            let word = word(at: offset)
            // Marks bytes from 128, the byte 127, and those below 32.
            others |= word
            others |= (word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x0101_0101_0101_0101
            others |= ByteMarks(word, below: 0x20).bits
            offset &+= 8
        }
        guard others & 0x8080_8080_8080_8080 == 0 else { return false }
        while offset < count {
            guard (0x20..<0x7F).contains(self[offset]) else { return false }
            offset &+= 1
        }
        return true
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

    /// The bytes at which a JSON string's plain text ends: the three tests share their second half.
    @inline(__always) init(quotesBackslashesAndControlsIn word: UInt64) {
        let quotes = (word ^ Self.everywhere(UInt8(ascii: "\""))) &- Self.everywhere(1)
        let backslashes = (word ^ Self.everywhere(UInt8(ascii: "\\"))) &- Self.everywhere(1)
        let controls = word &- Self.everywhere(0x20)
        bits = (quotes | backslashes | controls) & ~word & Self.everywhere(0x80)
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
