/// A public key's numbers, big-endian and unsigned, not checked yet.
package enum PublicKeyComponents: Sendable, Equatable {
    /// The two coordinates of a point, each as long as the curve says.
    case ec(EllipticCurve, x: [UInt8], y: [UInt8])
    /// Modulus and exponent without leading zeros.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// The encoded Ed25519 point of 32 bytes (RFC 8032 § 5.1.2).
    case ed25519([UInt8])

    package var type: KeyType {
        switch self {
        case .ec(let curve, _, _): curve.keyType
        case .rsa: .rsa
        case .ed25519: .ed25519
        }
    }

    /// Applies every rule that can be checked on the numbers alone. That a point lies on its curve
    /// is checked by libcrypto.
    func validate() throws(KeyError) {
        switch self {
        case .ec(let curve, let x, let y):
            guard x.count == curve.byteCount, y.count == curve.byteCount else {
                throw .wrongLength
            }
        case .rsa(let modulus, let exponent):
            try RSAKeyRules.check(modulus: modulus, exponent: exponent)
        case .ed25519(let point):
            try Ed25519KeyRules.check(point)
        }
    }

    /// The SubjectPublicKeyInfo in DER (RFC 5280 § 4.1.2.7, RFC 8410 § 4).
    var subjectPublicKeyInfo: [UInt8] {
        switch self {
        case .ec(let curve, let x, let y):
            let algorithm = DER.sequence(
                // id-ecPublicKey 1.2.840.10045.2.1
                DER.objectIdentifier([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01])
                    + DER.objectIdentifier(curve.objectIdentifier))
            return DER.sequence(algorithm + DER.bitString([0x04] + x + y))
        case .rsa(let modulus, let exponent):
            // rsaEncryption 1.2.840.113549.1.1.1
            let oid: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
            let algorithm = DER.sequence(DER.objectIdentifier(oid) + DER.null)
            let key = DER.sequence(
                DER.unsignedInteger(modulus) + DER.unsignedInteger(exponent))
            return DER.sequence(algorithm + DER.bitString(key))
        case .ed25519(let point):
            // id-Ed25519 1.3.101.112
            let algorithm = DER.sequence(DER.objectIdentifier([0x2B, 0x65, 0x70]))
            return DER.sequence(algorithm + DER.bitString(point))
        }
    }
}
