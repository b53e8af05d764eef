import Cryptography
import StrictJSON
import Testing
import TokenVerification

@Suite("Token cases 52 to 61: signatures")
struct SignatureCaseTests {
    let forge: Forge

    init() throws {
        forge = try Forge.shared()
    }

    @Test("cases 52, 53, 54 and 56: ECDSA signatures out of range or of another length are refused")
    func ecdsa() throws {
        let zero = [UInt8](repeating: 0, count: 32)
        let full = [UInt8](repeating: 0xFF, count: 32)
        let (message, genuine) = try parts(.es256)
        let (r, s) = (Array(genuine[..<32]), Array(genuine[32...]))
        var forged: [[UInt8]] = [zero + zero, zero + s, r + zero, full + full, r + full, s + r]
        forged += [63, 65, 66, 131, 132, 600].map { count in
            Array((0..<10).flatMap { _ in genuine }.prefix(count))
        }
        forged.append([0x30, 0x44, 0x02, 0x20] + r + [0x02, 0x20] + s)
        for signature in forged {
            #expect(try outcome(message, signature) == "token_signature")
        }
        #expect(try outcome(message, genuine) == "accepted")
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
        for signature in [malleable, otherR, identity, [UInt8](repeating: 0, count: 64)] {
            #expect(try outcome(message, signature) == "token_signature")
        }
        #expect(try outcome(message, genuine) == "accepted")
    }

    @Test("case 59: RSA signatures longer, shorter or beyond the modulus are refused")
    func rsa() throws {
        let (message, genuine) = try parts(.rs256)
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
            #expect(try outcome(message, signature) == "token_signature")
        }
        #expect(try outcome(message, genuine) == "accepted")
    }

    @Test(
        "an empty and a very short signature are refused", arguments: SignatureAlgorithm.asymmetric)
    func short(algorithm: SignatureAlgorithm) throws {
        let (message, _) = try parts(algorithm)
        for signature in [[], [0], [0, 0, 0]] as [[UInt8]] {
            #expect(try outcome(message, signature) == "token_signature")
        }
    }

    @Test("a signature over another token is refused", arguments: SignatureAlgorithm.asymmetric)
    func transplanted(algorithm: SignatureAlgorithm) throws {
        let (message, _) = try parts(algorithm)
        let other = try forge.token(
            header: Forge.header(algorithm), payload: Forge.payload([("sub", #""root""#)]),
            signedWith: algorithm)
        let signature = String(try #require(other.split(separator: ".").last))
        #expect(try forge.outcome(message + "." + signature) == "token_signature")
    }

    @Test(
        "case 61: one flipped bit at any place of a token refuses it",
        arguments: SignatureAlgorithm.asymmetric)
    func flippedBits(algorithm: SignatureAlgorithm) throws {
        let token = Array(
            try forge.token(header: Forge.header(algorithm), signedWith: algorithm).utf8)
        let verifier = try forge.verifier()
        #expect(outcomeOf(token, verifier) == "accepted")
        var accepted: [Int] = []
        for index in token.indices {
            for bit in 0..<8 {
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
        let key = forge.key(algorithm)
        return (message, try key.sign(Array(message.utf8).span, algorithm: algorithm))
    }

    private func outcome(_ message: String, _ signature: [UInt8]) throws -> String {
        try forge.outcome(message + "." + Base64URL.encodeToString(signature.span))
    }
}
