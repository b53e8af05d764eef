/// Where the text between two quotes stands in a document, which has been found to be well-formed.
struct JSONTextRange: BitwiseCopyable, Sendable {
    private let first: UInt32
    /// The place of the closing quote; the top bit says whether there are escapes.
    private let last: UInt32

    init(start: Int, end: Int, hasEscapes: Bool = false) {
        // Documents have limits of bytes far below 2 GiB.
        first = UInt32(truncatingIfNeeded: start)
        last = UInt32(truncatingIfNeeded: end) | (hasEscapes ? Self.escapes : 0)
    }

    @inline(__always) var start: Int { Int(first) }
    @inline(__always) var end: Int { Int(last & ~Self.escapes) }
    @inline(__always) var hasEscapes: Bool { last & Self.escapes != 0 }

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

    /// As above, for a text whose fingerprint is that of the name.
    @inline(__always)
    func isSameText(asLikely name: JSONName, _ bytes: Span<UInt8>) -> Bool {
        if name.isShort, !hasEscapes { return end &- start == name.byteCount }
        return isSameText(as: name.text.utf8.span, bytes)
    }

    @inline(__always)
    func isSameText(as name: JSONName, _ bytes: Span<UInt8>) -> Bool {
        guard hasEscapes || end &- start == name.byteCount else { return false }
        guard name.isShort, !hasEscapes else { return isSameText(as: name.text.utf8.span, bytes) }
        return JSONName.fingerprint(of: bytes, start, end) == name.fingerprint
    }

    func isSameText(as other: JSONTextRange, _ bytes: Span<UInt8>) -> Bool {
        guard other.hasEscapes else {
            return isSameText(as: bytes.extracting(other.start..<other.end), bytes)
        }
        return isSameText(as: JSONEscape.resolve(other, bytes).span, bytes)
    }

    private static var escapes: UInt32 { 1 << 31 }
}

/// Where a member stands in a document.
struct JSONMemberRange: BitwiseCopyable, Sendable {
    let name: JSONTextRange
    let fingerprint: UInt64
    private var first: UInt32 = 0
    /// The end of the value; the top bit says whether it is a string without escapes.
    private var last: UInt32 = 0

    @inline(__always)
    init(name: JSONTextRange, _ bytes: Span<UInt8>) {
        self.name = name
        fingerprint =
            name.hasEscapes
            ? JSONName.fingerprint(of: JSONEscape.resolve(name, bytes).span)
            : JSONName.fingerprint(of: bytes, name.start, name.end)
    }

    /// A name without escapes of fewer than eight bytes, which `word` begins with.
    @inline(__always)
    init(shortName word: UInt64, _ start: Int, _ count: Int) {
        name = JSONTextRange(start: start, end: start &+ count)
        fingerprint = word & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
    }

    /// Room for a member.
    init() {
        name = JSONTextRange(start: 0, end: 0)
        fingerprint = 0
    }

    @inline(__always)
    mutating func setValue(_ start: Int, _ end: Int, isPlainText: Bool) {
        first = UInt32(truncatingIfNeeded: start)
        last = UInt32(truncatingIfNeeded: end) | (isPlainText ? Self.plainText : 0)
    }

    @inline(__always) var valueStart: Int { Int(first) }
    @inline(__always) var valueEnd: Int { Int(last & ~Self.plainText) }
    /// Whether the bytes between the value's quotes are a text.
    @inline(__always) var isPlainText: Bool { last & Self.plainText != 0 }

    /// How many bytes the name has after its escapes are resolved.
    @inline(__always)
    func nameByteCount(in bytes: Span<UInt8>) -> Int { name.count(in: bytes) }

    /// One of 64 bits, the same for the same name.
    @inline(__always)
    var bit: UInt64 { 1 &<< ((fingerprint &* 0x9E37_79B9_7F4A_7C15) >> 58) }

    /// Where `fingerprint` is among the bytes.
    static var fingerprintOffset: Int { MemoryLayout<JSONTextRange>.size }

    private static var plainText: UInt32 { 1 << 31 }
}
