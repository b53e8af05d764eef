package import Cryptography
import StrictJSON
import TokenVerification

/// A key that our own issuer signs with: the private key, its algorithm and its key ID.
///
/// The key ID is the RFC 7638 thumbprint, so it follows from the key and cannot be lost, mistyped or
/// given to two keys.
package struct SigningKey: Sendable {
    package let keyID: String
    package let algorithm: SignatureAlgorithm
    private let privateKey: PrivateKey

    /// Makes a new key. `rsaBits` is the modulus length, 2048 to 8192, for RSA only.
    /// - Throws: `KeyError.unsupportedAlgorithm` for algorithms with shared secrets.
    package static func generate(
        _ algorithm: SignatureAlgorithm, rsaBits: Int = 2048
    ) throws(KeyError) -> SigningKey {
        try SigningKey(PrivateKey.generate(algorithm, rsaBits: rsaBits), algorithm)
    }

    /// Reads a key that `pem()` wrote, or any unencrypted private key of a supported type.
    ///
    /// A file does not tell which of RSA's algorithms its key is for: without `algorithm` it signs
    /// with RS256.
    /// - Throws: `KeyError.unsupportedAlgorithm` for one that keys of this type are not for.
    package init(
        pem: Span<UInt8>, algorithm: SignatureAlgorithm? = nil
    ) throws(KeyError) {
        let privateKey = try PrivateKey(pem: pem)
        guard let algorithm = algorithm ?? privateKey.type.algorithms.first else {
            throw .unsupportedAlgorithm
        }
        try self.init(privateKey, algorithm)
    }

    private init(_ privateKey: PrivateKey, _ algorithm: SignatureAlgorithm) throws(KeyError) {
        guard algorithm.keyType == privateKey.type else { throw .unsupportedAlgorithm }
        self.algorithm = algorithm
        self.privateKey = privateKey
        keyID = JSONWebKey.thumbprint(of: privateKey.publicKey)
    }

    package var publicKey: PublicKey { privateKey.publicKey }

    /// The private key as PKCS #8 PEM, to be written where only its owner can read it.
    package func pem() throws(KeyError) -> String {
        try privateKey.pem()
    }

    /// The public keys as a JWK set (RFC 7517 § 5), in the order given; each with `kid`, `use` and
    /// `alg` (§ 4).
    package static func publicJWKS(_ keys: [SigningKey]) -> [UInt8] {
        let set = JSONMember(name: "keys", value: .array(keys.map(\.publicJWKValue)))
        return JSONWriter.write(.object([set]))
    }

    /// Signs a message; the signature is in JWS form.
    func sign(_ message: Span<UInt8>) throws(KeyError) -> [UInt8] {
        try privateKey.sign(message, algorithm: algorithm)
    }

    private var publicJWKValue: JSONValue {
        let labels = [
            JSONMember(name: "kid", value: .string(keyID)),
            JSONMember(name: "use", value: .string("sig")),
            JSONMember(name: "alg", value: .string(algorithm.rawValue)),
        ]
        return .object(JSONWebKey.members(of: publicKey) + labels)
    }
}
