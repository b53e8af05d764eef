import Cryptography
import StrictJSON
import TokenVerification

/// The keys that the targets sign with. They follow from their labels, so that a token which was
/// found in one process is still signed in the next; only the RSA key is a new one each time.
struct FuzzKeys: Sendable {
    let secret: SecretKey
    let ed25519: PrivateKey
    let p256: PrivateKey
    let rsa: PrivateKey

    static let now: Int64 = 1_800_000_000
    static let issuer = "https://issuer.test"

    static func shared() throws(BrokenInvariant) -> FuzzKeys {
        guard case .success(let keys) = made else { throw BrokenInvariant("keys can be made") }
        return keys
    }

    private static let made = Result { try FuzzKeys() }

    private init() throws {
        secret = try SecretKey(Self.bytes("secret").span)
        ed25519 = try PrivateKey(pem: Self.ed25519PEM(Self.bytes("ed25519")).span)
        p256 = try PrivateKey(pem: Self.p256PEM(Self.bytes("p256")).span)
        rsa = try .generate(.rs256)
    }

    /// A ring of all these keys, each under the name of its algorithm.
    func ring() throws -> KeyRing {
        let rules = IssuerRules(
            name: "fuzz", issuer: Self.issuer, audiences: ["app"],
            algorithms: Set(SignatureAlgorithm.allCases))
        let symmetric =
            #"{"kty":"oct","kid":"HS256","alg":"HS256","k":"\#(Self.text(Self.bytes("secret")))"}"#
        var keys = try KeySet(secret: Array(symmetric.utf8).span)
        for (name, key) in [("EdDSA", ed25519), ("ES256", p256), ("RS256", rsa)] {
            let pem = Array(key.publicKey.pem().utf8)
            keys = try keys.merging(KeySet(pem: pem.span, keyID: name))
        }
        return KeyRing(issuers: [(rules: rules, keys: keys)])
    }

    /// A token with a genuine HS256 code over whatever header and payload.
    func authenticated(header: [UInt8], payload: [UInt8]) throws(BrokenInvariant) -> [UInt8] {
        let message =
            Base64URL.encode(header.span) + [UInt8(ascii: ".")] + Base64URL.encode(payload.span)
        do throws(KeyError) {
            let code = try secret.authenticate(message.span, algorithm: .hs256)
            return message + [UInt8(ascii: ".")] + Base64URL.encode(code.span)
        } catch {
            throw BrokenInvariant("a secret authenticates")
        }
    }

    /// A token with a genuine signature.
    func signed(
        _ algorithm: SignatureAlgorithm, _ key: PrivateKey, payload: [UInt8]
    ) throws(BrokenInvariant) -> [UInt8] {
        let header = #"{"alg":"\#(algorithm.rawValue)","kid":"\#(algorithm.rawValue)"}"#
        let message =
            Base64URL.encode(Array(header.utf8).span) + [UInt8(ascii: ".")]
            + Base64URL.encode(payload.span)
        do throws(KeyError) {
            let signature = try key.sign(message.span, algorithm: algorithm)
            return message + [UInt8(ascii: ".")] + Base64URL.encode(signature.span)
        } catch {
            throw BrokenInvariant("a key signs")
        }
    }

    private static func bytes(_ label: String) -> [UInt8] {
        SHA256.hash(Array("ostiary fuzzing \(label)".utf8).span)
    }

    private static func text(_ bytes: [UInt8]) -> String { Base64URL.encodeToString(bytes.span) }

    /// RFC 8410 § 7.
    private static func ed25519PEM(_ seed: [UInt8]) -> [UInt8] {
        pem(
            [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22]
                + [0x04, 0x20] + seed)
    }

    /// RFC 5958 with an ECPrivateKey (RFC 5915) that leaves out the public half.
    private static func p256PEM(_ scalar: [UInt8]) -> [UInt8] {
        let algorithm: [UInt8] = [
            0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A,
            0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
        ]
        let key: [UInt8] = [0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20] + scalar
        return pem([0x30, 0x41, 0x02, 0x01, 0x00] + algorithm + [0x04, 0x27] + key)
    }

    /// Ordinary base64: our lengths need no more than `=` at the end.
    private static func pem(_ der: [UInt8]) -> [UInt8] {
        var text = text(der).replacing("-", with: "+").replacing("_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        return Array("-----BEGIN PRIVATE KEY-----\n\(text)\n-----END PRIVATE KEY-----\n".utf8)
    }
}
