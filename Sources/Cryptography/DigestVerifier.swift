private import CLibcrypto

/// Verifies signatures over hashes, ECDSA's and RSA's, on contexts of libcrypto that are prepared
/// once.
@safe final class DigestVerifier {
    private let hasher: MessageHasher
    private let context: OpaquePointer?
    /// The context points to it.
    private let key: PublicKey

    init(_ key: PublicKey, _ digest: Digest, _ padding: RSAPadding) throws(KeyError) {
        self.key = key
        hasher = MessageHasher(digest)
        unsafe context = EVP_PKEY_CTX_new(key.libcryptoKey.handle, nil)
        guard unsafe EVP_PKEY_verify_init(context) == 1,
            unsafe padding.apply(to: context, digest),
            unsafe EVP_PKEY_CTX_set_signature_md(context, digest.handle) == 1
        else {
            ERR_clear_error()
            throw .libcryptoFailed
        }
    }

    deinit {
        unsafe EVP_PKEY_CTX_free(context)
    }

    /// Whether the signature, in the form that libcrypto wants, is one of the message.
    func isValid(signature: Span<UInt8>, message: Span<UInt8>) -> Bool {
        var digest = InlineArray<64, UInt8>(repeating: 0)
        guard let digestCount = hasher.hash(message, into: &digest) else { return false }
        let isValid = unsafe signature.withUnsafeBufferPointer { signature in
            unsafe digest.span.withUnsafeBufferPointer { digest in
                unsafe EVP_PKEY_verify(
                    context, signature.baseAddress, signature.count, digest.baseAddress,
                    digestCount) == 1
            }
        }
        // A refused signature leaves entries in libcrypto's per-thread error queue; the next user
        // of the thread must not take them for its own.
        if !isValid { ERR_clear_error() }
        return isValid
    }
}

/// How RSA pads a hash.
enum RSAPadding {
    /// For other keys than RSA's.
    case none
    /// RSASSA-PKCS1-v1_5 (RFC 8017 § 8.2).
    case pkcs1
    /// RSASSA-PSS (RFC 8017 § 8.1) with the hash also in MGF1 and a salt of exactly its length.
    case pss

    /// - Returns: whether libcrypto took it.
    func apply(to context: OpaquePointer?, _ digest: Digest) -> Bool {
        switch self {
        case .none: true
        case .pkcs1: unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
        case .pss:
            unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest.handle) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, Int32(digest.byteCount)) == 1
        }
    }
}
