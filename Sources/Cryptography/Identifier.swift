/// 128 bits that name one thing, written as a UUID (RFC 9562 § 4) in lower case.
///
/// `Kind` only keeps apart what must not be mixed up: the identifier of an account is none of a
/// session.
package struct Identifier<Kind>: Sendable, Hashable {
    private let high: UInt64
    private let low: UInt64

    /// A new one: 122 random bits, version 4 (RFC 9562 § 5.4).
    package static func random() -> Identifier {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & ~0xF000 | 0x4000
        let low = generator.next() & ~(0b11 << 62) | (0b10 << 62)
        return Identifier(high: high, low: low)
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads exactly what `description` writes: 36 characters, lower case.
    /// - Returns: nil for any other text.
    package init?(_ text: some StringProtocol) {
        var bits: (high: UInt64, low: UInt64) = (0, 0)
        var digits = 0
        for (index, byte) in text.utf8.enumerated() {
            guard index < 36 else { return nil }
            if Self.hyphens.contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            bits.high = bits.high << 4 | bits.low >> 60
            bits.low = bits.low << 4 | UInt64(digit)
            digits += 1
        }
        guard digits == 32 else { return nil }
        self.init(high: bits.high, low: bits.low)
    }

    /// Reads 16 bytes in network order.
    /// - Returns: nil for another number of bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var bits: (high: UInt64, low: UInt64) = (0, 0)
        for byte in bytes {
            bits.high = bits.high << 8 | bits.low >> 56
            bits.low = bits.low << 8 | UInt64(byte)
        }
        self.init(high: bits.high, low: bits.low)
    }

    /// 16 bytes in network order.
    package var bytes: [UInt8] {
        [high, low].flatMap { half in
            (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
        }
    }

    private static var hyphens: [Int] { [8, 13, 18, 23] }
}

extension Identifier: CustomStringConvertible {
    package var description: String {
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}
