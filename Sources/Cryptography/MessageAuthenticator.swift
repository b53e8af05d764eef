private import CLibcrypto

/// Computes HMACs (RFC 2104) under one secret, whose padded forms are hashed once.
@safe final class MessageAuthenticator {
    private let context: OpaquePointer?
    private let byteCount: Int

    /// - Returns: nil when libcrypto failed.
    init?(_ key: SecretKey, _ digest: Digest) {
        byteCount = digest.byteCount
        unsafe context = EVP_MAC_CTX_new(HMACImplementation.shared.handle)
        let isReady = key.withBytes { key in
            unsafe key.withUnsafeBufferPointer { key in
                unsafe ostiary_hmac_init(context, digest.name, key.baseAddress, key.count) == 1
            }
        }
        guard isReady else {
            ERR_clear_error()
            return nil
        }
    }

    deinit {
        unsafe EVP_MAC_CTX_free(context)
    }

    /// Writes the code into the front of `output`, which is as long as the longest (SHA-512).
    /// - Returns: the number of bytes written; nil when libcrypto failed.
    func authenticate(
        _ message: Span<UInt8>, into output: inout InlineArray<64, UInt8>
    ) -> Int? {
        var written = 0
        var target = output.mutableSpan
        let succeeded = unsafe message.withUnsafeBufferPointer { message in
            unsafe target.withUnsafeMutableBufferPointer { target in
                // Without a key it starts anew with the one that is prepared.
                unsafe EVP_MAC_init(context, nil, 0, nil) == 1
                    && EVP_MAC_update(context, message.baseAddress, message.count) == 1
                    && EVP_MAC_final(context, target.baseAddress, &written, target.count) == 1
            }
        }
        return succeeded && written == byteCount ? written : nil
    }
}

/// libcrypto's HMAC, looked up once per process.
@safe private struct HMACImplementation: @unchecked Sendable {
    // INVARIANT (shared implementation): an EVP_MAC is immutable and lives as long as the process.
    let handle: OpaquePointer?

    static let shared = unsafe HMACImplementation(handle: EVP_MAC_fetch(nil, "HMAC", nil))
}
