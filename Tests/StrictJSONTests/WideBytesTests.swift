import StrictJSON
import Testing

/// Every place within and across the words that are looked at as one.
@Suite("Bytes eight at a time")
struct WideBytesTests {
    @Test("finds a byte wherever it is, and nothing where it is not")
    func firstIndex() {
        for count in 0..<80 {
            var bytes = [UInt8](repeating: 0x2F, count: count)
            #expect(find(0x2E, in: bytes, from: 0) == nil)
            for index in 0..<count {
                bytes[index] = 0x2E
                #expect(find(0x2E, in: bytes, from: 0) == index)
                #expect(find(0x2E, in: bytes, from: index) == index)
                #expect(find(0x2E, in: bytes, from: index + 1) == nil)
                bytes[index] = 0xAE
            }
        }
    }

    @Test("tells texts apart that differ in one bit, and only those")
    func sameBytes() {
        for count in 0..<40 {
            let bytes = (0..<count).map { UInt8($0) }
            #expect(isSame(bytes, bytes))
            #expect(!isSame(bytes, (bytes + [0])))
            for index in 0..<count {
                var other = bytes
                other[index] ^= 0x80
                #expect(!isSame(bytes, other))
            }
        }
    }

    @Test("knows printable ASCII from all other bytes")
    func printable() {
        for count in [1, 7, 8, 9, 16, 21] {
            for index in 0..<count {
                for byte in UInt8.min ... .max {
                    var bytes = [UInt8](repeating: 0x41, count: count)
                    bytes[index] = byte
                    #expect(isPrintable(bytes) == (0x20..<0x7F).contains(byte))
                }
            }
        }
    }

    @Test("a byte outside base64url's alphabet is found at every place of a long text")
    func base64URL() {
        let text = [UInt8](repeating: UInt8(ascii: "A"), count: 44)
        for index in text.indices {
            for byte in [0, 0x2B, 0x2E, 0x2F, 0x3D, 0x40, 0x5B, 0x60, 0x7B, 0x7F, 0x80, 0xC1, 0xFF]
            {
                var changed = text
                changed[index] = UInt8(byte)
                #expect(Base64URL.decode(changed.span) == nil)
                var buffer = [UInt8](repeating: 0, count: 100)
                #expect(Base64URL.decode(changed.span, into: &buffer) == nil)
            }
        }
        #expect(Base64URL.decode(text.span)?.count == 33)
    }

    @Test("decodes the same into a buffer of any length that holds it")
    func buffers() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 11) }
            let text = Base64URL.encode(bytes.span)
            for spare in 0..<18 {
                var buffer = [UInt8](repeating: 0, count: count + spare)
                #expect(Base64URL.decode(text.span, into: &buffer) == count)
                #expect(buffer.prefix(count).elementsEqual(bytes))
            }
        }
    }

    @Test("a text ends at its quote, and escapes, controls and bad UTF-8 are seen, at every place")
    func texts() throws {
        for length in 0..<26 {
            let plain = String(repeating: "x", count: length)
            #expect(try read("[\"\(plain)\",\"y\"]").array?.first?.string == plain)
            #expect(try read("[\"\(plain)\\n\",\"y\"]").array?.first?.string == plain + "\n")
            #expect(try read("[\"\(plain)é\",\"y\"]").array?.first?.string == plain + "é")
            #expect(throws: JSONError(.controlCharacter, at: 0)) {
                try read("[\"\(plain)\u{1F}\",\"y\"]")
            }
            #expect(try read("[\"\(plain)\u{7F}\"]").array?.first?.string == plain + "\u{7F}")
            for bad in [[0x80], [0xFF], [0xC3], [0xED, 0xA0, 0x80]] as [[UInt8]] {
                for tail in ["", "yyyyyyyyyyyyyyyy"] {
                    let bytes = Array("[\"\(plain)".utf8) + bad + Array("\(tail)\"]".utf8)
                    #expect(throws: JSONError(.invalidUTF8, at: 0)) {
                        try JSONReader.read(bytes.span, limits: .payload)
                    }
                }
            }
        }
    }

    private func find(_ byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
        bytes.span.firstIndex(of: byte, from: start)
    }

    private func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.span.hasSameBytes(as: right.span)
    }

    private func isPrintable(_ bytes: [UInt8]) -> Bool { bytes.span.isPrintableASCII }

    private func read(_ text: String) throws -> JSONValue {
        try JSONReader.read(Array(text.utf8).span, limits: .payload)
    }
}
