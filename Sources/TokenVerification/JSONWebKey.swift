package import Cryptography
package import StrictJSON

/// A key as a JWK (RFC 7517, RFC 7518 § 6, RFC 8037 § 2).
package enum JSONWebKey {
    /// The members that describe the key itself, in the order of RFC 7638 § 3.2.
    package static func members(of key: PublicKey) -> [JSONMember] {
        switch key.components {
        case .ec(let curve, let x, let y):
            [text("crv", curve.rawValue), text("kty", "EC"), bytes("x", x), bytes("y", y)]
        case .rsa(let modulus, let exponent):
            [bytes("e", exponent), text("kty", "RSA"), bytes("n", modulus)]
        case .ed25519(let point):
            [text("crv", "Ed25519"), text("kty", "OKP"), bytes("x", point)]
        }
    }

    /// The key's SHA-256 thumbprint in base64url (RFC 7638): a key ID that follows from the key.
    package static func thumbprint(of key: PublicKey) -> String {
        let canonical = JSONWriter.write(.object(members(of: key)))
        return Base64URL.encodeToString(SHA256.hash(canonical.span).span)
    }

    /// Reads the numbers of a key and applies the rules on them.
    static func publicKey(_ value: JSONValue) throws(KeyError) -> PublicKey {
        guard let type = value["kty"]?.string else { throw .malformed }
        switch type {
        case "EC":
            let curve = try ellipticCurve(value)
            return try PublicKey(.ec(curve, x: try number(value, "x"), y: try number(value, "y")))
        case "RSA":
            return try PublicKey(
                .rsa(modulus: try number(value, "n"), exponent: try number(value, "e")))
        case "OKP":
            guard try curve(value).hasSameBytes(as: "Ed25519") else { throw .unsupportedType }
            return try PublicKey(.ed25519(try number(value, "x")))
        default:
            throw .unsupportedType
        }
    }

    /// Reads a secret (RFC 7518 § 6.4).
    static func secretKey(_ value: JSONValue) throws(KeyError) -> SecretKey {
        guard value["kty"]?.string == "oct" else { throw .unsupportedType }
        let bytes = try number(value, "k")
        return try SecretKey(bytes.span)
    }

    private static func ellipticCurve(_ value: JSONValue) throws(KeyError) -> EllipticCurve {
        let name = try curve(value)
        guard let curve = EllipticCurve(joseName: name) else { throw .unsupportedType }
        return curve
    }

    private static func curve(_ value: JSONValue) throws(KeyError) -> String {
        guard let curve = value["crv"]?.string else { throw .malformed }
        return curve
    }

    private static func number(_ value: JSONValue, _ name: String) throws(KeyError) -> [UInt8] {
        guard let text = value[name]?.string, let bytes = Base64URL.decode(text) else {
            throw .malformed
        }
        return bytes
    }

    private static func text(_ name: String, _ text: String) -> JSONMember {
        JSONMember(name: name, value: .string(text))
    }

    private static func bytes(_ name: String, _ bytes: [UInt8]) -> JSONMember {
        text(name, Base64URL.encodeToString(bytes.span))
    }
}

extension KeyType {
    /// The `kty` of a JWK (RFC 7518 § 6.1, RFC 8037 § 2).
    var joseName: String {
        switch self {
        case .p256, .p384, .p521: "EC"
        case .rsa: "RSA"
        case .ed25519: "OKP"
        case .secret: "oct"
        }
    }
}
