private import CLibcrypto

/// Verifies signatures of one algorithm under one key, again and again without allocating.
///
/// Belongs to one event loop: the kept contexts of libcrypto must not be used by two threads.
@safe package final class SignatureVerifier {
    package let key: PublicKey
    package let algorithm: SignatureAlgorithm
    private let scheme: SignatureAlgorithm.Scheme
    /// nil for EdDSA, which hashes by itself.
    private let hasher: MessageHasher?
    /// Prepared once by EVP_PKEY_verify_init; nil for EdDSA, which libcrypto offers one-shot only.
    private let keyContext: OpaquePointer?
    /// For EdDSA; nil otherwise.
    private let oneShotContext: OpaquePointer?

    /// - Throws: `KeyError.unsupportedAlgorithm` when the key is of another type than the algorithm's.
    package init(key: PublicKey, algorithm: SignatureAlgorithm) throws(KeyError) {
        guard algorithm.keyType == key.type else { throw .unsupportedAlgorithm }
        self.key = key
        self.algorithm = algorithm
        scheme = algorithm.scheme
        switch scheme {
        case .ecdsa(let digest), .rsaPKCS1(let digest):
            hasher = MessageHasher(digest)
            unsafe oneShotContext = nil
            unsafe keyContext = EVP_PKEY_CTX_new(key.libcryptoKey.handle, nil)
            var isReady = unsafe EVP_PKEY_verify_init(keyContext) == 1
            if case .rsaPKCS1 = scheme {
                isReady =
                    unsafe isReady
                    && EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PADDING) == 1
            }
            isReady =
                unsafe isReady && EVP_PKEY_CTX_set_signature_md(keyContext, digest.handle) == 1
            guard isReady else {
                ERR_clear_error()
                throw .libcryptoFailed
            }
        case .pureEdDSA:
            hasher = nil
            unsafe keyContext = nil
            unsafe oneShotContext = EVP_MD_CTX_new()
        }
    }

    deinit {
        unsafe EVP_PKEY_CTX_free(keyContext)
        unsafe EVP_MD_CTX_free(oneShotContext)
    }

    /// Whether the signature, in JWS form, is one of the message under this key.
    ///
    /// A signature of any other length than the key's is refused before any arithmetic.
    package func isValid(signature: Span<UInt8>, message: Span<UInt8>) -> Bool {
        guard signature.count == key.signatureByteCount else { return false }
        let isValid =
            switch scheme {
            case .ecdsa: verifyECDSA(signature, message)
            case .rsaPKCS1: verifyRSA(signature, message)
            case .pureEdDSA: verifyEdDSA(signature, message)
            }
        // A refused signature leaves entries in libcrypto's per-thread error queue; the next user
        // of the thread must not take them for its own.
        if !isValid { ERR_clear_error() }
        return isValid
    }

    private func verifyRSA(_ signature: Span<UInt8>, _ message: Span<UInt8>) -> Bool {
        verifyDigest(of: message, signature)
    }

    private func verifyECDSA(_ signature: Span<UInt8>, _ message: Span<UInt8>) -> Bool {
        guard let encoded = ECDSASignature(raw: signature, order: P256.order) else { return false }
        return verifyDigest(of: message, encoded.der.span.extracting(first: encoded.count))
    }

    private func verifyDigest(of message: Span<UInt8>, _ signature: Span<UInt8>) -> Bool {
        var digest = InlineArray<64, UInt8>(repeating: 0)
        guard let digestCount = hasher?.hash(message, into: &digest) else { return false }
        return unsafe signature.withUnsafeBufferPointer { signature in
            unsafe digest.span.withUnsafeBufferPointer { digest in
                unsafe EVP_PKEY_verify(
                    keyContext, signature.baseAddress, signature.count, digest.baseAddress,
                    digestCount) == 1
            }
        }
    }

    private func verifyEdDSA(_ signature: Span<UInt8>, _ message: Span<UInt8>) -> Bool {
        let handle = unsafe key.libcryptoKey.handle
        return unsafe signature.withUnsafeBufferPointer { signature in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_DigestVerifyInit(oneShotContext, nil, nil, nil, handle) == 1
                    && EVP_DigestVerify(
                        oneShotContext, signature.baseAddress, signature.count,
                        message.baseAddress, message.count) == 1
            }
        }
    }
}

@available(*, unavailable)
extension SignatureVerifier: Sendable {}
