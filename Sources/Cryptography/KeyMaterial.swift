/// What signatures are verified with: a public key, or a secret shared with the issuer.
package enum KeyMaterial: Sendable, Equatable {
    case publicKey(PublicKey)
    case secret(SecretKey)

    package var type: KeyType {
        switch self {
        case .publicKey(let key): key.type
        case .secret: .secret
        }
    }

    /// The algorithms that may be used with it.
    package var algorithms: [SignatureAlgorithm] {
        switch self {
        case .publicKey(let key): key.type.algorithms
        case .secret(let key): key.algorithms
        }
    }

    /// nil for a secret.
    package var publicKey: PublicKey? {
        guard case .publicKey(let key) = self else { return nil }
        return key
    }
}
