/// The name of a member that is asked for again and again.
package struct JSONName: Sendable {
    package let text: String
    let fingerprint: UInt64
    let byteCount: Int
    /// Whether no other name of this many bytes has its fingerprint.
    var isShort: Bool { byteCount <= 8 }

    package init(_ text: String) {
        self.text = text
        byteCount = text.utf8.count
        fingerprint = Self.fingerprint(of: text.utf8.span)
    }

    /// A number that differs for nearly all names: the bytes themselves, up to eight, and zeros.
    ///
    /// Longer names are hashed with a seed of this process, so that nobody can choose names that have
    /// to be compared byte by byte.
    @inline(__always)
    static func fingerprint(of name: Span<UInt8>) -> UInt64 {
        fingerprint(of: name, 0, name.count)
    }

    /// That of the name from `start` to `end` in a longer text.
    @inline(__always)
    static func fingerprint(of text: Span<UInt8>, _ start: Int, _ end: Int) -> UInt64 {
        end &- start <= 8
            ? text.word(at: start, count: end &- start) : longFingerprint(text, start, end)
    }

    private static func longFingerprint(
        _ text: Span<UInt8>, _ start: Int, _ end: Int
    ) -> UInt64 {
        var offset = start
        var hash: UInt64 = seed
        while end &- offset > 8 {
            hash = mixed(hash ^ text.word(at: offset))
            offset &+= 8
        }
        return mixed(hash ^ text.word(at: offset, count: end &- offset))
    }

    private static let seed = UInt64.random(in: .min ... .max)

    /// An odd multiplier and the high half folded back, so that every bit reaches every other.
    private static func mixed(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
