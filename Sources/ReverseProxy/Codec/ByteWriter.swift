/// Collects the bytes of a head; its storage is kept from message to message.
struct ByteWriter: ~Copyable {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(4096) }

    mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    @inline(__always)
    mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }

    @inline(__always)
    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    @inline(__always)
    mutating func append(_ source: Span<UInt8>) {
        unsafe source.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    @inline(__always)
    mutating func append(_ range: ByteRange, of source: Span<UInt8>) {
        append(source.extracting(range.start..<range.end))
    }

    mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }

    /// A whole number ≥ 0, in decimal or hexadecimal digits.
    mutating func append(number: Int64, radix: Int64 = 10) {
        precondition(number >= 0, "a length is never negative")
        var divisor: Int64 = 1
        while number / divisor >= radix { divisor *= radix }
        while divisor > 0 {
            let digit = UInt8(number / divisor % radix)
            bytes.append(digit < 10 ? 0x30 &+ digit : 0x57 &+ digit)
            divisor /= radix
        }
    }

    /// Copies the field lines for which `keeps` holds, in normal form (`Name: value` CR LF), each
    /// run of neighbours in one piece.
    @inline(__always)
    mutating func append(
        lines: [FieldLine], of source: Span<UInt8>, where keeps: (FieldLine) -> Bool
    ) {
        var runStart = -1
        var runEnd = -1
        for line in lines {
            guard keeps(line) else { continue }
            if line.isNormal {
                if line.name.start == runEnd {
                    runEnd = line.end
                    continue
                }
                if runStart >= 0 { append(source.extracting(runStart..<runEnd)) }
                runStart = line.name.start
                runEnd = line.end
            } else {
                if runStart >= 0 { append(source.extracting(runStart..<runEnd)) }
                runStart = -1
                runEnd = -1
                append(line.name, of: source)
                append(": ")
                append(line.value, of: source)
                append("\r\n")
            }
        }
        if runStart >= 0 { append(source.extracting(runStart..<runEnd)) }
    }
}
