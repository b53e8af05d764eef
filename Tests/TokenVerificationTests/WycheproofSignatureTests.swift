import Cryptography
import StrictJSON
import Testing
import TokenVerification

/// C2SP Wycheproof: signatures, message authentication codes and key derivation by themselves.
@Suite("Wycheproof primitives", .enabled(if: Vectors.areNamed, Vectors.reason))
struct WycheproofSignatureTests {
    @Test(
        "raw signatures: the valid are accepted, all others refused",
        arguments: [
            ("ecdsa_secp256r1_sha256_p1363_test.json", .es256, 173, 89),
            ("ecdsa_secp384r1_sha384_p1363_test.json", .es384, 193, 87),
            ("ecdsa_secp521r1_sha512_p1363_test.json", .es512, 231, 87),
            ("ed25519_test.json", .edDSA, 88, 63),
            ("rsa_signature_2048_sha256_test.json", .rs256, 7, 252),
            ("rsa_pss_2048_sha256_mgf1_32_test.json", .ps256, 63, 45),
        ] as [(String, SignatureAlgorithm, Int, Int)])
    func signatures(
        file: String, algorithm: SignatureAlgorithm, accepted: Int, refused: Int
    ) throws {
        var counts = (accepted: 0, refused: 0)
        for group in try Vectors.groups(file) {
            let verifier = try verifier(try #require(group["publicKey"]), algorithm)
            for test in try #require(group["tests"]?.array) {
                let number = try test.identifier
                let signature = try test.hex("sig")
                let message = try test.hex("msg")
                let isValid =
                    verifier?.isValid(signature: signature.span, message: message.span) ?? false
                // The two valid signatures under the exponent 3 are refused with their key. The one
                // called acceptable lacks the NULL of its AlgorithmIdentifier.
                let isExpected = test["result"] == .string("valid") && verifier != nil
                #expect(isValid == isExpected, "\(file) \(number)")
                if isValid { counts.accepted += 1 } else { counts.refused += 1 }
            }
        }
        print("\(file): \(counts.accepted) accepted, \(counts.refused) refused")
        #expect(counts == (accepted, refused))
    }

    @Test("keys in PEM and JWK give the numbers that the vectors name", arguments: Self.keyFiles)
    func keyForms(file: String, algorithm: SignatureAlgorithm) throws {
        for group in try Vectors.groups(file) {
            let components = try components(try #require(group["publicKey"]), algorithm)
            let pem = Array(try group.text("publicKeyPem").utf8)
            let read = Result { try PublicKey(pem: pem.span).components }
            guard (try? PublicKey(components)) != nil else {
                #expect(throws: KeyError.self) { try read.get() }
                continue
            }
            #expect(try read.get() == components)
            guard let jwk = group["publicKeyJwk"] ?? group["keyJwk"] else { continue }
            let set = JSONValue.object([JSONMember(name: "keys", value: .array([jwk]))])
            let bytes = JSONWriter.write(set)
            #expect(
                try KeySet(jwks: bytes.span).keys.map(\.material.publicKey?.components)
                    == [components])
        }
    }

    static let keyFiles: [(String, SignatureAlgorithm)] = [
        ("ecdsa_secp256r1_sha256_p1363_test.json", .es256),
        ("ecdsa_secp384r1_sha384_p1363_test.json", .es384),
        ("ecdsa_secp521r1_sha512_p1363_test.json", .es512), ("ed25519_test.json", .edDSA),
        ("rsa_signature_2048_sha256_test.json", .rs256),
        ("rsa_pss_2048_sha256_mgf1_32_test.json", .ps256),
    ]

