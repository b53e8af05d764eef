extension JSONScanner {
    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, RFC 8259 § 6.
    mutating func readNumber(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = position
        // Nearly all numbers are digits only, the first of them no zero.
        if bytes[start] > UInt8(ascii: "0") {
            var end = start
            if bytes.count &- start > 8, bytes.eightDigits(at: start) != nil { end &+= 8 }
            while end < bytes.count, isDigit(bytes[end]) { end &+= 1 }
            position = end
            guard end < bytes.count else { return }
            let next = bytes[end]
            if next == UInt8(ascii: ",") || next == UInt8(ascii: "}") || next == UInt8(ascii: "]") {
                return
            }
            position = start
        }
        _ = skip(UInt8(ascii: "-"), bytes)
        if !skip(UInt8(ascii: "0"), bytes) { try skipDigits(bytes) }
        if skip(UInt8(ascii: "."), bytes) { try skipDigits(bytes) }
        if skip(UInt8(ascii: "e"), bytes) || skip(UInt8(ascii: "E"), bytes) {
            _ = skip(UInt8(ascii: "+"), bytes) || skip(UInt8(ascii: "-"), bytes)
            try skipDigits(bytes)
        }
        if position < bytes.count, isDigit(bytes[position]) {
            throw JSONError(.invalidNumber, at: start)  // a leading zero
        }
    }

    private mutating func skip(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position &+= 1
        return true
    }

    private mutating func skipDigits(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position &+= 1 }
        guard position > start else { throw JSONError(.invalidNumber, at: position) }
    }
}

private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
}
