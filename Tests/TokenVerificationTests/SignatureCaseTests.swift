import Cryptography
import StrictJSON
import Testing
import TokenVerification

@Suite("Token cases 52 to 62: signatures")
struct SignatureCaseTests {
    static let ecdsa: [(SignatureAlgorithm, EllipticCurve)] = [
        (.es256, .p256), (.es384, .p384), (.es512, .p521),
    ]

    let forge: Forge

    init() throws {
        forge = try Forge.shared()
    }

    @Test("case 52: ECDSA signatures with r or s out of range are refused", arguments: ecdsa)
    func ecdsaRanges(algorithm: SignatureAlgorithm, curve: EllipticCurve) throws {
        let (message, r, s) = try halves(algorithm, curve)
        let zero = [UInt8](repeating: 0, count: curve.byteCount)
        let one = Array(zero.dropLast()) + [1]
        let full = [UInt8](repeating: 0xFF, count: curve.byteCount)
        let order = curve.order
        for first in [zero, one, order, full, r, s] {
            for second in [zero, one, order, full, r, s] where (first, second) != (r, s) {
                #expect(try outcome(message, first + second, algorithm) == "token_signature")
            }
        }
        #expect(try outcome(message, r + s, algorithm) == "accepted")
    }

    @Test("case 53: ECDSA signatures in DER are refused", arguments: ecdsa)
    func ecdsaDER(algorithm: SignatureAlgorithm, curve: EllipticCurve) throws {
        let (message, r, s) = try halves(algorithm, curve)
        func integer(_ bytes: [UInt8]) -> [UInt8] {
            let digits = Array(bytes.drop { $0 == 0 })
            let body = digits[0] >= 0x80 ? [0] + digits : digits
            return [0x02, UInt8(body.count)] + body
        }
        let body = integer(r) + integer(s)
        let length = body.count < 0x80 ? [UInt8(body.count)] : [0x81, UInt8(body.count)]
        #expect(try outcome(message, [0x30] + length + body, algorithm) == "token_signature")
    }

