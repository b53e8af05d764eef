import Cryptography
import StrictJSON
import Testing

@testable import TokenVerification

/// The examples of RFC 7520, RFC 8037 and RFC 7797.
@Suite("Cookbook", .enabled(if: Vectors.areNamed, Vectors.reason))
struct CookbookTests {
    @Test(
        "compact examples of our algorithms are accepted, all others refused",
        arguments: [
            ("jws/4_1.rsa_v15_signature.json", true), ("curve25519/jws.json", true),
            ("jws/4_2.rsa-pss_signature.json", false), ("jws/4_3.ecdsa_signature.json", false),
            ("jws/4_4.hmac-sha2_integrity_protection.json", false),
            ("jws/4_5.signature_with_detached_content.json", false),
            ("jws/4_6.protecting_specific_header_fields.json", false),
            ("jws/4_7.protecting_content_only.json", false),
            ("jws/4_8.multiple_signatures.json", false),
        ])
    func examples(path: String, isAccepted: Bool) throws {
        let example = try Vectors.read("cookbook/\(path)")
        let output = try #require(example["output"])
        let key = try #require(example["input"]?["key"])
        let forms = [output["compact"], output["json"], output["json_flat"]].compactMap { $0 }
        #expect(!forms.isEmpty)
        for form in forms {
            let bytes = form.string.map { Array($0.utf8) } ?? JSONWriter.write(form)
            #expect(accepts(bytes, key) == (isAccepted && form.string != nil))
        }
    }

    @Test("unencoded payloads are refused", arguments: ["4.2.", ""])
    func unencoded(prefix: String) throws {
        let path = "cookbook/rfc7797/\(prefix)hmac-sha2_b64_false.json"
        let example = try Vectors.read(path)
        let cases = example.array ?? [example]
        #expect(!cases.isEmpty)
        for example in cases {
            let output = try #require(example["output"])
            for form in output.members ?? [] {
                let bytes =
                    form.value.string.map { Array($0.utf8) } ?? JSONWriter.write(form.value)
                #expect(!accepts(bytes, example["input"]?["key"] ?? .null))
            }
        }
    }

    private func accepts(_ token: [UInt8], _ key: JSONValue) -> Bool {
        // The examples give the private keys.
        let publicMembers = (key.members ?? []).filter {
            !["d", "p", "q", "dp", "dq", "qi"].contains($0.name)
        }
        let set = JSONValue.object([
            JSONMember(name: "keys", value: .array([.object(publicMembers)]))
        ])
        guard let keySet = try? KeySet(jwks: JSONWriter.write(set).span) else { return false }
        var rules = Forge.rules
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
}
