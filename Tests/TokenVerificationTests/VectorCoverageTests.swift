import Foundation
import Testing

/// So that no vector is left out unnoticed.
@Suite("Vector files", .enabled(if: Vectors.areNamed, Vectors.reason))
struct VectorCoverageTests {
    /// Files that a suite reads whole.
    static let covered = [
        "wycheproof/json_web_signature_test.json", "wycheproof/json_web_key_test.json",
        "wycheproof/json_web_crypto_test.json", "wycheproof/json_web_encryption_test.json",
        "wycheproof/ecdsa_secp256r1_sha256_p1363_test.json",
        "wycheproof/ecdsa_secp384r1_sha384_p1363_test.json",
        "wycheproof/ecdsa_secp521r1_sha512_p1363_test.json", "wycheproof/ed25519_test.json",
        "wycheproof/rsa_signature_2048_sha256_test.json",
        "wycheproof/rsa_pss_2048_sha256_mgf1_32_test.json", "wycheproof/hmac_sha256_test.json",
        "wycheproof/hmac_sha384_test.json", "wycheproof/hmac_sha512_test.json",
        "wycheproof/hkdf_sha256_test.json",
    ]

    /// They are about password hashes that nothing here reads yet: accounts have Argon2id alone.
    static let passwordHashes = [
        "wycheproof/pbkdf2_hmacsha1_test.json", "wycheproof/pbkdf2_hmacsha256_test.json",
        "django_hash_vectors.json",
    ]

    @Test("every file is either read by a suite or named as not read, with the reason")
    func coverage() throws {
        let files = try Vectors.files().filter { $0.hasSuffix(".json") }
        let cookbook = files.filter { $0.hasPrefix("cookbook/") }
        #expect(Set(cookbook) == Set(CookbookTests.files.map { "cookbook/\($0)" }))
        let others = Set(files).subtracting(cookbook)
        #expect(others == Set(Self.covered + Self.passwordHashes))
        for file in Self.passwordHashes {
            print("\(file): not run, because password hashes other than Argon2id are not read yet")
        }
    }
}
