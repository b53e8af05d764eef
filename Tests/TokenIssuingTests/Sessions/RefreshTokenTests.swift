import Cryptography
import StrictJSON
import TestSupport
import Testing
import TokenVerification

@testable import TokenIssuing

@Suite("Refresh tokens")
struct RefreshTokenTests {
    let keys: RefreshKeys
    let token = RefreshToken.first(of: .random())

    init() throws {
        keys = try #require(RefreshKeys(bytes: RefreshKeys.generate()))
    }

    @Test("have the documented form")
    func form() throws {
        let text = token.text(keys)
        #expect(text.hasPrefix("ort_"))
        let bytes = try #require(Base64URL.decode(String(text.dropFirst(4))))
        #expect(bytes.count == 70)
        #expect(bytes[0] == 1 && bytes[1] == 1)
        #expect(Array(bytes[2..<18]) == token.session.bytes)
        #expect(Array(bytes[18..<22]) == [0, 0, 0, 0])
        #expect(SHA256.hash(Array(bytes[22..<54]).span) == token.hash)
        let mac = HMACSHA256.authenticate(
            Array(bytes[..<54]).span, key: keys.authentication.span)
        #expect(Array(bytes[54...]) == Array(mac[..<16]))
    }

    @Test("are read back as they were written, in any generation")
    func roundTrip() throws {
        var token = token
        for generation in 0..<300 {
            let read = try #require(RefreshToken(token.text(keys), keys: keys))
            #expect(read.session == token.session)
            #expect(read.generation == UInt32(generation))
            #expect(read.hash == token.hash)
            token = token.successor(salt: SecureRandom.bytes(16), keys)
        }
    }

    @Test("any changed byte, any other length and any other alphabet is refused")
    func damaged() throws {
        let text = token.text(keys)
        for index in text.utf8.indices {
            for replacement: UInt8 in [0x41, 0x42, 0x2D, 0x3D, 0x20, 0x00] {
                var bytes = Array(text.utf8)
                let position = text.utf8.distance(from: text.utf8.startIndex, to: index)
                guard bytes[position] != replacement else { continue }
                bytes[position] = replacement
                #expect(RefreshToken(String(decoding: bytes, as: UTF8.self), keys: keys) == nil)
            }
        }
        for other in [
            "", "ort_", text + "A", String(text.dropLast()), text + "=", " " + text,
            text.uppercased(), String(text.dropFirst(4)), "ort-" + text.dropFirst(4),
        ] {
            #expect(RefreshToken(other, keys: keys) == nil)
        }
    }

    @Test("what is not base64url's one spelling is refused")
    func canonical() throws {
        // 70 bytes leave four spare bits in the last digit, of which only zeros are canonical.
        let text = token.text(keys)
        let spellings = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .filter { RefreshToken(text.dropLast() + String($0), keys: keys) != nil }
        #expect(spellings.count == 1)
    }

    @Test("another version, another key ID and another key are refused, even with a right MAC")
    func foreign() throws {
        let bytes = try #require(Base64URL.decode(String(token.text(keys).dropFirst(4))))
        func signed(_ index: Int, _ value: UInt8) -> String {
            var changed = Array(bytes[..<54])
            changed[index] = value
            let mac = HMACSHA256.authenticate(changed.span, key: keys.authentication.span)
            changed += mac[..<16]
            return "ort_" + Base64URL.encodeToString(changed.span)
        }
        #expect(RefreshToken(signed(0, 1), keys: keys) != nil)
        #expect(RefreshToken(signed(0, 2), keys: keys) == nil)
        #expect(RefreshToken(signed(1, 2), keys: keys) == nil)
        let others = try #require(RefreshKeys(bytes: RefreshKeys.generate()))
        #expect(RefreshToken(token.text(others), keys: keys) == nil)
    }

    @Test("the successor follows from token, salt and key, and from each of them")
    func successor() throws {
        let salt = SecureRandom.bytes(16)
        let child = token.successor(salt: salt, keys)
        #expect(child.generation == 1)
        #expect(child.session == token.session)
        #expect(child.text(keys) == token.successor(salt: salt, keys).text(keys))
        #expect(child.hash != token.hash)
        #expect(child.hash != token.successor(salt: SecureRandom.bytes(16), keys).hash)
        #expect(child.hash != child.successor(salt: salt, keys).hash)
        #expect(
            child.hash != RefreshToken.first(of: token.session).successor(salt: salt, keys).hash)
        var bytes = RefreshKeys.generate()
        bytes.replaceSubrange(..<32, with: keys.authentication)
        let otherDerivation = try #require(RefreshKeys(bytes: bytes))
        #expect(child.hash != token.successor(salt: salt, otherDerivation).hash)
    }

    @Test("the successor is HKDF of the documented inputs")
    func derivation() throws {
        let salt = SecureRandom.bytes(16)
        let bytes = try #require(Base64URL.decode(String(token.text(keys).dropFirst(4))))
        let key = Array(bytes[22..<54])
        let info = Array("rt".utf8) + token.session.bytes + [0, 0, 0, 1]
        let longSalt = salt + keys.derivation
        let secret = HKDFSHA256.derive(
            key: key.span, salt: longSalt.span, info: info.span, count: 32)
        #expect(token.successor(salt: salt, keys).hash == SHA256.hash(secret.span))
    }

    @Test("keys need 64 bytes, not all zero")
    func keyBytes() {
        #expect(RefreshKeys.generate().count == 64)
        #expect(RefreshKeys(bytes: SecureRandom.bytes(63)) == nil)
        #expect(RefreshKeys(bytes: SecureRandom.bytes(65)) == nil)
        #expect(RefreshKeys(bytes: []) == nil)
        #expect(RefreshKeys(bytes: [UInt8](repeating: 0, count: 64)) == nil)
    }

    @Test("random texts are refused and never trap")
    func randomTexts() {
        var generator = SeededGenerator(for: "refresh token texts")
        let digits = Array("ABCabc019-_=+/ .ort".utf8)
        for _ in 0..<propertyRounds(2_000) {
            let count = Int.random(in: 0...120, using: &generator)
            let text =
                "ort_"
                + (0..<count).map { _ in
                    String(Unicode.Scalar(generator.pick(digits)))
                }.joined()
            #expect(RefreshToken(text, keys: keys) == nil)
        }
    }
}
