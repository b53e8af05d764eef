/// What an Ed25519 public key must be like before anything is verified with it.
///
/// libcrypto accepts any 32 bytes. Under a point of small order a signature made without any private
/// key verifies for many messages, so such points are refused when the key is loaded.
enum Ed25519KeyRules {
    static func check(_ point: [UInt8]) throws(KeyError) {
        guard point.count == 32 else { throw .wrongLength }
        // The top bit is the sign of x: both signs of a small-order y are of small order.
        var y = point
        y[31] &= 0x7F
        guard isBelowFieldPrime(y) else { throw .malformed }
        guard !smallOrderCoordinates.contains(y) else { throw .smallOrder }
    }

    /// y < 2^255 − 19, little-endian: RFC 8032 § 5.1.3 refuses any other encoding.
    private static func isBelowFieldPrime(_ y: [UInt8]) -> Bool {
        y[0] < 0xED || y[31] < 0x7F || y[1..<31].contains { $0 != 0xFF }
    }

    /// The y coordinates of the eight points whose order divides 8.
    private static let smallOrderCoordinates: [[UInt8]] = [
        [UInt8](repeating: 0, count: 32),  // order 4
        [1] + [UInt8](repeating: 0, count: 31),  // order 1
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],  // −1, order 2
        [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF,
            0x98, 0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88,
            0x6D, 0x53, 0xFC, 0x05,
        ],  // order 8
        [
            0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10,
            0x67, 0x0F, 0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77,
            0x92, 0xAC, 0x03, 0x7A,
        ],  // order 8
    ]
}
