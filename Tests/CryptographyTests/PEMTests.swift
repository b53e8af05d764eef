import Cryptography
import Testing

@Suite("PEM")
struct PEMTests {
    @Test(
        "private and public keys survive their PEM form", arguments: SignatureAlgorithm.asymmetric)
    func roundTrip(algorithm: SignatureAlgorithm) throws {
        let key = try SharedKeys.privateKey(algorithm.keyType)
        let copy = try PrivateKey(pem: Array(try key.pem().utf8).span)
        let publicCopy = try PublicKey(pem: Array(key.publicKey.pem().utf8).span)
        #expect(copy.publicKey.components == key.publicKey.components)
        #expect(publicCopy.components == key.publicKey.components)
        let message = Array("message".utf8)
        let signature = try copy.sign(message.span, algorithm: algorithm)
        let verifier = try SignatureVerifier(key: publicCopy, algorithm: algorithm)
        #expect(verifier.accepts(signature, message))
    }

    @Test("a private key never shows itself")
    func redacted() throws {
        let key = try PrivateKey.generate(.es256)
        #expect("\(key)" == "<redacted>")
        #expect(String(reflecting: key).contains("redacted"))
    }

    @Test("a private key is refused where a public one is expected, and the reverse")
    func wrongHalf() throws {
        let key = try PrivateKey.generate(.es256)
        let privatePEM = Array(try key.pem().utf8)
        let publicPEM = Array(key.publicKey.pem().utf8)
        #expect(throws: KeyError.privateKey) { try PublicKey(pem: privatePEM.span) }
        #expect(throws: KeyError.publicKey) { try PrivateKey(pem: publicPEM.span) }
    }

    @Test("white space around the block and CRLF line ends are accepted")
    func lineEnds() throws {
        let pem = try PrivateKey.generate(.es256).publicKey.pem()
        let variants = [
            "\n\n" + pem + "\n", pem.replacing("\n", with: "\r\n"),
            pem.replacing("\n", with: " \n"), String(pem.dropLast()),
        ]
        for variant in variants {
            #expect(try PublicKey(pem: Array(variant.utf8).span).type == .p256)
        }
    }

    @Test("anything but one whole block is refused")
    func malformed() throws {
        let pem = try PrivateKey.generate(.es256).publicKey.pem()
        let lines = pem.split(separator: "\n")
        let variants = [
            "", "key", pem + pem, "text\n" + pem, pem + "text", String(pem.dropFirst()),
            pem.replacing("END PUBLIC", with: "END OTHER"),
            lines.dropLast().joined(separator: "\n"),
            pem.replacing("=\n", with: "\n"), pem.replacing("M", with: "!"),
            String(repeating: "A", count: 100_000),
        ]
        for variant in variants {
            #expect(throws: KeyError.notPEM) { try PublicKey(pem: Array(variant.utf8).span) }
        }
    }

    @Test("DER that is cut or followed by more is refused")
    func exactDER() throws {
        let pem = try PrivateKey.generate(.edDSA).publicKey.pem()
        let body = pem.split(separator: "\n")[1]
        for changed in [body.dropLast() + "A", body.dropLast(4) + ""] {
            let text = "-----BEGIN PUBLIC KEY-----\n\(changed)\n-----END PUBLIC KEY-----\n"
            #expect(throws: KeyError.malformed) { try PublicKey(pem: Array(text.utf8).span) }
        }
    }

    @Test(
        "labels that are no key of ours are refused with what to do",
        arguments: [
            ("EC PRIVATE KEY", KeyError.malformed), ("RSA PRIVATE KEY", .malformed),
            ("ENCRYPTED PRIVATE KEY", .encryptedKey), ("CERTIFICATE", .publicKey),
            ("OPENSSH PRIVATE KEY", .unsupportedType),
        ])
    func labels(label: String, error: KeyError) {
        let text = "-----BEGIN \(label)-----\nMAA=\n-----END \(label)-----\n"
        #expect(throws: error) { try PrivateKey(pem: Array(text.utf8).span) }
    }

    @Test("new RSA keys have the length asked for")
    func rsaLengths() throws {
        let key = try PrivateKey.generate(.rs256, rsaBits: 3072)
        #expect(key.publicKey.signatureByteCount == 384)
        #expect(throws: KeyError.modulusTooShort) {
            try PrivateKey.generate(.rs256, rsaBits: 1024)
        }
        #expect(throws: KeyError.modulusTooLong) {
            try PrivateKey.generate(.rs256, rsaBits: 16384)
        }
    }
}
