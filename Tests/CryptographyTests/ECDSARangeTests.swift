import Cryptography
import Testing

@Suite("ECDSA signatures")
struct ECDSARangeTests {
    static let message = Array("header.payload".utf8)
    static let curves: [(SignatureAlgorithm, EllipticCurve)] = [
        (.es256, .p256), (.es384, .p384), (.es512, .p521),
    ]

    @Test("case 52: r and s of zero, of the order and beyond are refused", arguments: curves)
    func ranges(algorithm: SignatureAlgorithm, curve: EllipticCurve) throws {
        let verifier = try SharedKeys.verifier(algorithm)
        let genuine = try SharedKeys.sign(Self.message, algorithm)
        let (r, s) = halves(genuine)
        let zero = [UInt8](repeating: 0, count: curve.byteCount)
        let one = Array(zero.dropLast()) + [1]
        let beyond = [UInt8](repeating: 0xFF, count: curve.byteCount)
        var next = curve.order
        next[next.count - 1] += 1
        #expect(verifier.accepts(genuine, Self.message))
        let values = [zero, one, curve.order, next, beyond, r, s]
        for first in values {
            for second in values where (first, second) != (r, s) {
                let forged = first + second
                #expect(!verifier.accepts(forged, Self.message))
            }
        }
    }

    @Test("case 53: a DER-encoded signature is refused", arguments: curves)
    func derEncoded(algorithm: SignatureAlgorithm, curve: EllipticCurve) throws {
        let (r, s) = halves(try SharedKeys.sign(Self.message, algorithm))
        func integer(_ bytes: [UInt8]) -> [UInt8] {
            let digits = Array(bytes.drop { $0 == 0 })
            let body = digits[0] >= 0x80 ? [0] + digits : digits
            return [0x02, UInt8(body.count)] + body
        }
        let body = integer(r) + integer(s)
        let length = body.count < 0x80 ? [UInt8(body.count)] : [0x81, UInt8(body.count)]
        let der = [0x30] + length + body
        #expect(try !SharedKeys.verifier(algorithm).accepts(der, Self.message))
    }

    @Test("case 55: the twin with n − s is accepted, like the signature itself", arguments: curves)
    func twin(algorithm: SignatureAlgorithm, curve: EllipticCurve) throws {
        let (r, s) = halves(try SharedKeys.sign(Self.message, algorithm))
        var borrow = 0
        var difference: [UInt8] = []
        for (minuend, subtrahend) in zip(curve.order, s).reversed() {
            let digit = Int(minuend) - Int(subtrahend) - borrow
            borrow = digit < 0 ? 1 : 0
            difference.insert(UInt8(truncatingIfNeeded: digit), at: 0)
        }
        #expect(difference != s)
        #expect(try SharedKeys.verifier(algorithm).accepts(r + difference, Self.message))
    }

    @Test(
        "integers with leading zeros and with the top bit set are encoded properly",
        arguments: curves)
    func encodings(algorithm: SignatureAlgorithm, curve: EllipticCurve) throws {
        // Random signatures hit every encoding: a leading zero in one of 128, the top bit in half.
        let verifier = try SharedKeys.verifier(algorithm)
        var sawLeadingZero = false
        var count = 0
        while count < 2_000 && (count < 50 || !sawLeadingZero) {
            let message = Array("message \(count)".utf8)
            let signature = try SharedKeys.sign(message, algorithm)
            sawLeadingZero =
                sawLeadingZero || signature[0] == 0 || signature[curve.byteCount] == 0
            #expect(verifier.accepts(signature, message))
            count += 1
        }
        #expect(sawLeadingZero)
    }

    private func halves(_ signature: [UInt8]) -> ([UInt8], [UInt8]) {
        (
            Array(signature.prefix(signature.count / 2)),
            Array(signature.suffix(signature.count / 2))
        )
    }
}
