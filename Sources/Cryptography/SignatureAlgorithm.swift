/// A digital signature or MAC algorithm of the JOSE registry that tokens may be signed with.
///
/// `none` is deliberately no case: it cannot be configured, asked for, or reached by mistake.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
    /// ECDSA over P-256 with SHA-256 (RFC 7518 § 3.4).
    case es256 = "ES256"
    /// ECDSA over P-384 with SHA-384.
    case es384 = "ES384"
    /// ECDSA over P-521 with SHA-512.
    case es512 = "ES512"
    /// Ed25519 (RFC 8037 § 3.1); also spelled `Ed25519` (RFC 9864 § 2.2). Never Ed448.
    case edDSA = "EdDSA"
    /// RSASSA-PKCS1-v1_5 (RFC 7518 § 3.3).
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    /// RSASSA-PSS whose salt is as long as the hash and whose MGF1 uses the same hash (RFC 7518
    /// § 3.5).
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    /// HMAC (RFC 7518 § 3.2).
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"

    /// Those with a public half; only with these can keys be published.
    package static let asymmetric = allCases.filter { !$0.isSymmetric }

    /// Finds an algorithm by its registered name, case-sensitively and byte for byte.
    package init?(joseName: String) {
        self.init(joseName: joseName.utf8.span)
    }

    /// Finds an algorithm by the bytes of its registered name, without allocating.
    package init?(joseName: Span<UInt8>) {
        guard let name = PackedName(joseName) else { return nil }
        for entry in Self.byName where entry.name == name {
            self = entry.algorithm
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

    /// Whether who can verify can also sign.
    package var isSymmetric: Bool { keyType == .secret }

    /// The only type of key that this algorithm works with.
    package var keyType: KeyType {
        switch scheme {
        case .ecdsa(let curve, _): curve.keyType
        case .rsaPKCS1, .rsaPSS: .rsa
        case .pureEdDSA: .ed25519
        case .hmac: .secret
        }
    }

    /// How the signature is computed: the one place where a further algorithm is described.
    var scheme: Scheme {
        switch self {
        case .es256: .ecdsa(.p256, .sha256)
        case .es384: .ecdsa(.p384, .sha384)
        case .es512: .ecdsa(.p521, .sha512)
        case .edDSA: .pureEdDSA
        case .rs256: .rsaPKCS1(.sha256)
        case .rs384: .rsaPKCS1(.sha384)
        case .rs512: .rsaPKCS1(.sha512)
        case .ps256: .rsaPSS(.sha256)
        case .ps384: .rsaPSS(.sha384)
        case .ps512: .rsaPSS(.sha512)
        case .hs256: .hmac(.sha256)
        case .hs384: .hmac(.sha384)
        case .hs512: .hmac(.sha512)
        }
    }

    enum Scheme {
        case ecdsa(EllipticCurve, Digest)
        case rsaPKCS1(Digest)
        case rsaPSS(Digest)
        case pureEdDSA
        case hmac(Digest)
    }

    private static let byName: [(name: PackedName, algorithm: SignatureAlgorithm)] =
        allCases.flatMap { algorithm in
            algorithm.names.compactMap { name in
                PackedName(name.utf8.span).map { ($0, algorithm) }
            }
        }
}

/// The kinds of key that tokens are signed with. A curve is part of the kind: an algorithm never
/// works with two curves.
package enum KeyType: String, Sendable, CaseIterable {
    case p256 = "P-256"
    case p384 = "P-384"
    case p521 = "P-521"
    case rsa = "RSA"
    case ed25519 = "Ed25519"
    /// Shared with the issuer, for HMAC.
    case secret = "oct"

    /// The algorithms that a key of this type may be used with.
    package var algorithms: [SignatureAlgorithm] {
        SignatureAlgorithm.allCases.filter { $0.keyType == self }
    }
}

/// A name of 1 to 8 bytes in one number; none of the registered names is longer.
private struct PackedName: Equatable {
    private let bytes: UInt64
    private let count: Int

    init?(_ name: Span<UInt8>) {
        guard (1...8).contains(name.count) else { return nil }
        var bytes: UInt64 = 0
        for index in name.indices { bytes = bytes << 8 | UInt64(name[index]) }
        self.bytes = bytes
        count = name.count
    }
}
