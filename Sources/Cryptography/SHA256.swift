private import CLibcrypto

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// The 32 bytes of a message's hash.
    package static func hash(_ message: Span<UInt8>) -> [UInt8] {
        var output = InlineArray<64, UInt8>(repeating: 0)
        guard let count = MessageHasher(.sha256).hash(message, into: &output) else {
            preconditionFailure("libcrypto offers no SHA-256: its default provider is not loaded")
        }
        return (0..<count).map { output[$0] }
    }
}
