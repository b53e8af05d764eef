private import CLibcrypto

/// HMAC with SHA-256 by libcrypto's functions below EVP, which spend nothing on contexts
/// (docs/decisions/0012-hmac-below-evp.md).
@safe final class DirectHMACSHA256: MessageAuthenticator {
    static let byteCount = 32

    /// False where libcrypto is configured to take SHA-256 from elsewhere than itself.
    static let isUsable = ostiary_sha256_is_libcryptos_own() == 1

    // INVARIANT (owned states): allocated and prepared by `init`, never written to again, wiped and
    // freed by `deinit`.
    private let states: UnsafeMutablePointer<ostiary_hmac_sha256_states>

    /// - Returns: nil when libcrypto failed.
    init?(_ key: SecretKey) {
        unsafe states = .allocate(capacity: 1)
        unsafe states.initialize(to: ostiary_hmac_sha256_states())
        super.init()
        let isReady = key.withBytes { key in
            unsafe key.withUnsafeBufferPointer { key in
                unsafe ostiary_hmac_sha256_prepare(states, key.baseAddress, key.count) == 1
            }
        }
        guard isReady else { return nil }
    }

    deinit {
        unsafe OPENSSL_cleanse(states, MemoryLayout<ostiary_hmac_sha256_states>.size)
        unsafe states.deallocate()
    }

    override func authenticate(
        _ message: Span<UInt8>, into output: inout InlineArray<64, UInt8>
    ) -> Int? {
        var target = output.mutableSpan
        let succeeded = unsafe message.withUnsafeBufferPointer { message in
            unsafe target.withUnsafeMutableBufferPointer { target in
                // INVARIANT (room for the code): `target` has 64 bytes, of which 32 are written.
                unsafe ostiary_hmac_sha256(
                    states, message.baseAddress, message.count, target.baseAddress) == 1
            }
        }
        return succeeded ? Self.byteCount : nil
    }
}
