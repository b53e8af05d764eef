package import Cryptography
import Foundation

/// A signing key made for this test run, and its public half as a token verifier reads it.
package struct TestKey: Sendable {
    package let keyID: String
    package let algorithm: SignatureAlgorithm
    package let privateKey: PrivateKey

    package init(_ algorithm: SignatureAlgorithm, keyID: String) throws {
        self.keyID = keyID
        self.algorithm = algorithm
        privateKey = try PrivateKey.generate(algorithm)
    }

    /// A key that no issuer has, under any key id.
    package static func foreign(keyID: String) throws -> TestKey {
        try TestKey(.es256, keyID: keyID)
    }

    /// The JWS signature of the bytes.
    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        try privateKey.sign(message.span, algorithm: algorithm)
    }

    /// The public half in PEM (SPKI).
    package var publicPEM: String { privateKey.publicKey.pem() }

    /// The public half in DER (SPKI).
    package var publicDER: [UInt8] {
        let base64 = publicPEM.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        return Array(Data(base64Encoded: base64) ?? Data())
    }

    /// The public half as a JSON Web Key (RFC 7517).
    package var publicJWK: String {
        let members =
            switch privateKey.publicKey.components {
            case .ec(let curve, let x, let y):
                "\"kty\":\"EC\",\"crv\":\"\(curve.rawValue)\",\"x\":\"\(base64URL(x))\","
                    + "\"y\":\"\(base64URL(y))\""
            case .rsa(let modulus, let exponent):
                "\"kty\":\"RSA\",\"n\":\"\(base64URL(modulus))\",\"e\":\"\(base64URL(exponent))\""
            case .ed25519(let point):
                "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(base64URL(point))\""
            }
        let rest = "\"use\":\"sig\",\"alg\":\"\(algorithm.rawValue)\",\"kid\":\"\(keyID)\""
        return "{\(members),\(rest)}"
    }
}

/// Base64url without padding (RFC 7515 § 2).
package func base64URL(_ bytes: some Sequence<UInt8>) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    var text = ""
    var bits = 0
    var count = 0
    for byte in bytes {
        bits = (bits << 8 | Int(byte)) & 0x3FFF
        count += 8
        while count >= 6 {
            count -= 6
            text.append(alphabet[bits >> count & 63])
        }
    }
    if count > 0 { text.append(alphabet[bits << (6 - count) & 63]) }
    return text
}
