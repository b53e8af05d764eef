/// Verifies signatures of one algorithm under one key, again and again without allocating.
///
/// Belongs to one event loop: the kept contexts of libcrypto must not be used by two threads.
package final class SignatureVerifier {
    package let key: KeyMaterial
    package let algorithm: SignatureAlgorithm
    /// Whether a signature is a code under a secret, which is checked in less time than the payload is
    /// searched for a claim.
    package let isCode: Bool
    private let method: SignatureMethod
    /// How many bytes every signature has, in JWS form.
    private let signatureByteCount: Int

    /// - Throws: `KeyError.unsupportedAlgorithm` when the key is of another type than the algorithm's,
    ///   or a secret shorter than its hash.
    package init(key: KeyMaterial, algorithm: SignatureAlgorithm) throws(KeyError) {
        guard key.algorithms.contains(algorithm) else { throw .unsupportedAlgorithm }
        self.key = key
        self.algorithm = algorithm
        switch key {
        case .publicKey(let key):
            signatureByteCount = key.signatureByteCount
            method = try Self.method(key, algorithm)
            isCode = false
        case .secret(let key):
            guard case .hmac(let digest) = algorithm.scheme else { throw .unsupportedAlgorithm }
            guard let authenticator = MessageAuthenticator.make(key, digest) else {
                throw .libcryptoFailed
            }
            signatureByteCount = digest.byteCount
            method = CodeVerifier(authenticator)
            isCode = true
        }
    }

    package convenience init(
        key: PublicKey, algorithm: SignatureAlgorithm
    ) throws(KeyError) {
        try self.init(key: .publicKey(key), algorithm: algorithm)
    }

    private static func method(
        _ key: PublicKey, _ algorithm: SignatureAlgorithm
    ) throws(KeyError) -> SignatureMethod {
        switch algorithm.scheme {
        case .ecdsa(let curve, let digest):
            ECDSAVerifier(try DigestVerifier(key, digest, .none), order: curve.order)
        case .rsaPKCS1(let digest): try DigestVerifier(key, digest, .pkcs1)
        case .rsaPSS(let digest): try DigestVerifier(key, digest, .pss)
        case .pureEdDSA: try EdDSAVerifier(key)
        case .hmac: throw .unsupportedAlgorithm
        }
    }

    /// Whether the signature, in JWS form, is one of the message under this key.
    ///
    /// A signature of any other length than the key's is refused before any arithmetic.
    package func isValid(signature: Span<UInt8>, message: Span<UInt8>) -> Bool {
        signature.count == signatureByteCount
            && method.isValid(signature: signature, message: message)
    }
}

@available(*, unavailable)
extension SignatureVerifier: Sendable {}
