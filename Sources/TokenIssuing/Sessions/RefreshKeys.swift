import Cryptography

/// The keys of the refresh tokens. They are kept outside the database, so that who reads only the
/// database can neither make a token nor compute the next one.
package struct RefreshKeys: Sendable, Redacted {
    /// How many bytes make the keys.
    package static let byteCount = 64

    /// Says in a token which keys made it.
    let keyID: UInt8 = 1
    /// `K_mac`: proves that a token was made here.
    let authentication: [UInt8]
    /// `K_derive`: part of what each secret's successor is derived from.
    let derivation: [UInt8]

    /// Takes what `generate` made.
    /// - Returns: nil for another number of bytes, and for zeros only, as a file has them that was
    ///   never written to the disk.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount, bytes.contains(where: { $0 != 0 }) else { return nil }
        authentication = Array(bytes[..<32])
        derivation = Array(bytes[32...])
    }

    /// Makes the bytes of new keys, to be kept where only their owner can read them.
    package static func generate() -> [UInt8] { SecureRandom.bytes(byteCount) }
}
