/// A JWS signature r‖s (RFC 7518 § 3.4) in the DER form that libcrypto wants, on the stack.
struct ECDSASignature {
    /// P-521 needs the most: two integers of 66 bytes, each with two bytes before it, and three for
    /// the sequence.
    private var buffer = InlineArray<139, UInt8>(repeating: 0)
    private var start = Self.longestHeader
    private var end = Self.longestHeader

    private static let longestHeader = 3

    /// nil unless r and s, each as long as the order, are within 1...order−1. Zero is the forgery of
    /// CVE-2022-21449; a value beyond the order would be a second spelling of one signature.
    init?(raw: Span<UInt8>, order: Span<UInt8>) {
        let width = order.count
        guard raw.count == 2 * width, width <= 66 else { return nil }
        for start in [0, width] {
            guard isInRange(raw, start, order) else { return nil }
            appendInteger(raw, start, width)
        }
        prependHeader()
    }

    func withDER<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        body(buffer.span.extracting(start..<end))
    }

    private func isInRange(_ raw: Span<UInt8>, _ start: Int, _ order: Span<UInt8>) -> Bool {
        var isZero = true
        for index in order.indices {
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
        buffer[end] = byte
        end += 1
    }

    private mutating func prependHeader() {
        let length = UInt8(end - start)
        prepend(length)
        // X.690 § 8.1.3.5: the long form, which DER wants from 128 bytes on.
        if length >= 0x80 { prepend(0x81) }
        prepend(0x30)
    }

    private mutating func prepend(_ byte: UInt8) {
        start -= 1
        buffer[start] = byte
    }
}
