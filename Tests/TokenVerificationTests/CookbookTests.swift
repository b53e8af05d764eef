import Cryptography
import StrictJSON
import Testing

@testable import TokenVerification

/// The examples of RFC 7520, RFC 8037 and RFC 7797.
@Suite("Cookbook", .enabled(if: Vectors.areNamed, Vectors.reason))
struct CookbookTests {
    static let signatures: [(path: String, isAccepted: Bool)] = [
        ("jws/4_1.rsa_v15_signature.json", true), ("jws/4_2.rsa-pss_signature.json", true),
        ("jws/4_3.ecdsa_signature.json", true),
        ("jws/4_4.hmac-sha2_integrity_protection.json", true), ("curve25519/jws.json", true),
        ("jws/4_5.signature_with_detached_content.json", false),
        ("jws/4_6.protecting_specific_header_fields.json", false),
        ("jws/4_7.protecting_content_only.json", false),
        ("jws/4_8.multiple_signatures.json", false),
    ]
    static let unencoded = [
        "rfc7797/4.2.hmac-sha2_b64_false.json", "rfc7797/hmac-sha2_b64_false.json",
    ]
    static let publicKeys = ["jwk/3_1.ec_public_key.json", "jwk/3_3.rsa_public_key.json"]
    static let privateKeys = ["jwk/3_2.ec_private_key.json", "jwk/3_4.rsa_private_key.json"]
    static let secrets = [
        (path: "jwk/3_5.symmetric_key_mac_computation.json", isUsable: true),
        (path: "jwk/3_6.symmetric_key_encryption.json", isUsable: false),
    ]

    static var files: [String] {
        signatures.map(\.path) + unencoded + publicKeys + privateKeys + secrets.map(\.path)
    }

    @Test("compact examples are accepted, all others refused", arguments: signatures)
    func examples(path: String, isAccepted: Bool) throws {
        let example = try Vectors.read("cookbook/\(path)")
        let output = try #require(example["output"])
        let keys = try #require(example["input"]?["key"])
        let forms = [output["compact"], output["json"], output["json_flat"]].compactMap { $0 }
        var accepted = 0
        for form in forms {
            let bytes = form.string.map { Array($0.utf8) } ?? JSONWriter.write(form)
            for key in keys.array ?? [keys] where try accepts(bytes, key) {
                #expect(form.string != nil)
                accepted += 1
            }
        }
        print("cookbook/\(path): \(accepted) accepted, \(forms.count - accepted) refused")
        #expect(accepted == (isAccepted ? 1 : 0))
    }

    @Test("unencoded payloads are refused", arguments: unencoded)
    func unencodedPayloads(path: String) throws {
        let example = try Vectors.read("cookbook/\(path)")
        let cases = example.array ?? [example]
        #expect(!cases.isEmpty)
        for example in cases {
            let output = try #require(example["output"])
            for form in output.members ?? [] {
                let bytes =
                    form.value.string.map { Array($0.utf8) } ?? JSONWriter.write(form.value)
                #expect(try !accepts(bytes, try #require(example["input"]?["key"])))
            }
        }
    }

    @Test("public keys are read, and give back their numbers", arguments: publicKeys)
    func publicKey(path: String) throws {
        let value = try Vectors.read("cookbook/\(path)")
        let bytes = Self.set(value)
        let key = try #require(try KeySet(jwks: bytes.span).keys.first)
        #expect(key.keyID == "bilbo.baggins@hobbiton.example")
        for member in JSONWebKey.members(of: try #require(key.material.publicKey)) {
            #expect(value[member.name] == member.value)
        }
    }

    @Test("private keys refuse their set", arguments: privateKeys)
    func privateKey(path: String) throws {
        let bytes = Self.set(try Vectors.read("cookbook/\(path)"))
        #expect { try KeySet(jwks: bytes.span) } throws: {
            ($0 as? KeySetError)?.reason == .secretMember
        }
        #expect { try KeySet(secret: bytes.span) } throws: {
            ($0 as? KeySetError)?.reason == .notSymmetric
        }
    }

    @Test("secrets are read as such only, and only those for signatures", arguments: secrets)
    func secret(path: String, isUsable: Bool) throws {
        let bytes = Self.set(try Vectors.read("cookbook/\(path)"))
        #expect { try KeySet(jwks: bytes.span) } throws: {
            ($0 as? KeySetError)?.reason == .secretMember
        }
        let set = try KeySet(secret: bytes.span)
        #expect(set.keys.flatMap(\.algorithms) == (isUsable ? [.hs256] : []))
        #expect(set.skipped.count == (isUsable ? 0 : 1))
    }

    private func accepts(_ token: [UInt8], _ key: JSONValue) throws -> Bool {
        // The examples give the private keys.
        let publicMembers = (key.members ?? []).filter {
            !["d", "p", "q", "dp", "dq", "qi"].contains($0.name)
        }
        let bytes = Self.set(.object(publicMembers))
        let isSecret = key["kty"] == .string("oct")
        let keySet = isSecret ? try KeySet(secret: bytes.span) : try KeySet(jwks: bytes.span)
        #expect(keySet.keys.count == 1)
        var rules = Forge.rules
        rules.algorithms = Set(SignatureAlgorithm.allCases)
        rules.allowMissingKeyID = true
        let verifier = TokenVerifier(keyRing: KeyRing(issuers: [(rules: rules, keys: keySet)]))
        do throws(TokenRejection) {
            let unverified = try verifier.read(token.span)
            _ = try verifier.checkSignature(token.span, unverified, issuerIndex: 0)
            return true
        } catch {
            return false
        }
    }

    private static func set(_ key: JSONValue) -> [UInt8] {
        JSONWriter.write(.object([JSONMember(name: "keys", value: .array([key]))]))
    }
}
