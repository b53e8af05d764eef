private import CWideBytes

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
        guard !hasWideBytes else { return decodeWide(text, into: &output) }
        return decodeByBytes(text, into: &output)
    }

    private static func decodeWide(
        _ text: Span<UInt8>, into output: inout MutableSpan<UInt8>
    ) -> Int? {
        guard !text.isEmpty else { return 0 }
        // INVARIANT (within both): the function reads no more than `text.count` bytes, and writes no more
        // than `output.count`; both pointers are used inside the call only.
        let isCanonical = unsafe text.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                guard let start = source.baseAddress, let end = target.baseAddress else {
                    return false
                }
                return unsafe ostiary_base64url_decode(start, source.count, end, target.count)
            }
        }
        return isCanonical ? decodedCount(text.count) : nil
    }

    /// The same, for processors without wide lookups.
    static func decodeByBytes(
        _ text: Span<UInt8>, into output: inout MutableSpan<UInt8>
    ) -> Int? {
        let remainder = text.count & 3
        guard remainder != 1 else { return nil }
        var read = 0
        var written = 0
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

/// Whether the processor can look up sixteen digits at once.
private let hasWideBytes = ostiary_has_wide_bytes()

private func digit(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + value - 26
    case 52..<62: UInt8(ascii: "0") + value - 52
    case 62: UInt8(ascii: "-")
    default: UInt8(ascii: "_")
    }
}
