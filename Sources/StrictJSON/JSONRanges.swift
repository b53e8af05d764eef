/// Where the text between two quotes stands in a document, which has been found to be well-formed.
struct JSONTextRange: Sendable {
    private let first: UInt32
    /// The place of the closing quote; the top bit says whether there are escapes.
    private let last: UInt32

    init(start: Int, end: Int, hasEscapes: Bool = false) {
        // Documents have limits of bytes far below 2 GiB.
        first = UInt32(truncatingIfNeeded: start)
        last = UInt32(truncatingIfNeeded: end) | (hasEscapes ? Self.escapes : 0)
    }

    var start: Int { Int(first) }
    var end: Int { Int(last & ~Self.escapes) }
    var hasEscapes: Bool { last & Self.escapes != 0 }

    /// How many bytes the text has after its escapes are resolved.
    @inline(__always)
    func count(in bytes: Span<UInt8>) -> Int {
        hasEscapes ? JSONEscape.resolve(self, bytes).count : end &- start
    }

    @inline(__always)
    func isSameText(as text: Span<UInt8>, _ bytes: Span<UInt8>) -> Bool {
        guard hasEscapes else {
            return bytes.extracting(start..<end).hasSameBytes(as: text)
        }
        return JSONEscape.resolves(self, bytes, to: text)
    }

    /// As below, for a text whose fingerprint is that of the name.
    @inline(__always)
    func isSameText(as name: JSONName, _ bytes: Span<UInt8>) -> Bool {
        if name.isShort, !hasEscapes { return end &- start == name.byteCount }
        return isSameText(as: name.text.utf8.span, bytes)
    }

    func isSameText(as other: JSONTextRange, _ bytes: Span<UInt8>) -> Bool {
        guard other.hasEscapes else {
            return isSameText(as: bytes.extracting(other.start..<other.end), bytes)
        }
        return isSameText(as: JSONEscape.resolve(other, bytes).span, bytes)
    }

    private static let escapes: UInt32 = 1 << 31
}

/// Where a member stands in a document.
struct JSONMemberRange: Sendable {
    let name: JSONTextRange
    let fingerprint: UInt64
    var valueStart: UInt32 = 0
    var valueEnd: UInt32 = 0

    @inline(__always)
    init(name: JSONTextRange, _ bytes: Span<UInt8>) {
        self.name = name
        fingerprint =
            name.hasEscapes
            ? JSONName.fingerprint(of: JSONEscape.resolve(name, bytes).span)
            : JSONName.fingerprint(of: bytes, name.start, name.end)
    }

    /// One of 64 bits, the same for the same name.
    @inline(__always)
    var bit: UInt64 { 1 &<< ((fingerprint &* 0x9E37_79B9_7F4A_7C15) >> 58) }
}
