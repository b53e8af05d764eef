import Cryptography
import Testing

@Suite("ECDSA signatures")
struct ECDSARangeTests {
    static let message = Array("header.payload".utf8)
    /// The order n of P-256.
    static let order: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25,
        0x51,
    ]
    static let zero = [UInt8](repeating: 0, count: 32)
    static let one = [UInt8](repeating: 0, count: 31) + [1]
    static let beyond = [UInt8](repeating: 0xFF, count: 32)

    @Test("case 52: r and s of zero, of the order and beyond are refused")
    func ranges() throws {
        let key = try PrivateKey.generate(.es256)
        let verifier = try SignatureVerifier(key: key.publicKey, algorithm: .es256)
        let genuine = try key.sign(Self.message.span, algorithm: .es256)
        let (r, s) = (Array(genuine[..<32]), Array(genuine[32...]))
        #expect(verifier.accepts(genuine, Self.message))
        let values = [Self.zero, Self.one, Self.order, Self.beyond, r, s]
        for first in values {
            for second in values where (first, second) != (r, s) {
                let forged = first + second
                #expect(!verifier.accepts(forged, Self.message))
            }
        }
    }

    @Test("case 53: a DER-encoded signature is refused")
    func derEncoded() throws {
        let key = try PrivateKey.generate(.es256)
        let verifier = try SignatureVerifier(key: key.publicKey, algorithm: .es256)
        let genuine = try key.sign(Self.message.span, algorithm: .es256)
        func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
            let body = (bytes.first ?? 0) >= 0x80 ? [0] + bytes : Array(bytes)
            return [0x02, UInt8(body.count)] + body
        }
        let body = integer(genuine[..<32]) + integer(genuine[32...])
        let der = [0x30, UInt8(body.count)] + body
        #expect(!verifier.accepts(der, Self.message))
    }

    @Test("case 55: the twin with n − s is accepted, like the signature itself")
    func twin() throws {
        let key = try PrivateKey.generate(.es256)
        let verifier = try SignatureVerifier(key: key.publicKey, algorithm: .es256)
        let genuine = try key.sign(Self.message.span, algorithm: .es256)
        var twin = Array(genuine[..<32])
        var borrow = 0
        var difference: [UInt8] = []
        for (minuend, subtrahend) in zip(Self.order, genuine[32...]).reversed() {
            let digit = Int(minuend) - Int(subtrahend) - borrow
            borrow = digit < 0 ? 1 : 0
            difference.insert(UInt8(truncatingIfNeeded: digit), at: 0)
        }
        twin += difference
        #expect(twin != genuine)
        #expect(verifier.accepts(twin, Self.message))
    }

    @Test("integers with leading zeros and with the top bit set are encoded properly")
    func encodings() throws {
        // Random signatures hit every encoding: a leading zero in one of 128, the top bit in half.
        let key = try PrivateKey.generate(.es256)
        let verifier = try SignatureVerifier(key: key.publicKey, algorithm: .es256)
        var sawLeadingZero = false
        var count = 0
        while count < 2_000 && (count < 200 || !sawLeadingZero) {
            let message = Array("message \(count)".utf8)
            let signature = try key.sign(message.span, algorithm: .es256)
            sawLeadingZero = sawLeadingZero || signature[0] == 0 || signature[32] == 0
            #expect(verifier.accepts(signature, message))
            count += 1
        }
        #expect(sawLeadingZero)
    }
}
