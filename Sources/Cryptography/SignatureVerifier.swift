/// Verifies signatures of one algorithm under one key, again and again without allocating.
///
/// Belongs to one event loop: the kept contexts of libcrypto must not be used by two threads.
package final class SignatureVerifier {
    package let key: KeyMaterial
    package let algorithm: SignatureAlgorithm
    private let method: Method
    /// How many bytes every signature has, in JWS form.
    private let signatureByteCount: Int

    private enum Method {
        case ecdsa(DigestVerifier, order: [UInt8])
        case rsa(DigestVerifier)
        case edDSA(EdDSAVerifier)
        case hmac(MessageAuthenticator)
    }

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
        case .secret(let key):
            guard case .hmac(let digest) = algorithm.scheme else { throw .unsupportedAlgorithm }
            guard let authenticator = MessageAuthenticator(key, digest) else {
                throw .libcryptoFailed
            }
            signatureByteCount = digest.byteCount
            method = .hmac(authenticator)
        }
    }

    package convenience init(
        key: PublicKey, algorithm: SignatureAlgorithm
    ) throws(KeyError) {
        try self.init(key: .publicKey(key), algorithm: algorithm)
    }

    private static func method(
        _ key: PublicKey, _ algorithm: SignatureAlgorithm
    ) throws(KeyError) -> Method {
        switch algorithm.scheme {
        case .ecdsa(let curve, let digest):
            .ecdsa(try DigestVerifier(key, digest, .none), order: curve.order)
        case .rsaPKCS1(let digest): .rsa(try DigestVerifier(key, digest, .pkcs1))
        case .rsaPSS(let digest): .rsa(try DigestVerifier(key, digest, .pss))
        case .pureEdDSA: .edDSA(try EdDSAVerifier(key))
        case .hmac: throw .unsupportedAlgorithm
        }
    }

    /// Whether the signature, in JWS form, is one of the message under this key.
    ///
    /// A signature of any other length than the key's is refused before any arithmetic.
    package func isValid(signature: Span<UInt8>, message: Span<UInt8>) -> Bool {
        guard signature.count == signatureByteCount else { return false }
        switch method {
        case .ecdsa(let verifier, let order):
            guard let encoded = ECDSASignature(raw: signature, order: order.span) else {
                return false
            }
            return encoded.withDER { verifier.isValid(signature: $0, message: message) }
        case .rsa(let verifier): return verifier.isValid(signature: signature, message: message)
        case .edDSA(let verifier): return verifier.isValid(signature: signature, message: message)
        case .hmac(let authenticator):
            var code = InlineArray<64, UInt8>(repeating: 0)
            guard let count = authenticator.authenticate(message, into: &code) else { return false }
            return constantTimeEquals(signature, code.span.extracting(first: count))
        }
    }
}

@available(*, unavailable)
extension SignatureVerifier: Sendable {}
