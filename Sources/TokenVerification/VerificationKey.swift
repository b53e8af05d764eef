package import Cryptography
import StrictJSON

/// A key of an issuer, with what it may be used for.
package struct VerificationKey: Sendable {
    /// nil: usable only for tokens without `kid`, where the issuer's rules allow those.
    package let keyID: String?
    package let material: KeyMaterial
    /// The algorithm that the key is restricted to, or all that its type and length allow.
    package let algorithms: [SignatureAlgorithm]
    /// Tells this key from every other that this process has read, also from one of the same name:
    /// what was concluded with a key is true for as long as a key of that epoch is in use.
    package let epoch = KeyEpoch.next()

    /// Whether both would answer to the same `kid` and algorithm.
    func collides(with other: VerificationKey) -> Bool {
        guard let keyID, let otherID = other.keyID, keyID.hasSameBytes(as: otherID) else {
            return false
        }
        return algorithms.contains { other.algorithms.contains($0) }
    }

    /// Whether both verify the same tokens.
    func isSame(as other: VerificationKey) -> Bool {
        guard algorithms == other.algorithms, material == other.material else { return false }
        guard let keyID, let otherID = other.keyID else {
            return keyID == nil && other.keyID == nil
        }
        return keyID.hasSameBytes(as: otherID)
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
