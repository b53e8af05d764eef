import Cryptography
import StrictJSON
import Testing
import TokenVerification

/// CVE-2015-9235 and its successors: the attacker takes what is public for the secret of an HMAC.
@Suite("Token cases 31 to 36: a key is used with its own algorithm only")
struct AlgorithmConfusionTests {
    let forge: Forge

    init() throws {
        forge = try Forge.shared()
    }

    @Test(
        "cases 31 and 32: a MAC keyed with any form of the public key is refused",
        arguments: [SignatureAlgorithm.es256, .es384, .es512, .edDSA, .rs256, .ps512])
    func publicKeyAsSecret(algorithm: SignatureAlgorithm) throws {
        let secrets = try Self.forms(of: forge.key(algorithm).publicKey)
        // Even rules that allow everything do not let the key be used so.
        var permissive = Forge.rules
        permissive.algorithms = Set(SignatureAlgorithm.allCases)
        permissive.allowMissingKeyID = true
        let permissiveVerifier = TokenVerifier(
            keyRing: KeyRing(issuers: [(rules: permissive, keys: try forge.keySet())]))
        let strictVerifier = try forge.verifier()
        for secret in secrets {
            for header in [
                #"{"alg":"HS256","kid":"\#(algorithm.rawValue)"}"#, #"{"alg":"HS256"}"#,
                #"{"alg":"HS256","kid":"other"}"#,
            ] {
                let message = Forge.base64URL(header) + "." + Forge.base64URL(Forge.payload())
                let mac = hmacSHA256(key: secret, message: Array(message.utf8))
                let token = message + "." + Base64URL.encodeToString(mac.span)
                #expect(outcomeOf(token, strictVerifier) == "token_alg")
                #expect(
                    ["token_alg", "token_unknown_key"].contains(
                        outcomeOf(token, permissiveVerifier)))
            }
        }
    }

    @Test("cases 35 and 36: no algorithm is accepted under the key of another")
    func mismatches() throws {
        var rules = Forge.rules
        rules.algorithms = Set(SignatureAlgorithm.allCases)
        let keys = try forge.keySet().merging(try forge.secretKeySet())
        let verifier = TokenVerifier(keyRing: KeyRing(issuers: [(rules: rules, keys: keys)]))
        for asked in SignatureAlgorithm.allCases {
            for present in SignatureAlgorithm.allCases {
                let header = #"{"alg":"\#(asked.rawValue)","kid":"\#(present.rawValue)"}"#
                let message = Forge.base64URL(header) + "." + Forge.base64URL(Forge.payload())
                let signature = try forge.signature(message, asked)
                let token = message + "." + Base64URL.encodeToString(signature.span)
                #expect(
                    outcomeOf(token, verifier) == (asked == present ? "accepted" : "token_alg"))
            }
        }
    }

    /// What an attacker may have at hand of a public key, each of which some library has taken for a
    /// secret.
    private static func forms(of key: PublicKey) throws -> [[UInt8]] {
        let spki = key.pem()
        var texts = pemForms(spki)
        var bytes = [try decoded(spki)]
        if case .rsa(let modulus, let exponent) = key.components {
            let der = pkcs1(modulus: modulus, exponent: exponent)
            bytes.append(der)
            texts += pemForms(
                "-----BEGIN RSA PUBLIC KEY-----\n\(base64(der))\n-----END RSA PUBLIC KEY-----\n")
        }
        if case .ed25519(let point) = key.components {
            let name = Array("ssh-ed25519".utf8)
            let wire = [0, 0, 0, 11] + name + [0, 0, 0, 32] + point
            bytes += [wire, point]
            texts += ["ssh-ed25519 \(base64(wire))", "ssh-ed25519 \(base64(wire)) me@host\n"]
        }
        texts += [jwk(key), #"{"keys":[\#(jwk(key))]}"#, JSONWebKey.thumbprint(of: key)]
        bytes += texts.map { Array($0.utf8) }
        return bytes + bytes.flatMap { [Array(base64($0).utf8), Array(base64URL($0).utf8)] }
    }

    private static func pemForms(_ pem: String) -> [String] {
        let body = pem.split(separator: "\n").dropFirst().dropLast()
        return [
            pem, pem.replacing("\n", with: "\r\n"), " " + pem, "\n" + pem, String(pem.dropLast()),
            pem + "\n", body.joined(), body.joined(separator: "\n"),
        ]
    }

    private static func decoded(_ pem: String) throws -> [UInt8] {
        let body = pem.split(separator: "\n").dropFirst().dropLast().joined()
        let text = String(body.prefix { $0 != "=" }).replacing("+", with: "-")
        return try #require(Base64URL.decode(text.replacing("/", with: "_")))
    }

    /// RSAPublicKey (RFC 8017 A.1.1) of a modulus of 2048 bits.
    private static func pkcs1(modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        let numbers: [UInt8] =
            [0x02, 0x82, 0x01, 0x01, 0x00] + modulus + [0x02, UInt8(exponent.count)] + exponent
        return [0x30, 0x82, UInt8(numbers.count >> 8), UInt8(numbers.count & 0xFF)] + numbers
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let text = base64URL(bytes).replacing("-", with: "+").replacing("_", with: "/")
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Base64URL.encodeToString(bytes.span)
    }
}
