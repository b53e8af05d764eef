private import CLibcrypto

/// A hash function, looked up in libcrypto's provider once per process: a look-up per token would
/// cost as much as hashing it.
@safe struct Digest: @unchecked Sendable {
    // INVARIANT (shared digest): an EVP_MD is immutable and lives as long as the process.
    let handle: OpaquePointer?
    /// What libcrypto calls it.
    let name: String
    let byteCount: Int

    static let sha1 = Digest(name: "SHA1", byteCount: 20)
    static let sha256 = Digest(name: "SHA256", byteCount: 32)
    static let sha384 = Digest(name: "SHA384", byteCount: 48)
    static let sha512 = Digest(name: "SHA512", byteCount: 64)

    private init(name: String, byteCount: Int) {
        unsafe handle = EVP_MD_fetch(nil, name, nil)
        self.name = name
        self.byteCount = byteCount
    }
}

/// A hash computation whose context is kept from one message to the next.
@safe final class MessageHasher {
    private let digest: Digest
    private let context: OpaquePointer?

    init(_ digest: Digest) {
        self.digest = digest
        unsafe context = EVP_MD_CTX_new()
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Hashes a message into the front of `output`, which is as long as the longest hash (SHA-512).
    /// - Returns: the number of bytes written; nil when libcrypto failed.
    func hash(
        _ message: Span<UInt8>, into output: inout InlineArray<64, UInt8>
    ) -> Int? {
        guard unsafe context != nil, unsafe digest.handle != nil else { return nil }
        var written: UInt32 = 0
        var target = output.mutableSpan
        let succeeded = unsafe message.withUnsafeBufferPointer { message in
            unsafe target.withUnsafeMutableBufferPointer { target in
                unsafe EVP_DigestInit_ex(context, digest.handle, nil) == 1
                    && EVP_DigestUpdate(context, message.baseAddress, message.count) == 1
                    && EVP_DigestFinal_ex(context, target.baseAddress, &written) == 1
            }
        }
        return succeeded && Int(written) == digest.byteCount ? digest.byteCount : nil
    }
}
