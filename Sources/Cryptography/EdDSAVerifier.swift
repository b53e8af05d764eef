private import CLibcrypto

/// Verifies Ed25519 signatures (RFC 8032 § 5.1.7). libcrypto hashes with the key's point, so there is
/// no digest to prepare, only a context.
@safe final class EdDSAVerifier {
    private let context: OpaquePointer?
    /// The context points to it.
    private let key: PublicKey

    init(_ key: PublicKey) throws(KeyError) {
        self.key = key
        unsafe context = EVP_MD_CTX_new()
        guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key.libcryptoKey.handle) == 1
        else {
            ERR_clear_error()
            throw .libcryptoFailed
        }
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    func isValid(signature: Span<UInt8>, message: Span<UInt8>) -> Bool {
        let isValid = unsafe signature.withUnsafeBufferPointer { signature in
            unsafe message.withUnsafeBufferPointer { message in
                // Without a key it starts anew with the one that is prepared.
                unsafe EVP_DigestVerifyInit(context, nil, nil, nil, nil) == 1
                    && EVP_DigestVerify(
                        context, signature.baseAddress, signature.count, message.baseAddress,
                        message.count) == 1
            }
        }
        if !isValid { ERR_clear_error() }
        return isValid
    }
}
