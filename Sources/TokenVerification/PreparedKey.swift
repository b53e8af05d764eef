import Cryptography

/// A key of an issuer with the contexts that libcrypto keeps for it, made when first needed. Belongs
/// to one verifier.
final class PreparedKey {
    /// Empty for a key without `kid`.
    let keyID: String
    let epoch: UInt64
    private let material: KeyMaterial
    private var verifiers: [SignatureVerifier] = []

    init(_ key: VerificationKey) {
        keyID = key.keyID ?? ""
        epoch = key.epoch
        material = key.material
    }

    /// - Returns: nil for an algorithm that the key is not for.
    func verifier(for algorithm: SignatureAlgorithm) -> SignatureVerifier? {
        for verifier in verifiers where verifier.algorithm == algorithm { return verifier }
        guard let verifier = try? SignatureVerifier(key: material, algorithm: algorithm) else {
            return nil
        }
        verifiers.append(verifier)
        return verifier
    }
}
