import Cryptography
import Foundation
import Testing

@Suite("Public keys")
struct PublicKeyTests {
    static let exponent: [UInt8] = [1, 0, 1]

    /// A random odd number of exactly that many bits: no key anyone has a private half of.
    static func modulus(bits: Int) -> [UInt8] {
        var bytes = SecureRandom.bytes((bits + 7) / 8)
        let unused = bytes.count * 8 - bits
        bytes[0] = bytes[0] & (0xFF >> UInt8(unused)) | 0x80 >> UInt8(unused)
        bytes[bytes.count - 1] |= 1
        return bytes
    }

    @Test("case 63: RSA moduli outside 2048 to 8192 bits are refused")
    func modulusLengths() throws {
        for bits in [512, 1024, 1536, 2040, 2047] {
            #expect(throws: KeyError.modulusTooShort) { try Self.rsa(Self.modulus(bits: bits)) }
        }
        for bits in [8193, 16384] {
            #expect(throws: KeyError.modulusTooLong) { try Self.rsa(Self.modulus(bits: bits)) }
        }
        for bits in [2048, 3072, 4096, 8192] {
            // Most random numbers have a small factor; some soon has none.
            let isAccepted = (0..<500).contains { _ in
                (try? Self.rsa(Self.modulus(bits: bits))) != nil
            }
            #expect(isAccepted, "\(bits) bits")
        }
    }

    @Test("RSA moduli that are even, have a small factor or a leading zero are refused")
    func weakModuli() throws {
        var even = Self.modulus(bits: 2048)
        even[255] &= 0xFE
        #expect(throws: KeyError.weakModulus) { try Self.rsa(even) }
        // 2^2048 − 1 is divisible by 3.
        #expect(throws: KeyError.weakModulus) { try Self.rsa([UInt8](repeating: 0xFF, count: 256)) }
        let padded = [0] + Self.modulus(bits: 2048)
        #expect(throws: KeyError.malformed) { try Self.rsa(padded) }
        #expect(throws: KeyError.malformed) { try Self.rsa([]) }
    }

