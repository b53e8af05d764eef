/// A JWS signature r‖s (RFC 7518 § 3.4) in the DER form that libcrypto wants, on the stack.
struct ECDSASignature {
    /// Only the first `count` bytes are used. P-256 needs at most 72.
    private(set) var der = InlineArray<72, UInt8>(repeating: 0)
    private(set) var count = 2

    /// - Returns: nil unless r and s both are within 1...order−1. Zero is the forgery of
    ///   CVE-2022-21449; a value beyond the order would be a second spelling of one signature.
    init?(raw: Span<UInt8>, order: InlineArray<32, UInt8>) {
        let width = order.count
        guard raw.count == 2 * width else { return nil }
        for start in [0, width] {
            guard isInRange(raw, start, order) else { return nil }
            appendInteger(raw, start, width)
        }
        der[0] = 0x30
        der[1] = UInt8(count - 2)
    }

    private func isInRange(
        _ raw: Span<UInt8>, _ start: Int, _ order: InlineArray<32, UInt8>
    ) -> Bool {
        var isZero = true
        for index in 0..<order.count {
            let byte = raw[start + index]
            if byte != 0 { isZero = false }
            if byte != order[index] {
                guard byte < order[index] else { return false }
                // Below the order; any non-zero byte makes it positive.
                return !isZero || (index + 1..<order.count).contains { raw[start + $0] != 0 }
            }
        }
        return false  // equal to the order
    }

    private mutating func appendInteger(_ raw: Span<UInt8>, _ start: Int, _ width: Int) {
        var first = start
        while first < start + width - 1, raw[first] == 0 { first += 1 }
        let needsSignByte = raw[first] >= 0x80
        let length = start + width - first
        append(0x02)
        append(UInt8(length + (needsSignByte ? 1 : 0)))
        if needsSignByte { append(0x00) }
        for index in first..<(start + width) { append(raw[index]) }
    }

    private mutating func append(_ byte: UInt8) {
        der[count] = byte
        count += 1
    }
}

enum P256 {
    /// The order n of the base point (SEC 2 § 2.4.2), big-endian.
    static let order: InlineArray<32, UInt8> = [
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63,
        0x25, 0x51,
    ]
}
