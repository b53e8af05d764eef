/// Keys out of a key: HKDF with SHA-256 (RFC 5869).
package enum HKDFSHA256 {
    /// The most bytes that one derivation gives (RFC 5869 § 2.3).
    package static let maximumCount = 255 * 32

    /// Extracts from `key` with `salt`, then expands with `info` to `count` bytes.
    package static func derive(
        key: Span<UInt8>, salt: Span<UInt8>, info: Span<UInt8>, count: Int
    ) -> [UInt8] {
        precondition(
            (0...maximumCount).contains(count), "HKDF-SHA256 gives at most \(maximumCount) bytes")
        let extracted = HMACSHA256.authenticate(key, key: salt)
        var output: [UInt8] = []
        output.reserveCapacity(count + 32)
        var block: [UInt8] = []
        var number: UInt8 = 0
        while output.count < count {
            number += 1
            for index in info.indices { block.append(info[index]) }
            block.append(number)
            block = HMACSHA256.authenticate(block.span, key: extracted.span)
            output += block
        }
        output.removeSubrange(count...)
        return output
    }
}
