import Cryptography
import TokenVerification

/// A key made for this run.
struct Signer {
    let algorithm: SignatureAlgorithm
    private let material: Material

    private enum Material {
        case secret([UInt8])
        case pair(PrivateKey)
    }

    /// As long as the thumbprints that most issuers use.
    static let keyID = "Zx3kP0dQv1m4sT7uW9yA2cE5gH8jK1nM4pR7tV0xB3d"

    init(_ algorithm: SignatureAlgorithm) throws {
        self.algorithm = algorithm
        material =
            algorithm.isSymmetric
            ? .secret((0..<64).map { _ in UInt8.random(in: 0...255) })
            : .pair(try .generate(algorithm))
    }

    /// The public key in PEM, or the secret.
    var verifyingKey: [UInt8] {
        switch material {
        case .secret(let secret): secret
        case .pair(let key): Array(key.publicKey.pem().utf8)
        }
    }

    /// In JWS form.
    func sign(_ message: [UInt8]) throws -> [UInt8] {
        switch material {
        case .secret(let secret): HMACSHA256.authenticate(message.span, key: secret.span)
        case .pair(let key): try key.sign(message.span, algorithm: algorithm)
        }
    }

    func keySet() throws -> KeySet {
        switch material {
        case .secret(let secret): try SecretKeySet.make(secret, keyID: Self.keyID)
        case .pair: try KeySet(pem: verifyingKey.span, keyID: Self.keyID)
        }
    }
}
