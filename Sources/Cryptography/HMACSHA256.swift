private import CLibcrypto

/// HMAC with SHA-256 (RFC 2104).
package enum HMACSHA256 {
    /// The 32 bytes of a message's code. Compare codes with `constantTimeEquals`.
    package static func authenticate(_ message: Span<UInt8>, key: Span<UInt8>) -> [UInt8] {
        // libcrypto takes no key of no bytes. HMAC fills keys up with zeros, so one zero is the same.
        guard !key.isEmpty else {
            let zero: [UInt8] = [0]
            return authenticate(message, key: zero.span)
        }
        var code = [UInt8](repeating: 0, count: 32)
        var count = 0
        let written = unsafe message.withUnsafeBufferPointer { message in
            unsafe key.withUnsafeBufferPointer { key in
                unsafe code.withUnsafeMutableBufferPointer { code in
                    unsafe EVP_Q_mac(
                        nil, "HMAC", nil, "SHA256", nil, key.baseAddress, key.count,
                        message.baseAddress, message.count, code.baseAddress, code.count, &count)
                        != nil
                }
            }
        }
        guard written, count == code.count else {
            preconditionFailure("libcrypto offers no HMAC: its default provider is not loaded")
        }
        return code
    }
}
