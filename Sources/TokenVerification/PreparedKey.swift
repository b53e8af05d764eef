import Cryptography

/// A key of an issuer with the contexts that libcrypto keeps for it, made when first needed. Belongs
/// to one verifier.
final class PreparedKey {
    let source: TokenSource
    private let material: KeyMaterial
    private var verifiers: [SignatureVerifier] = []

    /// Of `old`, the same key as another ring had it, the contexts are kept.
    init(_ key: VerificationKey, of issuer: KeyRing.Issuer, keeping old: PreparedKey? = nil) {
        source = TokenSource(issuer: issuer, keyID: key.keyID ?? "", keyEpoch: key.epoch)
        material = key.material
        verifiers = old?.verifiers ?? []
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
