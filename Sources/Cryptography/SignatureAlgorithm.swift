/// A digital signature algorithm of the JOSE registry that tokens may be signed with.
///
/// `none` is deliberately no case: it cannot be configured, asked for, or reached by mistake.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
    /// ECDSA over P-256 with SHA-256 (RFC 7518 § 3.4).
    case es256 = "ES256"
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 § 3.3).
    case rs256 = "RS256"
    /// Ed25519 (RFC 8037 § 3.1); also spelled `Ed25519` (RFC 9864 § 2.2). Never Ed448.
    case edDSA = "EdDSA"

    /// Finds an algorithm by its registered name, case-sensitively and byte for byte.
    package init?(joseName: String) {
        for algorithm in Self.allCases
        where algorithm.names.contains(where: { $0.utf8.elementsEqual(joseName.utf8) }) {
            self = algorithm
            return
        }
        return nil
    }

    /// Every registered name; the first is the one we write.
    package var names: [String] {
        switch self {
        case .edDSA: [rawValue, "Ed25519"]
        default: [rawValue]
        }
    }

    /// The only type of key that this algorithm works with.
    package var keyType: KeyType {
        switch self {
        case .es256: .p256
        case .rs256: .rsa
        case .edDSA: .ed25519
        }
    }

    /// How the signature is computed: the one place where a further algorithm is described.
    var scheme: Scheme {
        switch self {
        case .es256: .ecdsa(.sha256)
        case .rs256: .rsaPKCS1(.sha256)
        case .edDSA: .pureEdDSA
        }
    }

    enum Scheme {
        case ecdsa(Digest)
        case rsaPKCS1(Digest)
        case pureEdDSA
    }
}

/// The kinds of key that tokens are signed with. A curve is part of the kind: an algorithm never
/// works with two curves.
package enum KeyType: String, Sendable, CaseIterable {
    case p256 = "P-256"
    case rsa = "RSA"
    case ed25519 = "Ed25519"

    /// The algorithms that a key of this type may be used with.
    package var algorithms: [SignatureAlgorithm] {
        SignatureAlgorithm.allCases.filter { $0.keyType == self }
    }
}
