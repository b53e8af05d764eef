private import CLibcrypto

/// SHA-1 (FIPS 180-4). It protects nothing any more; the WebSocket handshake (RFC 6455 § 1.3) uses it to
/// show that a server has read the request.
package enum SHA1 {
    /// The 20 bytes of a message's hash; nil where libcrypto is configured without SHA-1.
    package static func hash(_ message: Span<UInt8>) -> [UInt8]? {
        var output = InlineArray<64, UInt8>(repeating: 0)
        guard let count = MessageHasher(.sha1).hash(message, into: &output) else { return nil }
        return (0..<count).map { output[$0] }
    }
}
