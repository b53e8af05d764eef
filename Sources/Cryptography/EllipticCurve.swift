/// A curve of ECDSA with prime order (SEC 2 § 2.4 to § 2.6).
package enum EllipticCurve: String, Sendable, CaseIterable {
    case p256 = "P-256"
    case p384 = "P-384"
    case p521 = "P-521"

    /// By the name of RFC 7518 § 6.2.1.1, byte for byte.
    package init?(joseName: String) {
        guard
            let curve = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(joseName.utf8) }
            )
        else { return nil }
        self = curve
    }

    package var keyType: KeyType {
        switch self {
        case .p256: .p256
        case .p384: .p384
        case .p521: .p521
        }
    }

    /// Bytes of a coordinate, and of each half of a signature.
    package var byteCount: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }

    /// What libcrypto calls the curve.
    var groupName: String {
        switch self {
        case .p256: "prime256v1"
        case .p384: "secp384r1"
        case .p521: "secp521r1"
        }
    }

    /// In DER, without tag and length (RFC 5480 § 2.1.1.1).
    var objectIdentifier: [UInt8] {
        switch self {
        case .p256: [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]  // 1.2.840.10045.3.1.7
        case .p384: [0x2B, 0x81, 0x04, 0x00, 0x22]  // 1.3.132.0.34
        case .p521: [0x2B, 0x81, 0x04, 0x00, 0x23]  // 1.3.132.0.35
        }
    }

    /// The order n of the base point, big-endian.
    package var order: [UInt8] {
        switch self {
        case .p256:
            [UInt8](repeating: 0xFF, count: 4) + [0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8)
                + [
                    0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC,
                    0x63, 0x25, 0x51,
                ]
        case .p384:
            [UInt8](repeating: 0xFF, count: 24) + [
                0xC7, 0x63, 0x4D, 0x81, 0xF4, 0x37, 0x2D, 0xDF, 0x58, 0x1A, 0x0D, 0xB2, 0x48, 0xB0,
                0xA7, 0x7A, 0xEC, 0xEC, 0x19, 0x6A, 0xCC, 0xC5, 0x29, 0x73,
            ]
        case .p521:
            [0x01] + [UInt8](repeating: 0xFF, count: 32) + [
                0xFA, 0x51, 0x86, 0x87, 0x83, 0xBF, 0x2F, 0x96, 0x6B, 0x7F, 0xCC, 0x01, 0x48, 0xF7,
                0x09, 0xA5, 0xD0, 0x3B, 0xB5, 0xC9, 0xB8, 0x89, 0x9C, 0x47, 0xAE, 0xBB, 0x6F, 0xB7,
                0x1E, 0x91, 0x38, 0x64, 0x09,
            ]
        }
    }
}
