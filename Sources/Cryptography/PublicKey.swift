/// A public key that has passed every rule: whoever holds one may verify with it.
package final class PublicKey: Sendable {
    package let components: PublicKeyComponents
    let libcryptoKey: LibcryptoKey

    package var type: KeyType { components.type }

    /// - Throws: `KeyError`, naming the rule that the key breaks.
    package init(_ components: PublicKeyComponents) throws(KeyError) {
        try components.validate()
        // libcrypto refuses a coordinate beyond the field and a point off the curve here.
        guard let key = LibcryptoKey(subjectPublicKeyInfo: components.subjectPublicKeyInfo) else {
            guard case .ec = components else { throw .malformed }
            throw .notOnCurve
        }
        self.components = components
        libcryptoKey = key
    }

    /// Reads one PEM block: SubjectPublicKeyInfo, PKCS #1 or an X.509 certificate, of which only the
    /// key is used.
    /// - Throws: `KeyError.privateKey` for anything that holds a private half.
    package convenience init(pem: Span<UInt8>) throws(KeyError) {
        let block = try PEM(parsing: pem)
        let key: LibcryptoKey?
        switch block.label {
        case "PUBLIC KEY": key = LibcryptoKey(subjectPublicKeyInfo: block.der)
        case "RSA PUBLIC KEY": key = LibcryptoKey(rsaPublicKey: block.der)
        case "CERTIFICATE": key = LibcryptoKey(certificate: block.der)
        case let label where label.hasSuffix("PRIVATE KEY"): throw .privateKey
        default: throw .unsupportedType
        }
        guard let key else { throw .malformed }
        try self.init(try key.publicComponents())
    }

    /// The key as PEM, SubjectPublicKeyInfo ("PUBLIC KEY").
    package func pem() -> String {
        PEM.text(label: "PUBLIC KEY", der: components.subjectPublicKeyInfo)
    }

    /// How many bytes every signature under this key has, in JWS form.
    package var signatureByteCount: Int {
        switch components {
        case .ec(let curve, _, _): 2 * curve.byteCount
        case .ed25519: 64
        case .rsa(let modulus, _): modulus.count
        }
    }
}

extension PublicKey: Equatable {
    package static func == (left: PublicKey, right: PublicKey) -> Bool {
        left === right || left.components == right.components
    }
}
