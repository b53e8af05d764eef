import TestSupport
import Testing

@testable import StrictJSON

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

    @Test("every byte outside the alphabet is refused wherever it stands, whatever the length")
    func everyPlace() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for count in [15, 16, 17 + 1, 31, 32, 47, 48] {
            for place in 0..<count {
                for byte in UInt8.min ... .max where !alphabet.contains(byte) {
                    var text = [UInt8](repeating: UInt8(ascii: "A"), count: count)
                    text[place] = byte
                    #expect(Base64URL.decode(text.span) == nil, "\(byte) at \(place) of \(count)")
                }
            }
        }
    }

    @Test(
        "sixteen digits at once say the same as one after the other"
    )
    func wide() {
        var random = SeededGenerator(for: "base64url")
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var accepted = 0
        let rounds = propertyRounds(3_000)
        for _ in 0..<rounds {
            var text = (0..<Int.random(in: 0...130, using: &random)).map { _ in random.pick(digits)
            }
            if random.pick([true, false]), let last = text.indices.last {
                // Often enough with spare bits that are zero.
                text[last] = UInt8(ascii: "A")
            }
            if random.pick([true, false, false, false]),
                let place = text.indices.randomElement(using: &random)
            {
                text[place] = UInt8.random(in: .min ... .max, using: &random)
            }
            let count = Base64URL.decodedCount(text.count)
            // Exactly the room that is promised; the address sanitizer sees what goes beyond.
            var wide = [UInt8](repeating: 0, count: count)
            var narrow = wide
            let found = Base64URL.decode(text.span, into: &wide)
            var span = narrow.mutableSpan
            let expected = Base64URL.decodeByBytes(text.span, into: &span)
            #expect(found == expected, "\(text) seed \(random.seed)")
            guard let found else { continue }
            accepted += 1
            #expect(found == count && wide == narrow, "\(text) seed \(random.seed)")
        }
        #expect(accepted > rounds / 4)
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
