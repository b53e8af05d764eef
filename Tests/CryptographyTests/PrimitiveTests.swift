import Cryptography
import Testing

@Suite("Primitives")
struct PrimitiveTests {
    @Test("SHA-256 gives the vectors of FIPS 180-4")
    func sha256() {
        func hex(_ text: String) -> String {
            SHA256.hash(Array(text.utf8).span).map {
                String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
            }.joined()
        }
        #expect(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("SHA-1 gives the vectors of FIPS 180-4")
    func sha1() throws {
        func hex(_ text: String) throws -> String {
            let hash = SHA1.hash(Array(text.utf8).span)
            return try #require(hash).map {
                String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
            }.joined()
        }
        #expect(try hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(try hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
    }

    @Test("random bytes have the length asked for and do not repeat")
    func random() {
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(SecureRandom.bytes(16).count == 16)
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
    }

    @Test("constant-time comparison says what == says")
    func comparison() {
        let samples: [[UInt8]] = [[], [0], [1], [1, 2, 3], [1, 2, 4], [0, 2, 3], [1, 2, 3, 0]]
        for left in samples {
            for right in samples {
                #expect(constantTimeEquals(left, right) == (left == right))
            }
        }
    }
}