    @Test(
        "HMAC: the valid are accepted, all others refused, truncated codes and short secrets too",
        arguments: [
            ("hmac_sha256_test.json", .hs256, 32), ("hmac_sha384_test.json", .hs384, 48),
            ("hmac_sha512_test.json", .hs512, 64),
        ] as [(String, SignatureAlgorithm, Int)])
    func authentication(file: String, algorithm: SignatureAlgorithm, hashCount: Int) throws {
        var accepted = 0
        var refused = 0
        var truncated = 0
        var underShortSecrets = 0
        for test in try Vectors.tests(file) {
            let number = try test.identifier
            let key = try test.hex("key")
            let message = try test.hex("msg")
            let code = try test.hex("tag")
            guard let verifier = verifier(secret: key, algorithm) else {
                underShortSecrets += 1
                #expect(key.count < hashCount)
                continue
            }
            let isValid = verifier.isValid(signature: code.span, message: message.span)
            let isTruncated = code.count < hashCount
            let isExpected = test["result"] == .string("valid")
            #expect(isValid == (isExpected && !isTruncated), "\(file) \(number)")
            if isTruncated {
                truncated += 1
                // Refused for its length alone: what it is the beginning of is the code.
                let secret = try SecretKey(key.span)
                let whole = try secret.authenticate(message.span, algorithm: algorithm)
                #expect(whole.starts(with: code) == isExpected)
            } else if isValid {
                accepted += 1
            } else {
                refused += 1
            }
        }
        print(
            "\(file): \(accepted) accepted, \(refused) refused, \(truncated) truncated and refused, "
                + "\(underShortSecrets) under secrets that are refused")
        #expect((accepted, refused) == (30, 54))
        #expect(truncated == 84)
        #expect(underShortSecrets == 6)
        #expect(accepted + refused + truncated + underShortSecrets == 174)
    }

    @Test("HMAC with SHA-256 gives the codes also under the short secrets of the vectors")
    func shortSecrets() throws {
        var count = 0
        for test in try Vectors.tests("hmac_sha256_test.json") {
            let key = try test.hex("key")
            let message = try test.hex("msg")
            guard key.count < 32 else { continue }
            let code = HMACSHA256.authenticate(message.span, key: key.span)
            let tag = try test.hex("tag")
            #expect(code.starts(with: tag) == (test["result"] == .string("valid")))
            count += 1
        }
        #expect(count == 6)
    }

    @Test("HKDF: the valid are derived, lengths beyond the longest are out of its bounds")
    func derivation() throws {
        var derived = 0
        var outOfBounds = 0
        for test in try Vectors.tests("hkdf_sha256_test.json") {
            let count = Int(try #require(test["size"]?.number?.floor))
            guard count <= HKDFSHA256.maximumCount else {
                #expect(test["result"] == .string("invalid"))
                outOfBounds += 1
                continue
            }
            let key = try test.hex("ikm")
            let salt = try test.hex("salt")
            let info = try test.hex("info")
            let output = HKDFSHA256.derive(
                key: key.span, salt: salt.span, info: info.span, count: count)
            #expect(test["result"] == .string("valid"))
            let expected = try test.hex("okm")
            #expect(output == expected)
            derived += 1
        }
        print("hkdf_sha256_test.json: \(derived) derived, \(outOfBounds) out of bounds")
        #expect((derived, outOfBounds) == (83, 3))
    }

    private func verifier(secret: [UInt8], _ algorithm: SignatureAlgorithm) -> SignatureVerifier? {
        guard let key = try? SecretKey(secret.span) else { return nil }
        return try? SignatureVerifier(key: .secret(key), algorithm: algorithm)
    }

    /// nil for the keys that our rules refuse: the exponent 3.
    private func verifier(
        _ key: JSONValue, _ algorithm: SignatureAlgorithm
    ) throws -> SignatureVerifier? {
        let components = try components(key, algorithm)
        if case .rsa(_, [3]) = components {
            #expect(throws: KeyError.weakExponent) { try PublicKey(components) }
            return nil
        }
        return try SignatureVerifier(key: try PublicKey(components), algorithm: algorithm)
    }

    private func components(
        _ key: JSONValue, _ algorithm: SignatureAlgorithm
    ) throws -> PublicKeyComponents {
        switch algorithm.keyType {
        case .p256, .p384, .p521:
            let curve = try #require(EllipticCurve(rawValue: algorithm.keyType.rawValue))
            let point = try key.hex("uncompressed").dropFirst()
            return .ec(
                curve, x: Array(point.prefix(curve.byteCount)),
                y: Array(point.dropFirst(curve.byteCount)))
        case .rsa:
            return .rsa(
                modulus: Array(try key.hex("modulus").drop { $0 == 0 }),
                exponent: Array(try key.hex("publicExponent").drop { $0 == 0 }))
        case .ed25519: return .ed25519(try key.hex("pk"))
        case .secret: throw KeyError.unsupportedType
        }
    }
}
