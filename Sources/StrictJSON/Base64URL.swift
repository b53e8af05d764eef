/// Base64url without padding (RFC 4648 § 5, RFC 7515 § 2), in its one canonical form: `=`, white
/// space, the standard alphabet's `+` and `/`, and non-zero spare bits are all refused, so that no
/// two texts decode to the same bytes.
package enum Base64URL {
    /// The bytes, or nil when the text is not canonical.
    package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: decodedCount(text.count))
        var span = output.mutableSpan
        guard decode(text, into: &span) != nil else { return nil }
        return output
    }

    /// The bytes, or nil when the text is not canonical.
    package static func decode(_ text: String) -> [UInt8]? {
        decode(text.utf8.span)
    }

    /// Decodes into the front of `output`, which must hold `decodedCount(text.count)` bytes. What is
    /// behind them may be overwritten.
    /// - Returns: how many bytes were written; nil when the text is not canonical.
    package static func decode(_ text: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> Int? {
        let remainder = text.count & 3
        guard remainder != 1 else { return nil }
        var read = 0
        var written = 0
        // Six bytes are stored as eight, so the last of them are left to the loop below.
        let wideEnd = output.count < 8 ? -1 : min(text.count - 8, (output.count - 8) / 6 * 8)
        // INVARIANT (any bits will do): the stores check their bounds, and a UInt8 may have any bits.
        var raw = unsafe output.mutableBytes
        let places = valueAtPlace.span
        var others: UInt32 = 0
        while read <= wideEnd {
            let digits = text.word(at: read)
            let first = Self.threeBytes(UInt32(truncatingIfNeeded: digits), places)
            let second = Self.threeBytes(UInt32(truncatingIfNeeded: digits >> 32), places)
            others |= first | second
            let bits = UInt64(first) << 40 | UInt64(second) << 16
            raw.storeBytes(of: bits.bigEndian, toByteOffset: written, as: UInt64.self)
            read &+= 8
            written &+= 6
        }
        guard others < 1 << 24 else { return nil }
        let table = valueOfDigit.span
        var invalid: UInt8 = 0
        while read &+ 4 <= text.count {
            let a = table[Int(text[read])]
            let b = table[Int(text[read &+ 1])]
            let c = table[Int(text[read &+ 2])]
            let d = table[Int(text[read &+ 3])]
            invalid |= a | b | c | d
            output[written] = a << 2 | b >> 4
            output[written &+ 1] = b << 4 | c >> 2
            output[written &+ 2] = c << 6 | d
            read &+= 4
            written &+= 3
        }
        if remainder >= 2 {
            let a = table[Int(text[read])]
            let b = table[Int(text[read + 1])]
            let c = remainder == 3 ? table[Int(text[read + 2])] : 0
            invalid |= a | b | c
            output[written] = a << 2 | b >> 4
            written += 1
            if remainder == 3 {
                output[written] = b << 4 | c >> 2
                written += 1
            }
            let spareBits = remainder == 2 ? b & 0b1111 : c & 0b11
            guard spareBits == 0 else { return nil }
        }
        return invalid & notADigit == 0 ? written : nil
    }

    /// The 24 bits of four digits, the first of them in the lowest byte; more when one is no digit.
    @inline(__always)
    private static func threeBytes(_ digits: UInt32, _ places: Span<UInt32>) -> UInt32 {
        places[Int(UInt8(truncatingIfNeeded: digits))]
            | places[256 &+ Int(UInt8(truncatingIfNeeded: digits >> 8))]
            | places[512 &+ Int(UInt8(truncatingIfNeeded: digits >> 16))]
            | places[768 &+ Int(digits >> 24)]
    }

    /// Decodes into the front of an array that is kept for the purpose, without changing its count.
    package static func decode(_ text: Span<UInt8>, into output: inout [UInt8]) -> Int? {
        var span = output.mutableSpan
        return decode(text, into: &span)
    }

    /// Whether the byte belongs to the alphabet.
    package static func isDigit(_ byte: UInt8) -> Bool {
        valueOfDigit.span[Int(byte)] != notADigit
    }

    /// How many bytes a text of that length decodes to.
    package static func decodedCount(_ textCount: Int) -> Int {
        textCount / 4 * 3 + max(0, (textCount & 3) - 1)
    }

    package static func encode(_ bytes: Span<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count * 4 + 2) / 3)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for index in bytes.indices {
            buffer = buffer << 8 | UInt32(bytes[index])
            bits += 8
            while bits >= 6 {
                bits -= 6
                output.append(digit(UInt8(truncatingIfNeeded: buffer >> bits) & 63))
            }
        }
        if bits > 0 { output.append(digit(UInt8(truncatingIfNeeded: buffer << (6 - bits)) & 63)) }
        return output
    }

    /// The text as a string.
    package static func encodeToString(_ bytes: Span<UInt8>) -> String {
        String(decoding: encode(bytes), as: UTF8.self)
    }
}

/// The mark of a byte outside the alphabet: a bit that no digit's value has.
private let notADigit: UInt8 = 0x80

/// By byte.
private let valueOfDigit: InlineArray<256, UInt8> = {
    var table = InlineArray<256, UInt8>(repeating: notADigit)
    for value in UInt8(0)..<64 { table[Int(digit(value))] = value }
    return table
}()

/// By place in a group of four and by byte: the value where it belongs among the 24 bits. Looking it up
/// there saves the shifts, which are a third of the work.
private let valueAtPlace: InlineArray<1024, UInt32> = {
    var table = InlineArray<1024, UInt32>(repeating: 1 << 31)
    for place in 0..<4 {
        for value in UInt8(0)..<64 {
            table[place * 256 + Int(digit(value))] = UInt32(value) << (18 - 6 * UInt32(place))
        }
    }
    return table
}()

private func digit(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + value - 26
    case 52..<62: UInt8(ascii: "0") + value - 52
    case 62: UInt8(ascii: "-")
    default: UInt8(ascii: "_")
    }
}
