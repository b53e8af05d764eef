package import Cryptography
import StrictJSON

/// A key of an issuer, with what it may be used for.
package struct VerificationKey: Sendable {
    /// nil: usable only for tokens without `kid`, where the issuer's rules allow those.
    package let keyID: String?
    package let key: PublicKey
    /// The algorithm that the key is restricted to, or all that its type allows.
    package let algorithms: [SignatureAlgorithm]
    /// Unique in the process: no two keys share it unless one was kept for the other.
    package var epoch = KeyEpoch.next()

    /// Whether both would answer to the same `kid` and algorithm.
    func collides(with other: VerificationKey) -> Bool {
        guard let keyID, let otherID = other.keyID, keyID.hasSameBytes(as: otherID) else {
            return false
        }
        return algorithms.contains { other.algorithms.contains($0) }
    }
}

/// A key of a set that is not used, and why; the others are (RFC 7517 § 5).
package struct SkippedKey: Sendable, Equatable {
    /// The key's place in the set, counted from zero.
    package let index: Int
    /// The key's `kid`, if it is a text.
    package let keyID: String?
    package let reason: String
}
