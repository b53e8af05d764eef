/// Computes HMACs (RFC 2104) under one secret, whose padded forms are hashed once.
///
/// A class with heirs rather than an enumeration of two classes, because reading the latter counts
/// references for each token.
class MessageAuthenticator {
    /// The quickest that gives what libcrypto is configured for.
    /// - Returns: nil when libcrypto failed.
    static func make(_ key: SecretKey, _ digest: Digest) -> MessageAuthenticator? {
        digest.byteCount == DirectHMACSHA256.byteCount && DirectHMACSHA256.isUsable
            ? DirectHMACSHA256(key) : ProvidedHMAC(key, digest)
    }

    /// Writes the code into the front of `output`, which is as long as the longest (SHA-512).
    /// - Returns: the number of bytes written; nil when libcrypto failed.
    func authenticate(
        _ message: Span<UInt8>, into output: inout InlineArray<64, UInt8>
    ) -> Int? { nil }
}
