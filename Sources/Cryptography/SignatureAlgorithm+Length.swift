extension SignatureAlgorithm {
    /// How many bytes each signature has in a JWS (RFC 7518 § 3.2 and § 3.4, RFC 8037 § 3.1); nil for
    /// RSA, where the key's modulus says it.
    package var signatureByteCount: Int? {
        switch scheme {
        case .ecdsa(let curve, _): 2 * curve.byteCount
        case .pureEdDSA: 64
        case .hmac(let digest): digest.byteCount
        case .rsaPKCS1, .rsaPSS: nil
        }
    }

    /// Whether a signature is two numbers, which other formats than JWS wrap in DER.
    package var isECDSA: Bool {
        if case .ecdsa = scheme { return true }
        return false
    }
}
