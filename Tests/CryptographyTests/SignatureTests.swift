import Cryptography
import Testing

@Suite("Signatures")
struct SignatureTests {
    static let message = Array("header.payload".utf8)

    @Test("what is signed is verified, and nothing else", arguments: SignatureAlgorithm.allCases)
    func roundTrip(algorithm: SignatureAlgorithm) throws {
        let signature = try SharedKeys.sign(Self.message, algorithm)
        let verifier = try SharedKeys.verifier(algorithm)
        #expect(verifier.accepts(signature, Self.message))
        #expect(!verifier.accepts(signature, Array("other".utf8)))
        #expect(!verifier.accepts(signature, Self.message + [0]))
        #expect(!verifier.accepts(signature, Self.message.dropLast()))
    }

    @Test(
        "under another key of the type a signature is refused",
        arguments: [SignatureAlgorithm.es256, .es384, .es512, .edDSA, .rs256, .ps256])
    func otherKey(algorithm: SignatureAlgorithm) throws {
        let signature = try SharedKeys.sign(Self.message, algorithm)
        let other = try PrivateKey.generate(algorithm).publicKey
        let verifier = try SignatureVerifier(key: other, algorithm: algorithm)
        #expect(!verifier.accepts(signature, Self.message))
    }

    @Test("under another secret a code is refused", arguments: KeyType.secret.algorithms)
    func otherSecret(algorithm: SignatureAlgorithm) throws {
        let code = try SharedKeys.sign(Self.message, algorithm)
        let bytes = SecureRandom.bytes(64)
        let other = try SecretKey(bytes.span)
        let verifier = try SignatureVerifier(key: .secret(other), algorithm: algorithm)
        #expect(!verifier.accepts(code, Self.message))
        #expect(
            verifier.accepts(try SharedKeys.sign(Self.message, algorithm), Self.message) == false)
    }

    @Test(
        "signatures have the length of RFC 7518",
        arguments: [
            (.es256, 64), (.es384, 96), (.es512, 132), (.edDSA, 64), (.rs256, 256), (.ps512, 256),
            (.hs256, 32), (.hs384, 48), (.hs512, 64),
        ] as [(SignatureAlgorithm, Int)])
    func signatureLengths(algorithm: SignatureAlgorithm, count: Int) throws {
        #expect(try SharedKeys.sign(Self.message, algorithm).count == count)
    }

    @Test("a refused signature does not spoil the next", arguments: SignatureAlgorithm.allCases)
    func keptContexts(algorithm: SignatureAlgorithm) throws {
        let verifier = try SharedKeys.verifier(algorithm)
        for round in 0..<20 {
            let message = Array("message \(round)".utf8)
            var signature = try SharedKeys.sign(message, algorithm)
            #expect(verifier.accepts(signature, message))
            signature[round % signature.count] ^= 1
            #expect(!verifier.accepts(signature, message))
        }
    }

    @Test("signatures of any other length are refused", arguments: SignatureAlgorithm.allCases)
    func lengths(algorithm: SignatureAlgorithm) throws {
        let signature = try SharedKeys.sign(Self.message, algorithm)
        let verifier = try SharedKeys.verifier(algorithm)
        let variants = [
            [], Array(signature.dropLast()), Array(signature.dropFirst()), signature + [0],
            [0] + signature, signature + signature, [UInt8](repeating: 0, count: 600),
            Array(signature.prefix(16)),
        ]
        for variant in variants {
            #expect(!verifier.accepts(variant, Self.message))
        }
    }

    @Test("the empty message can be signed", arguments: SignatureAlgorithm.allCases)
    func emptyMessage(algorithm: SignatureAlgorithm) throws {
        let signature = try SharedKeys.sign([], algorithm)
        #expect(try SharedKeys.verifier(algorithm).accepts(signature, []))
    }

    @Test("a verifier outlives what its key was read into")
    func lifetime() throws {
        for algorithm in SignatureAlgorithm.asymmetric where algorithm.keyType != .rsa {
            let key = try PrivateKey.generate(algorithm)
            let signature = try key.sign(Self.message.span, algorithm: algorithm)
            func verifier() throws -> SignatureVerifier {
                let pem = Array(key.publicKey.pem().utf8)
                return try SignatureVerifier(key: PublicKey(pem: pem.span), algorithm: algorithm)
            }
            #expect(try verifier().accepts(signature, Self.message))
        }
    }

    @Test("an algorithm works only with keys of its own type")
    func typesDoNotMix() throws {
        for algorithm in SignatureAlgorithm.allCases {
            for type in KeyType.allCases where type != algorithm.keyType {
                let material = try SharedKeys.material(type)
                #expect(throws: KeyError.unsupportedAlgorithm) {
                    try SignatureVerifier(key: material, algorithm: algorithm)
                }
                guard type != .secret else { continue }
                let key = try SharedKeys.privateKey(type)
                #expect(throws: KeyError.unsupportedAlgorithm) {
                    try key.sign(Self.message.span, algorithm: algorithm)
                }
            }
        }
        let secret = try SharedKeys.secret.get()
        for algorithm in SignatureAlgorithm.asymmetric {
            #expect(throws: KeyError.unsupportedAlgorithm) {
                try secret.authenticate(Self.message.span, algorithm: algorithm)
            }
            #expect(algorithm.keyType.algorithms.contains(algorithm))
        }
    }

    @Test("no key pair is made for algorithms with secrets", arguments: KeyType.secret.algorithms)
    func noSymmetricKeyPairs(algorithm: SignatureAlgorithm) {
        #expect(throws: KeyError.unsupportedAlgorithm) { try PrivateKey.generate(algorithm) }
    }

    @Test("a secret is not used with an algorithm whose hash is longer")
    func secretLengths() throws {
        for (count, algorithm) in [(32, SignatureAlgorithm.hs384), (47, .hs384), (63, .hs512)] {
            let bytes = [UInt8](repeating: 7, count: count)
            let key = try SecretKey(bytes.span)
            #expect(throws: KeyError.unsupportedAlgorithm) {
                try SignatureVerifier(key: .secret(key), algorithm: algorithm)
            }
            #expect(throws: KeyError.unsupportedAlgorithm) {
                try key.authenticate(Self.message.span, algorithm: algorithm)
            }
        }
        for count in [0, 1, 31] {
            let bytes = [UInt8](repeating: 7, count: count)
            #expect(throws: KeyError.secretTooShort) { try SecretKey(bytes.span) }
        }
    }

    @Test("names are case-sensitive, `none` is no algorithm")
    func names() {
        for algorithm in SignatureAlgorithm.allCases {
            #expect(SignatureAlgorithm(joseName: algorithm.rawValue) == algorithm)
            #expect(SignatureAlgorithm(joseName: algorithm.rawValue.lowercased()) == nil)
        }
        #expect(SignatureAlgorithm(joseName: "Ed25519") == .edDSA)
        for name in [
            "none", "None", "", "ES256 ", " ES256", "ES256\0", "\0ES256", "Ed448", "ES256K",
            "EDDSA",
            "ES521", "RS1", "PS128", "HS128", "RSA1_5", "RS256RS256",
        ] {
            #expect(SignatureAlgorithm(joseName: name) == nil, "`\(name)`")
        }
    }
}