    @Test(
        "case 64: RSA exponents that are even, small or beyond 2^33 are refused",
        arguments: [
            [1], [2], [3], [17], [0xFF, 0xFF], [1, 0, 0], [1, 0, 2], [2, 0, 0, 0, 1],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [1, 0, 0, 0, 0, 1],
        ] as [[UInt8]])
    func exponents(exponent: [UInt8]) throws {
        let modulus = try Self.genuineModulus()
        #expect(throws: KeyError.weakExponent) {
            try PublicKey(.rsa(modulus: modulus, exponent: exponent))
        }
    }

    @Test("RSA exponents from 65537 to 2^33 are accepted")
    func goodExponents() throws {
        let modulus = try Self.genuineModulus()
        for exponent in [[1, 0, 1], [1, 0, 3], [1, 0xFF, 0xFF, 0xFF, 0xFF]] as [[UInt8]] {
            let key = try PublicKey(.rsa(modulus: modulus, exponent: exponent))
            #expect(key.type == .rsa)
        }
        #expect(throws: KeyError.malformed) {
            try PublicKey(.rsa(modulus: modulus, exponent: [0, 1, 0, 1]))
        }
    }

    @Test("case 65: a modulus with the ROCA fingerprint is refused")
    func roca() throws {
        // 65537^128 is odd, has 2049 bits and is a power of 65537 modulo every prime.
        var power: [UInt8] = [1]
        for _ in 0..<128 {
            var carry: UInt64 = 0
            var next: [UInt8] = []
            for digit in power.reversed() {
                carry += UInt64(digit) * 65537
                next.insert(UInt8(truncatingIfNeeded: carry), at: 0)
                carry >>= 8
            }
            while carry > 0 {
                next.insert(UInt8(truncatingIfNeeded: carry), at: 0)
                carry >>= 8
            }
            power = next
        }
        #expect(power.count == 257)
        #expect(throws: KeyError.vulnerableModulus) { try Self.rsa(power) }
    }

    @Test(
        "case 66: points off the curve or of other lengths are refused",
        arguments: EllipticCurve.allCases)
    func curvePoints(curve: EllipticCurve) throws {
        let genuine = try SharedKeys.privateKey(curve.keyType).publicKey
        guard case .ec(_, let x, var y) = genuine.components else {
            Issue.record("not a key of an elliptic curve")
            return
        }
        #expect(try PublicKey(.ec(curve, x: x, y: y)) == genuine)
        for (x, y) in [
            ([0] + x, y), (x, [0] + y), (Array(x.dropFirst()), y), (x, Array(y.dropLast())),
            (x, []), ([], []),
        ] {
            #expect(throws: KeyError.wrongLength) { try PublicKey(.ec(curve, x: x, y: y)) }
        }
        let zero = [UInt8](repeating: 0, count: curve.byteCount)
        let beyond = [UInt8](repeating: 0xFF, count: curve.byteCount)
        y[curve.byteCount - 1] ^= 1
        for (x, y) in [(zero, zero), (x, x), (beyond, y), (x, beyond), (x, zero), (x, y)] {
            #expect(throws: KeyError.notOnCurve) { try PublicKey(.ec(curve, x: x, y: y)) }
        }
    }

    @Test("case 66: the point at infinity and points in other fields are refused")
    func otherPoints() throws {
        guard case .ec(_, let x, let y) = try SharedKeys.p256.get().publicKey.components else {
            Issue.record("not a P-256 key")
            return
        }
        for curve in [EllipticCurve.p384, .p521] {
            #expect(throws: KeyError.wrongLength) { try PublicKey(.ec(curve, x: x, y: y)) }
            let missing = [UInt8](repeating: 0, count: curve.byteCount - 32)
            #expect(throws: KeyError.notOnCurve) {
                try PublicKey(.ec(curve, x: missing + x, y: missing + y))
            }
        }
        // A SubjectPublicKeyInfo of P-256 whose point is the one byte 0 (SEC 1 § 2.3.3).
        let infinity = bytes(
            hex: "3019 301306072a8648ce3d020106082a8648ce3d030107 03020000")
        let pem =
            "-----BEGIN PUBLIC KEY-----\n\(Data(infinity).base64EncodedString())\n"
            + "-----END PUBLIC KEY-----\n"
        let text = Array(pem.utf8)
        #expect(throws: KeyError.self) { try PublicKey(pem: text.span) }
    }

    @Test("case 67: Ed25519 points of 31 or 33 bytes are refused", arguments: [0, 31, 33, 57])
    func pointLengths(count: Int) {
        #expect(throws: KeyError.wrongLength) {
            try PublicKey(.ed25519([UInt8](repeating: 2, count: count)))
        }
    }

    @Test("case 57: Ed25519 points of small order and non-canonical encodings are refused")
    func smallOrderPoints() throws {
        let orderEight: [UInt8] = [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF,
            0x98, 0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88,
            0x6D, 0x53, 0xFC, 0x05,
        ]
        let zero = [UInt8](repeating: 0, count: 32)
        let one = [1] + [UInt8](repeating: 0, count: 31)
        let minusOne = [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
        for point in [zero, one, minusOne, orderEight] {
            for sign: UInt8 in [0, 0x80] {
                var point = point
                point[31] |= sign
                #expect(throws: KeyError.smallOrder) { try PublicKey(.ed25519(point)) }
            }
        }
        for low: UInt8 in 0xED...0xFF {
            let beyond = [low] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
            #expect(throws: KeyError.malformed) { try PublicKey(.ed25519(beyond)) }
        }
    }

    @Test("a small-order key would let anyone forge, were it not refused")
    func whySmallOrderMatters() throws {
        // The signature (R = identity, S = 0) needs no private key; under a genuine key it fails.
        let forged = [1] + [UInt8](repeating: 0, count: 63)
        let verifier = try SharedKeys.verifier(.edDSA)
        #expect(!verifier.accepts(forged, Array("any".utf8)))
    }

    static func rsa(_ modulus: [UInt8]) throws(KeyError) -> PublicKey {
        try PublicKey(.rsa(modulus: modulus, exponent: exponent))
    }

    static func genuineModulus() throws -> [UInt8] {
        guard case .rsa(let modulus, _) = try SharedKeys.rsa.get().publicKey.components else {
            throw KeyError.unsupportedType
        }
        return modulus
    }
}
