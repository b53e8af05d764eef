import Cryptography
import StrictJSON
import Testing

@testable import TokenVerification

/// C2SP Wycheproof: JSON web signatures, keys and encryption. The payloads are no claims, so these
/// tests end at the signature.
@Suite("Wycheproof tokens", .enabled(if: Vectors.areNamed, Vectors.reason))
struct WycheproofTests {
    @Test(
        "JSON web signatures and keys: the valid are accepted, all others refused",
        arguments: [
            TokenVectors(
                file: "json_web_signature_test.json", accepted: 42, refused: 359,
                refusedThoughValid: [
                    // The key is for PS256, the token is signed with PS384.
                    346, 350,
                    // The key's `alg` is `ES521`, which is no registered name.
                    347, 351,
                    // A question mark within base64url.
                    372, 373,
                ],
                // Called badly padded, but byte for byte the token 357, which is called valid.
                acceptedThoughInvalid: [367, 370]),
            TokenVectors(file: "json_web_key_test.json", accepted: 5, refused: 21),
            TokenVectors(
                file: "json_web_crypto_test.json", accepted: 4, refused: 79,
                // Encrypted tokens, which are never accepted.
                refusedThoughValid: [50, 67]),
            TokenVectors(
                file: "json_web_encryption_test.json", accepted: 0, refused: 139,
                refusesAllValid: true),
        ])
    func tokens(vectors: TokenVectors) throws {
        var accepted: [Int] = []
        var refused: [Int] = []
        var expected: [Int] = []
        for group in try Vectors.groups(vectors.file) {
            let verifier = verifier(for: group["public"] ?? group["private"] ?? .null)
            for test in try #require(group["tests"]?.array) {
                let identifier = try test.identifier
                let token = try #require(test["jws"] ?? test["jwe"])
                if outcome(token, verifier) == "accepted" {
                    accepted.append(identifier)
                } else {
                    refused.append(identifier)
                }
                if try vectors.expects(test) { expected.append(identifier) }
            }
        }
        print("\(vectors.file): \(accepted.count) accepted, \(refused.count) refused")
        #expect(accepted == expected)
        #expect(accepted.count == vectors.accepted && refused.count == vectors.refused)
    }

    @Test("encrypted tokens are refused for their form, whatever the keys")
    func encryption() throws {
        let forge = try Forge.shared()
        let verifiers = [try forge.verifier(), try forge.verifier(for: .hs256)]
        var refused = 0
        for test in try Vectors.tests("json_web_encryption_test.json") {
            let token = try #require(test["jwe"])
            for verifier in verifiers {
                #expect(
                    ["token_malformed", "token_too_large"].contains(outcome(token, verifier)))
            }
            refused += 1
        }
        #expect(refused == 139)
    }

    @Test("tokens 367 and 370, called invalid, are the token 357, called valid")
    func contradiction() throws {
        let tests = try Vectors.tests("json_web_signature_test.json")
        let tokens = try [357, 367, 370].map { number in
            try #require(tests.first { try $0.identifier == number })
        }
        #expect(tokens.map { $0["result"]?.string } == ["valid", "invalid", "invalid"])
        #expect(Set(try tokens.map { try $0.text("jws") }).count == 1)
    }

    @Test(
        "case 65: the keys with the ROCA fingerprint are refused for it",
        arguments: [("json_web_key_test.json", 7), ("json_web_crypto_test.json", 46)])
    func vulnerableKeys(file: String, number: Int) throws {
        let group = try #require(
            try Vectors.groups(file).first { group in
                try group["tests"]?.array?.contains { try $0.identifier == number } ?? false
            })
        let keys = try #require(group["public"])
        let key = keys["keys"]?.array?.first ?? keys
        let modulus = try #require(Base64URL.decode(try key.text("n")))
        #expect(throws: KeyError.vulnerableModulus) {
            try PublicKey(.rsa(modulus: modulus, exponent: [1, 0, 1]))
        }
    }

    /// A verifier over the group's keys, read as public keys or else as secrets; nil when they are
    /// refused as a set.
    private func verifier(for keys: JSONValue) -> TokenVerifier? {
        let set =
            keys["keys"] == nil
            ? JSONValue.object([JSONMember(name: "keys", value: .array([keys]))]) : keys
        let bytes = JSONWriter.write(set)
        guard let keySet = (try? KeySet(jwks: bytes.span)) ?? (try? KeySet(secret: bytes.span))
        else { return nil }
        var rules = Forge.rules
        rules.algorithms = Set(SignatureAlgorithm.allCases)
        return TokenVerifier(keyRing: KeyRing(issuers: [(rules: rules, keys: keySet)]))
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
}

/// A file of tokens, and what is to become of them.
struct TokenVectors: Sendable, CustomTestStringConvertible {
    let file: String
    let accepted: Int
    let refused: Int
    /// Numbers of tokens that the file calls valid, and that we refuse all the same.
    var refusedThoughValid: [Int] = []
    /// Numbers of tokens that the file calls invalid, and that are not.
    var acceptedThoughInvalid: [Int] = []
    var refusesAllValid = false

    var testDescription: String { file }

    func expects(_ test: JSONValue) throws -> Bool {
        let identifier = try test.identifier
        if acceptedThoughInvalid.contains(identifier) { return true }
        return try test.text("result") == "valid" && !refusesAllValid
            && !refusedThoughValid.contains(identifier)
    }
}
