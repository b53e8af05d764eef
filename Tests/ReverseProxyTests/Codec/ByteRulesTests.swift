import TestSupport
import Testing

@testable import ReverseProxy

@Suite("ByteRules")
struct ByteRulesTests {
    private static let digits = Array("0123456789".utf8)
    private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

    @Test("knows exactly the token bytes of RFC 9110 § 5.6.2")
    func tokens() {
        let tchar = Self.digits + Self.letters + Array("!#$%&'*+-.^_`|~".utf8)
        for byte in UInt8.min...UInt8.max {
            #expect(ByteRules.isToken(byte) == tchar.contains(byte), "\(byte)")
        }
    }

    @Test("a plain name has letters, digits and hyphens only")
    func plainNames() {
        let plain = Self.digits + Self.letters + [UInt8(ascii: "-")]
        for byte in UInt8.min...UInt8.max {
            #expect(ByteRules.isPlainName(byte) == plain.contains(byte), "\(byte)")
        }
    }

    @Test("knows the decimal and the hexadecimal digits")
    func digits() {
        for byte in UInt8.min...UInt8.max {
            let character = Character(Unicode.Scalar(byte))
            #expect(ByteRules.isDigit(byte) == Self.digits.contains(byte))
            let value = character.isASCII ? character.hexDigitValue : nil
            #expect(ByteRules.hexValue(byte) == value.map(UInt64.init), "\(byte)")
        }
    }

    @Test("finds each control byte but tab at each place")
    func firstControl() {
        for byte in UInt8.min...UInt8.max {
            let isControl = (byte < 0x20 && byte != 0x09) || byte == 0x7F
            for length in 1...20 {
                for place in 0..<length {
                    var bytes = [UInt8](repeating: 0x61, count: length)
                    bytes[place] = byte
                    let found = bytes.span.firstControl(from: 0)
                    #expect(found == (isControl ? place : length))
                }
            }
        }
    }

    @Test("finds the same control byte as a search byte by byte")
    func firstControlAtRandom() {
        var random = SeededGenerator(for: "first control byte")
        for _ in 0..<propertyRounds(2_000) {
            // Mostly harmless bytes, many of them next to the borders of what is searched for.
            let harmless: [UInt8] = [0x09, 0x20, 0x21, 0x7E, 0x80, 0x8D, 0xFF, 0xA0, 0x9F]
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...70, using: &random) {
                let isAny = Int.random(in: 0..<40, using: &random) == 0
                bytes.append(
                    isAny ? UInt8.random(in: 0...255, using: &random) : random.pick(harmless))
            }
            let start = Int.random(in: 0...bytes.count, using: &random)
            let naive =
                bytes[start...].firstIndex { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }
                ?? bytes.count
            let found = bytes.span.firstControl(from: start)
            #expect(found == naive, "\(bytes) from \(start)")
        }
    }

    @Test(
        "spells a word in either case, and nothing that only looks alike",
        arguments: [
            ("chunked", true), ("CHUNKED", true), ("cHuNkEd", true), ("chunke", false),
            ("chunkedd", false), ("chunke\u{4}", false), ("\u{3}hunked", false), ("", false),
            ("xhunked", false),
        ])
    func spells(_ text: String, _ expected: Bool) {
        let bytes = wireBytes("  " + text + "  ")
        let range = ByteRange(2, 2 + text.utf8.count)
        let isSpelled = bytes.span.spells("chunked", in: range)
        #expect(isSpelled == expected)
    }

    @Test("a hyphen is not spelled by the byte that differs from it in the case bit")
    func hyphen() {
        for (text, expected) in [("keep-alive", true), ("keep\ralive", false)] {
            let bytes = wireBytes(text)
            let isSpelled = bytes.span.spells("keep-alive", in: ByteRange(0, 10))
            #expect(isSpelled == expected)
        }
    }
}
