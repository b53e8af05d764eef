import Cryptography

/// One key of each type for all tests that need any: an RSA key takes a tenth of a second to make.
enum SharedKeys {
    static let p256 = Result { try PrivateKey.generate(.es256) }
    static let p384 = Result { try PrivateKey.generate(.es384) }
    static let p521 = Result { try PrivateKey.generate(.es512) }
    static let rsa = Result { try PrivateKey.generate(.rs256) }
    static let ed25519 = Result { try PrivateKey.generate(.edDSA) }
    static let secret = Result {
        let bytes = SecureRandom.bytes(64)
        return try SecretKey(bytes.span)
    }

    /// - Throws: `KeyError.unsupportedType` for secrets.
    static func privateKey(_ type: KeyType) throws -> PrivateKey {
        switch type {
        case .p256: try p256.get()
        case .p384: try p384.get()
        case .p521: try p521.get()
        case .rsa: try rsa.get()
        case .ed25519: try ed25519.get()
        case .secret: throw KeyError.unsupportedType
        }
    }

    /// What verifies.
    static func material(_ type: KeyType) throws -> KeyMaterial {
        guard type != .secret else { return .secret(try secret.get()) }
        return .publicKey(try privateKey(type).publicKey)
    }

    static func sign(_ message: [UInt8], _ algorithm: SignatureAlgorithm) throws -> [UInt8] {
        guard algorithm.isSymmetric else {
            return try privateKey(algorithm.keyType).sign(message.span, algorithm: algorithm)
        }
        return try secret.get().authenticate(message.span, algorithm: algorithm)
    }

    static func verifier(_ algorithm: SignatureAlgorithm) throws -> SignatureVerifier {
        try SignatureVerifier(key: try material(algorithm.keyType), algorithm: algorithm)
    }
}
