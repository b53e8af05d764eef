/// Writes the few DER elements (X.690 § 8) that a public key consists of; reading is libcrypto's.
enum DER {
    static let null: [UInt8] = [0x05, 0x00]

    static func sequence(_ content: [UInt8]) -> [UInt8] {
        element(tag: 0x30, content)
    }

    static func objectIdentifier(_ encoded: [UInt8]) -> [UInt8] {
        element(tag: 0x06, encoded)
    }

    /// A bit string of whole bytes.
    static func bitString(_ content: [UInt8]) -> [UInt8] {
        element(tag: 0x03, [0x00] + content)
    }

    /// A non-negative integer; `magnitude` is big-endian and has no leading zero.
    static func unsignedInteger(_ magnitude: [UInt8]) -> [UInt8] {
        let needsSignByte = (magnitude.first ?? 0x80) >= 0x80
        return element(tag: 0x02, needsSignByte ? [0x00] + magnitude : magnitude)
    }

    /// Whether the bytes are one element with a definite length that covers them all.
    static func isOneElement(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 2 else { return false }
        let first = Int(bytes[1])
        guard first >= 0x80 else { return bytes.count == 2 + first }
        let lengthBytes = first & 0x7F
        guard (1...4).contains(lengthBytes), bytes.count >= 2 + lengthBytes else { return false }
        let length = bytes[2..<(2 + lengthBytes)].reduce(0) { $0 << 8 | Int($1) }
        return bytes.count == 2 + lengthBytes + length
    }

    private static func element(tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            bytes.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes
    }
}
