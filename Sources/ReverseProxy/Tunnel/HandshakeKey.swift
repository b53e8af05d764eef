private import Cryptography

/// The question and the answer by which a server shows that it has read a WebSocket handshake
/// (RFC 6455 § 4.2.2).
enum HandshakeKey {
    /// Whether `key` is 16 bytes in base64 (RFC 4648 § 4), in their one spelling.
    static func isSound(_ key: Span<UInt8>) -> Bool {
        guard key.count == 24, key[22] == padding, key[23] == padding else { return false }
        for index in 0..<22 where digit(key[index]) == nil { return false }
        // 22 digits have four bits too many.
        return (digit(key[21]) ?? 1) & 0x0F == 0
    }

    /// What `Sec-WebSocket-Accept` must be; nil where libcrypto has no SHA-1.
    static func accept(_ key: Span<UInt8>) -> [UInt8]? {
        var message: [UInt8] = []
        for index in key.indices { message.append(key[index]) }
        message += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8
        return SHA1.hash(message.span).map(base64)
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start...].prefix(3)
            var bits = group.reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
            bits <<= 8 * UInt32(3 - group.count)
            for place in 0..<4 {
                let value = Int(bits >> (18 - 6 * UInt32(place)) & 63)
                text.append(place <= group.count ? alphabet[value] : padding)
            }
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding: UInt8 = 0x3D
}
