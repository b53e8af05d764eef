import Cryptography
import StrictJSON
import Testing

@testable import TokenVerification

/// C2SP Wycheproof, as far as it is about the algorithms supported. Their payloads are no claims, so
/// these tests end at the signature.
@Suite("Wycheproof", .enabled(if: Vectors.areNamed, Vectors.reason))
struct WycheproofTests {
    @Test(
        "JSON web signatures and keys: the valid are accepted, all others refused",
        arguments: [
            // The counts of valid vectors for our algorithms, and of all refused ones.
            ("json_web_signature_test.json", 10, 300), ("json_web_key_test.json", 1, 20),
            ("json_web_crypto_test.json", 2, 30),
        ])
    func tokens(file: String, leastAccepted: Int, leastRefused: Int) throws {
        let groups = try Vectors.groups(file)
        var accepted = 0
        var refused = 0
        var later = 0
        for group in groups {
            let keys = group["public"] ?? group["private"] ?? .null
            let verifier = verifier(for: keys)
            for test in try #require(group["tests"]?.array) {
                guard let token = test["jws"] else { continue }
                let identifier = try #require(test["tcId"]?.number?.text)
                let outcome = outcome(token, verifier)
                switch try test.text("result") {
                case "valid" where isLater(keys):
                    later += 1
                    #expect(outcome != "accepted", "\(file) \(identifier)")
                case "valid":
                    accepted += 1
                    #expect(outcome == "accepted", "\(file) \(identifier)")
                default:
                    refused += 1
                    #expect(outcome != "accepted", "\(file) \(identifier)")
                }
            }
        }
        print("\(file): \(accepted) accepted, \(refused) refused, \(later) of other algorithms")
        #expect(accepted >= leastAccepted)
        #expect(refused >= leastRefused)
    }

    @Test("encrypted tokens are all refused")
    func encryption() throws {
        let groups = try Vectors.groups("json_web_encryption_test.json")
        let verifier = TokenVerifier(
            keyRing: KeyRing(issuers: [(rules: Forge.rules, keys: try Forge.shared().keySet())]))
        var count = 0
        for test in groups.flatMap({ $0["tests"]?.array ?? [] }) {
            guard let token = test["jwe"]?.string else { continue }
            #expect(outcomeOf(token, verifier) != "accepted")
            count += 1
        }
        print("json_web_encryption_test.json: \(count) refused")
        #expect(count > 100)
    }

    @Test(
        "raw signatures: the valid are accepted, all others refused",
        arguments: [
            ("ecdsa_secp256r1_sha256_p1363_test.json", .es256, 262),
            ("rsa_signature_2048_sha256_test.json", .rs256, 259),
            ("ed25519_test.json", .edDSA, 151),
        ] as [(String, SignatureAlgorithm, Int)])
    func signatures(file: String, algorithm: SignatureAlgorithm, total: Int) throws {
        let groups = try Vectors.groups(file)
        var accepted = 0
        var refused = 0
        var weakKeys = 0
        for group in groups {
            let tests = try #require(group["tests"]?.array)
            let components = try components(try #require(group["publicKey"]), algorithm)
            // The vectors hold two valid signatures under e = 3, which our rules refuse.
            if case .rsa(_, [3]) = components {
                weakKeys += tests.count
                #expect(throws: KeyError.weakExponent) { try PublicKey(components) }
                continue
            }
            let key = try PublicKey(components)
            let verifier = try SignatureVerifier(key: key, algorithm: algorithm)
            for test in tests {
                let signature = try test.hex("sig")
                let message = try test.hex("msg")
                let isValid = verifier.isValid(signature: signature.span, message: message.span)
                let isExpected = test["result"] == .string("valid")
                #expect(isValid == isExpected, "\(file) \(test["tcId"]?.number?.text ?? "")")
                if isValid { accepted += 1 } else { refused += 1 }
            }
        }
        print("\(file): \(accepted) accepted, \(refused) refused, \(weakKeys) under refused keys")
        #expect(accepted > 0 && refused > 0)
        #expect(accepted + refused + weakKeys == total)
        #expect(weakKeys <= 2)
    }

    /// A verifier over the group's keys; nil when they are refused as a set.
    private func verifier(for keys: JSONValue) -> TokenVerifier? {
        let set =
            keys["keys"] == nil
            ? JSONValue.object([JSONMember(name: "keys", value: .array([keys]))]) : keys
        let bytes = JSONWriter.write(set)
        guard let keySet = try? KeySet(jwks: bytes.span) else { return nil }
        return TokenVerifier(keyRing: KeyRing(issuers: [(rules: Forge.rules, keys: keySet)]))
    }

    private func outcome(_ token: JSONValue, _ verifier: TokenVerifier?) -> String {
        guard let verifier else { return "refused with its key set" }
        // The JSON serialization is given as an object.
        let bytes = token.string.map { Array($0.utf8) } ?? JSONWriter.write(token)
        do throws(TokenRejection) {
            let unverified = try verifier.read(bytes.span)
            _ = try verifier.checkSignature(bytes.span, unverified, issuerIndex: 0)
            return "accepted"
        } catch {
            return error.code
        }
    }

    /// Whether the key is for an algorithm that is not supported yet.
    private func isLater(_ keys: JSONValue) -> Bool {
        let key = keys["keys"]?.array?.first ?? keys
        let isSymmetric = key["kty"] == .string("oct")
        guard let name = key["alg"]?.string else { return isSymmetric }
        return isSymmetric || SignatureAlgorithm(joseName: name) == nil
    }

    private func components(
        _ key: JSONValue, _ algorithm: SignatureAlgorithm
    ) throws -> PublicKeyComponents {
        switch algorithm.keyType {
        case .p256, .p384, .p521:
            let point = try key.hex("uncompressed").dropFirst()
            let curve = try #require(EllipticCurve(rawValue: algorithm.keyType.rawValue))
            let width = curve.byteCount
            return .ec(curve, x: Array(point.prefix(width)), y: Array(point.dropFirst(width)))
        case .rsa:
            return .rsa(
                modulus: Array(try key.hex("modulus").drop { $0 == 0 }),
                exponent: Array(try key.hex("publicExponent").drop { $0 == 0 }))
        case .ed25519:
            return .ed25519(try key.hex("pk"))
        case .secret:
            throw KeyError.unsupportedType
        }
    }
}
