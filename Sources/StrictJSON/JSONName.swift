/// The name of a member that is asked for again and again.
package struct JSONName: Sendable {
    package let text: String
    let fingerprint: UInt64

    package init(_ text: String) {
        self.text = text
        fingerprint = Self.fingerprint(of: text.utf8.span)
    }

    /// A number that differs for nearly all names, and for all of at most eight bytes without NUL.
    ///
    /// Longer names are hashed with a seed of this process, so that nobody can choose names that have
    /// to be compared byte by byte.
    static func fingerprint(of name: Span<UInt8>) -> UInt64 {
        var offset = 0
        var hash: UInt64 = 0
        while name.count &- offset > 8 {
            hash = mixed(hash ^ name.word(at: offset) ^ seed)
            offset &+= 8
        }
        let last = name.count &- offset == 8 ? name.word(at: offset) : name.lastWord(at: offset)
        return hash ^ last
    }

    private static let seed = UInt64.random(in: .min ... .max)

    /// An odd multiplier and the high half folded back, so that every bit reaches every other.
    private static func mixed(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