    @Test("case 54: ECDSA signatures of other lengths are refused", arguments: ecdsa)
    func ecdsaLengths(algorithm: SignatureAlgorithm, curve: EllipticCurve) throws {
        let (message, r, s) = try halves(algorithm, curve)
        let long = (0..<10).flatMap { _ in r + s }
        for count in [63, 64, 65, 66, 95, 96, 97, 131, 132, 133, 600]
        where count != 2 * curve.byteCount {
            #expect(
                try outcome(message, Array(long.prefix(count)), algorithm) == "token_signature")
        }
        #expect(try outcome(message, [0] + r + [0] + s, algorithm) == "token_signature")
    }

    @Test("case 55: the twin with n − s is accepted", arguments: ecdsa)
    func ecdsaTwin(algorithm: SignatureAlgorithm, curve: EllipticCurve) throws {
        let (message, r, s) = try halves(algorithm, curve)
        var difference: [UInt8] = []
        var borrow = 0
        for (minuend, subtrahend) in zip(curve.order, s).reversed() {
            let digit = Int(minuend) - Int(subtrahend) - borrow
            borrow = digit < 0 ? 1 : 0
            difference.insert(UInt8(truncatingIfNeeded: digit), at: 0)
        }
        #expect(difference != s)
        #expect(try outcome(message, r + difference, algorithm) == "accepted")
    }

    @Test("case 56: ECDSA signatures without a leading zero are refused", arguments: ecdsa)
    func ecdsaStrippedZero(algorithm: SignatureAlgorithm, curve: EllipticCurve) throws {
        // One of 256 has such a zero, with P-521 every other.
        var stripped: [[UInt8]] = []
        var message = ""
        for number in 0..<5_000 where stripped.isEmpty {
            message =
                Forge.base64URL(Forge.header(algorithm)) + "."
                + Forge.base64URL(Forge.payload([("number", "\(number)")]))
            let genuine = try forge.signature(message, algorithm)
            let (r, s) = (genuine.prefix(curve.byteCount), genuine.suffix(curve.byteCount))
            if r.first == 0 { stripped.append(Array(r.dropFirst() + s)) }
            if s.first == 0 { stripped.append(Array(r + s.dropFirst())) }
        }
        #expect(!stripped.isEmpty)
        for signature in stripped {
            #expect(signature.count == 2 * curve.byteCount - 1)
            #expect(try outcome(message, signature, algorithm) == "token_signature")
        }
    }

    @Test("case 57: Ed25519 signatures with S beyond the order or a changed R are refused")
    func ed25519() throws {
        let (message, genuine) = try parts(.edDSA)
        // S + L, little-endian: a second spelling of the same number.
        let order: [UInt8] = [
            0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9,
            0xDE, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ]
        var malleable = Array(genuine[..<32])
        var carry = 0
        for (digit, addend) in zip(genuine[32...], order) {
            carry += Int(digit) + Int(addend)
            malleable.append(UInt8(truncatingIfNeeded: carry))
            carry >>= 8
        }
        var otherR = genuine
        otherR[31] ^= 0x80
        let identity = [1] + [UInt8](repeating: 0, count: 63)
        // y = 1 written as 1 + p.
        let nonCanonical = [0xEE] + [UInt8](repeating: 0xFF, count: 30) + [0x7F] + genuine[32...]
        for signature in [
            malleable, otherR, identity, nonCanonical, [UInt8](repeating: 0, count: 64),
        ] {
            #expect(try outcome(message, signature, .edDSA) == "token_signature")
        }
        #expect(try outcome(message, genuine, .edDSA) == "accepted")
    }

    @Test(
        "case 59: RSA signatures longer, shorter or beyond the modulus are refused",
        arguments: KeyType.rsa.algorithms)
    func rsa(algorithm: SignatureAlgorithm) throws {
        let (message, genuine) = try parts(algorithm)
        guard case .rsa(let modulus, _) = forge.rsa.publicKey.components else {
            Issue.record("not an RSA key")
            return
        }
        // genuine + n: the same number modulo n, one byte longer.
        var sum: [UInt8] = []
        var carry = 0
        for (digit, addend) in zip(genuine, modulus).reversed() {
            carry += Int(digit) + Int(addend)
            sum.insert(UInt8(truncatingIfNeeded: carry), at: 0)
            carry >>= 8
        }
        let one = [UInt8](repeating: 0, count: 255) + [1]
        let forged = [
            Array(genuine.dropFirst()), Array(genuine.dropLast()), [0] + genuine, genuine + [0],
            sum, [UInt8(carry)] + sum, modulus, [UInt8](repeating: 0xFF, count: 256), one,
            [UInt8](repeating: 0, count: 256),
        ]
        for signature in forged {
            #expect(try outcome(message, signature, algorithm) == "token_signature")
        }
        #expect(try outcome(message, genuine, algorithm) == "accepted")
    }

    @Test("a signature of one of RSA's algorithms is none of another, even under one key")
    func rsaAlgorithmsDoNotMix() throws {
        for signed in KeyType.rsa.algorithms {
            for claimed in KeyType.rsa.algorithms where claimed != signed {
                let (message, _) = try parts(claimed)
                let signature = try forge.signature(message, signed)
                #expect(try outcome(message, signature, claimed) == "token_signature")
            }
        }
    }

    @Test(
        "case 62: truncated and lengthened MACs are refused", arguments: KeyType.secret.algorithms)
    func truncatedMAC(algorithm: SignatureAlgorithm) throws {
        let (message, genuine) = try parts(algorithm)
        for count in [0, 1, 16, genuine.count / 2, genuine.count - 1] {
            #expect(
                try outcome(message, Array(genuine.prefix(count)), algorithm) == "token_signature")
        }
        #expect(try outcome(message, genuine + [0], algorithm) == "token_signature")
        #expect(try outcome(message, genuine, algorithm) == "accepted")
    }

    @Test("case 33: a MAC under an empty, a guessed or a zero secret is refused")
    func guessedSecrets() throws {
        let (message, _) = try parts(.hs256)
        let guesses = [[], Array("secret".utf8), [UInt8](repeating: 0, count: 32)] as [[UInt8]]
        for guess in guesses {
            let mac = hmacSHA256(key: guess, message: Array(message.utf8))
            #expect(try outcome(message, mac, .hs256) == "token_signature")
        }
        // The same MAC under the right secret is the one that we make.
        let mac = hmacSHA256(key: forge.secret, message: Array(message.utf8))
        #expect(try outcome(message, mac, .hs256) == "accepted")
    }

    @Test("an empty and a very short signature are refused", arguments: SignatureAlgorithm.allCases)
    func short(algorithm: SignatureAlgorithm) throws {
        let (message, _) = try parts(algorithm)
        for signature in [[], [0], [0, 0, 0]] as [[UInt8]] {
            #expect(try outcome(message, signature, algorithm) == "token_signature")
        }
    }

    @Test("a signature over another token is refused", arguments: SignatureAlgorithm.allCases)
    func transplanted(algorithm: SignatureAlgorithm) throws {
        let (message, _) = try parts(algorithm)
        let other = try forge.goodToken(
            algorithm, payload: Forge.payload([("sub", #""root""#)]))
        let signature = String(try #require(other.split(separator: ".").last))
        let token = message + "." + signature
        #expect(outcomeOf(token, try forge.verifier(for: algorithm)) == "token_signature")
        #expect(outcomeOf(other, try forge.verifier(for: algorithm)) == "accepted")
    }

    @Test(
        "case 61: one flipped bit at any place of a token refuses it",
        arguments: SignatureAlgorithm.allCases)
    func flippedBits(algorithm: SignatureAlgorithm) throws {
        let token = Array(try forge.goodToken(algorithm).utf8)
        let verifier = try forge.verifier(for: algorithm)
        #expect(outcomeOf(token, verifier) == "accepted")
        // One verification with the larger curves takes a millisecond.
        let isSlow = [.es384, .es512].contains(algorithm)
        var accepted: [Int] = []
        for index in token.indices {
            for bit in isSlow ? index % 8..<index % 8 + 1 : 0..<8 {
                var changed = token
                changed[index] ^= 1 << UInt8(bit)
                if outcomeOf(changed, verifier) == "accepted" { accepted.append(index) }
            }
        }
        #expect(accepted.isEmpty)
        #expect(outcomeOf(token, verifier) == "accepted")
    }

    @Test("one byte removed from or doubled at any place of a token refuses it")
    func shiftedBytes() throws {
        let token = Array(try forge.token().utf8)
        let verifier = try forge.verifier()
        var accepted: [Int] = []
        for index in token.indices {
            var shorter = token
            shorter.remove(at: index)
            var longer = token
            longer.insert(token[index], at: index)
            for changed in [shorter, longer] where outcomeOf(changed, verifier) == "accepted" {
                accepted.append(index)
            }
        }
        #expect(accepted.isEmpty)
        #expect(outcomeOf(token, verifier) == "accepted")
    }

    /// The signed part of a good token, and its signature's bytes.
    private func parts(_ algorithm: SignatureAlgorithm) throws -> (String, [UInt8]) {
        let message =
            Forge.base64URL(Forge.header(algorithm)) + "." + Forge.base64URL(Forge.payload())
        return (message, try forge.signature(message, algorithm))
    }

    /// The signed part of a good token, and r and s of its signature.
    private func halves(
        _ algorithm: SignatureAlgorithm, _ curve: EllipticCurve
    ) throws -> (String, [UInt8], [UInt8]) {
        let (message, genuine) = try parts(algorithm)
        #expect(genuine.count == 2 * curve.byteCount)
        return (
            message, Array(genuine.prefix(curve.byteCount)),
            Array(genuine.suffix(curve.byteCount))
        )
    }

    private func outcome(
        _ message: String, _ signature: [UInt8], _ algorithm: SignatureAlgorithm
    ) throws -> String {
        let token = message + "." + Base64URL.encodeToString(signature.span)
        return outcomeOf(token, try forge.verifier(for: algorithm))
    }
}
