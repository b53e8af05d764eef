/// Why a key is not used. The text is a sentence about the key and holds nothing of it.
package enum KeyError: String, Error, Sendable, CaseIterable, CustomStringConvertible {
    case unsupportedType = "keys of this type are not supported"
    case unsupportedAlgorithm = "the key cannot be used with this algorithm"
    case malformed = "the key is not well-formed"
    case wrongLength = "a coordinate of the key has the wrong length"
    case notOnCurve = "the key is not a point of its curve"
    case smallOrder = "the key is a point of small order, under which anyone can forge signatures"
    case modulusTooShort = "the RSA modulus is shorter than 2048 bits"
    case modulusTooLong = "the RSA modulus is longer than 8192 bits"
    case weakModulus = "the RSA modulus has a small factor"
    case vulnerableModulus = "the RSA modulus has the ROCA fingerprint (CVE-2017-15361)"
    case weakExponent = "the RSA exponent must be odd and between 65537 and 2^33"
    case secretTooShort =
        "the secret is shorter than its hash: HS256 takes 32 bytes or more, HS384 48, HS512 64"
    case notPEM = "the text is not one PEM block"
    case privateKey = "this is a private key; a public key is expected"
    case publicKey = "this is a public key; a private key is expected"
    case encryptedKey = "the private key is encrypted; decrypt it with `openssl pkcs8`"
    case inconsistentKeyPair = "the private and the public half do not belong together"
    case libcryptoFailed = "libcrypto failed"

    package var description: String { rawValue }
}
