import StrictJSON
import Testing

@Suite("Base64url")
struct Base64URLTests {
    @Test(
        "encodes and decodes the vectors of RFC 4648 § 10 without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, encoded: String) throws {
        #expect(Base64URL.encodeToString(Array(plain.utf8).span) == encoded)
        #expect(Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test("decodes what it encodes, at every length")
    func roundTrip() {
        for count in 0..<200 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(Base64URL.decode(Base64URL.encode(bytes.span).span) == bytes)
        }
    }

    @Test(
        "refuses padding, white space, other alphabets and impossible lengths",
        arguments: [
            "Zg==", "Zm8=", "=", "Zm9v=", "Zm 9v", " Zm9v", "Zm9v\n", "Zm9v\r", "Zm9v\t", "+_8A",
            "-/8A", "Zm9?", "Zm9v\u{0}", "Zé9v", "A", "Zm9vY", "Zm9.", "Zm9v%3D", "Zm9v,",
        ])
    func refusals(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test("of all last characters exactly the canonical ones decode")
    func canonicalBits() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        let two = alphabet.filter { Base64URL.decode("A\($0)") != nil }
        let three = alphabet.filter { Base64URL.decode("AA\($0)") != nil }
        #expect(two == "AQgw")
        #expect(three == "AEIMQUYcgkosw048")
    }

    @Test("every byte outside the alphabet is refused at every position of a group")
    func everyByte() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for byte in UInt8.min ... .max {
            for position in 0..<4 {
                var text = Array("AAAA".utf8)
                text[position] = byte
                #expect((Base64URL.decode(text.span) != nil) == alphabet.contains(byte))
            }
        }
    }
}
