private import CLibcrypto

/// A secret that tokens are authenticated with by HMAC. It shows itself to nobody, compares in
/// constant time and is wiped at its end.
@safe package final class SecretKey: @unchecked Sendable, CustomStringConvertible {
    // INVARIANT (shared secret): nothing writes to the bytes between `init` and `deinit`.
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    package var count: Int { unsafe bytes.count }
    package var description: String { "<redacted>" }

    /// The shortest secret that any algorithm takes, in bytes.
    package static let minimumByteCount = 32

    /// - Throws: `KeyError.secretTooShort` below 32 bytes.
    package init(_ secret: Span<UInt8>) throws(KeyError) {
        guard secret.count >= Self.minimumByteCount else { throw .secretTooShort }
        unsafe bytes = .allocate(capacity: secret.count)
        for index in secret.indices {
            unsafe bytes.initializeElement(at: index, to: secret[index])
        }
    }

    deinit {
        unsafe OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        unsafe bytes.deallocate()
    }

    /// The algorithms whose hash is no longer than the secret (RFC 7518 § 3.2).
    package var algorithms: [SignatureAlgorithm] {
        KeyType.secret.algorithms.filter { algorithm in
            guard case .hmac(let digest) = algorithm.scheme else { return false }
            return digest.byteCount <= count
        }
    }

    /// The code of a message, which is what an issuer that shares the secret appends to it.
    /// - Throws: `KeyError.unsupportedAlgorithm` for one that does not take this secret.
    package func authenticate(
        _ message: Span<UInt8>, algorithm: SignatureAlgorithm
    ) throws(KeyError) -> [UInt8] {
        guard case .hmac(let digest) = algorithm.scheme, digest.byteCount <= count else {
            throw .unsupportedAlgorithm
        }
        var code = InlineArray<64, UInt8>(repeating: 0)
        guard let count = MessageAuthenticator(self, digest)?.authenticate(message, into: &code)
        else { throw .libcryptoFailed }
        return (0..<count).map { code[$0] }
    }

    func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        unsafe body(bytes.span)
    }
}

extension SecretKey: Equatable {
    package static func == (left: SecretKey, right: SecretKey) -> Bool {
        left.withBytes { left in right.withBytes { constantTimeEquals(left, $0) } }
    }
}
