package import Cryptography

/// A key that a token asks for and that is not among those of its issuer that are here.
package struct MissingKey: Sendable, Hashable {
    /// The issuer's name in the policy.
    package let issuerName: String
    package let name: KeyName

    package init(issuerName: String, name: KeyName) {
        self.issuerName = issuerName
        self.name = name
    }
}

/// How tokens ask for a key: a hash that nobody outside of this process can foresee.
///
/// Of a fixed size, whatever a stranger has written, and of no use in a log. That two names have one
/// hash is as good as impossible, and would cost one of them some time at most.
package struct KeyName: Sendable, Hashable {
    private let hash: Int

    /// A `kid`, and the algorithm that the key has to be for: one name may belong to several keys.
    package init(keyID: String, algorithm: SignatureAlgorithm) {
        var hasher = Hasher()
        hasher.combine(keyID)
        hasher.combine(algorithm)
        hash = hasher.finalize()
    }

    /// Of a token without `kid` nothing says which key it asks for; that it is the same token again
    /// can be told from its signature, in whatever form.
    package init(signature: Span<UInt8>, algorithm: SignatureAlgorithm) {
        var hasher = Hasher()
        unsafe signature.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        hasher.combine(algorithm)
        hash = hasher.finalize()
    }
}

extension KeySet {
    /// By what tokens can ask for the keys of the set.
    package var names: Set<KeyName> {
        var names: Set<KeyName> = []
        for key in keys {
            guard let keyID = key.keyID else { continue }
            for algorithm in key.algorithms {
                names.insert(KeyName(keyID: keyID, algorithm: algorithm))
            }
        }
        return names
    }
}
