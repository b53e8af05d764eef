import Cryptography
import Testing

@Suite("Signatures")
struct SignatureTests {
    static let message = Array("header.payload".utf8)

    @Test("what is signed is verified, and nothing else", arguments: SignatureAlgorithm.asymmetric)
    func roundTrip(algorithm: SignatureAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm)
        let signature = try key.sign(Self.message.span, algorithm: algorithm)
        let verifier = try SignatureVerifier(key: key.publicKey, algorithm: algorithm)
        #expect(signature.count == key.publicKey.signatureByteCount)
        #expect(verifier.accepts(signature, Self.message))
        #expect(!verifier.accepts(signature, Array("other".utf8)))
        let other = try SignatureVerifier(
            key: PrivateKey.generate(algorithm).publicKey, algorithm: algorithm)
        #expect(!other.accepts(signature, Self.message))
    }

    @Test("a refused signature does not spoil the next", arguments: SignatureAlgorithm.asymmetric)
    func keptContexts(algorithm: SignatureAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm)
        let verifier = try SignatureVerifier(key: key.publicKey, algorithm: algorithm)
        for round in 0..<20 {
            let message = Array("message \(round)".utf8)
            var signature = try key.sign(message.span, algorithm: algorithm)
            #expect(verifier.accepts(signature, message))
            signature[round % signature.count] ^= 1
            #expect(!verifier.accepts(signature, message))
        }
    }

    @Test("signatures of any other length are refused", arguments: SignatureAlgorithm.asymmetric)
    func lengths(algorithm: SignatureAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm)
        let signature = try key.sign(Self.message.span, algorithm: algorithm)
        let verifier = try SignatureVerifier(key: key.publicKey, algorithm: algorithm)
        let variants = [
            [], Array(signature.dropLast()), Array(signature.dropFirst()), signature + [0],
            [0] + signature, signature + signature, [UInt8](repeating: 0, count: 600),
        ]
        for variant in variants {
            #expect(!verifier.accepts(variant, Self.message))
        }
    }

    @Test("the empty message can be signed", arguments: SignatureAlgorithm.asymmetric)
    func emptyMessage(algorithm: SignatureAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm)
        let empty: [UInt8] = []
        let signature = try key.sign(empty.span, algorithm: algorithm)
        let verifier = try SignatureVerifier(key: key.publicKey, algorithm: algorithm)
        #expect(verifier.accepts(signature, empty))
    }

    @Test("an algorithm works only with keys of its own type")
    func typesDoNotMix() throws {
        for algorithm in SignatureAlgorithm.asymmetric {
            for other in SignatureAlgorithm.asymmetric where other.keyType != algorithm.keyType {
                let key = try PrivateKey.generate(other)
                #expect(throws: KeyError.unsupportedAlgorithm) {
                    try SignatureVerifier(key: key.publicKey, algorithm: algorithm)
                }
                #expect(throws: KeyError.unsupportedAlgorithm) {
                    try key.sign(Self.message.span, algorithm: algorithm)
                }
            }
        }
    }

    @Test("names are case-sensitive, `none` is no algorithm")
    func names() {
        #expect(SignatureAlgorithm(joseName: "ES256") == .es256)
        #expect(SignatureAlgorithm(joseName: "RS256") == .rs256)
        #expect(SignatureAlgorithm(joseName: "EdDSA") == .edDSA)
        #expect(SignatureAlgorithm(joseName: "Ed25519") == .edDSA)
        for name in ["none", "None", "", "es256", "ES256 ", "HS256", "Ed448", "ES256K", "EDDSA"] {
            #expect(SignatureAlgorithm(joseName: name) == nil, "`\(name)`")
        }
    }
}
