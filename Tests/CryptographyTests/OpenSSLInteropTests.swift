import Cryptography
import Foundation
import Testing

/// Keys and signatures of the openssl command line.
@Suite(
    "OpenSSL interoperability",
    .enabled(if: OpenSSL.isInstalled, "the openssl command line is not installed"))
struct OpenSSLInteropTests {
    static let message = Array("eyJhbGciOiJ4In0.e30".utf8)

    @Test(
        "verifies what openssl signs, reads its keys, and openssl verifies what we sign",
        arguments: SignatureAlgorithm.asymmetric)
    func signatures(algorithm: SignatureAlgorithm) throws {
        let openssl = try OpenSSL()
        try openssl.run(["genpkey", "-out", "key.pem"] + Self.keyOptions(algorithm.keyType))
        try openssl.run(["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"])
        try openssl.write(Self.message, to: "message")
        let key = try openssl.publicKey("public.pem")
        let privateKey = try openssl.privateKey("key.pem")
        #expect(key.components == privateKey.publicKey.components)
        let verifier = try SignatureVerifier(key: key, algorithm: algorithm)
        let arguments = ["pkeyutl", "-rawin", "-in", "message"] + Self.signOptions(algorithm)

        try openssl.run(arguments + ["-sign", "-inkey", "key.pem", "-out", "signature"])
        let theirs = try openssl.read("signature")
        let curve = EllipticCurve(joseName: algorithm.keyType.rawValue)
        let raw = try curve.map { try rawForm(ofDER: theirs, width: $0.byteCount) } ?? theirs
        #expect(verifier.accepts(raw, Self.message))

        let ours = try privateKey.sign(Self.message.span, algorithm: algorithm)
        #expect(verifier.accepts(ours, Self.message))
        if curve == nil {
            try openssl.write(ours, to: "ours")
            try openssl.run(
                arguments + ["-verify", "-pubin", "-inkey", "public.pem", "-sigfile", "ours"])
        }
    }

    @Test(
        "case 60: PSS with another salt length or another hash in MGF1 is refused",
        arguments: [(SignatureAlgorithm.ps256, 32), (.ps384, 48), (.ps512, 64)])
    func pssParameters(algorithm: SignatureAlgorithm, hashCount: Int) throws {
        let openssl = try OpenSSL()
        try openssl.run(["genpkey", "-out", "key.pem"] + Self.keyOptions(.rsa))
        try openssl.write(Self.message, to: "message")
        let verifier = try SignatureVerifier(
            key: try openssl.privateKey("key.pem").publicKey, algorithm: algorithm)
        func isAccepted(salt: Int, mask: String) throws -> Bool {
            try openssl.run([
                "pkeyutl", "-rawin", "-in", "message", "-sign", "-inkey", "key.pem", "-out",
                "signature", "-digest", "sha\(hashCount * 8)", "-pkeyopt",
                "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:\(salt)", "-pkeyopt",
                "rsa_mgf1_md:\(mask)",
            ])
            return verifier.accepts(try openssl.read("signature"), Self.message)
        }
        let mask = "sha\(hashCount * 8)"
        #expect(try isAccepted(salt: hashCount, mask: mask))
        for salt in [0, 20, hashCount - 1, hashCount + 1, 100] {
            #expect(try !isAccepted(salt: salt, mask: mask))
        }
        for other in ["sha1", "sha256", "sha384", "sha512"] where other != mask {
            #expect(try !isAccepted(salt: hashCount, mask: other))
        }
    }

    @Test("reads the keys of certificates and of PKCS #1")
    func otherPublicForms() throws {
        let openssl = try OpenSSL()
        for type in [KeyType.rsa, .p256, .p384, .p521, .ed25519] {
            try openssl.run(["genpkey", "-out", "key.pem"] + Self.keyOptions(type))
            try openssl.run([
                "req", "-x509", "-new", "-key", "key.pem", "-out", "certificate.pem", "-subj",
                "/CN=test", "-days", "1",
            ])
            let key = try openssl.privateKey("key.pem")
            #expect(try openssl.publicKey("certificate.pem") == key.publicKey)
            guard type == .rsa else { continue }
            try openssl.run(["rsa", "-in", "key.pem", "-RSAPublicKey_out", "-out", "pkcs1.pem"])
            #expect(try openssl.publicKey("pkcs1.pem") == key.publicKey)
        }
    }

    @Test("reads the private forms PKCS #1 and SEC 1, also behind the curve's parameters")
    func otherPrivateForms() throws {
        let openssl = try OpenSSL()
        try openssl.run(["genpkey", "-out", "rsa.pem"] + Self.keyOptions(.rsa))
        try openssl.run(["rsa", "-in", "rsa.pem", "-traditional", "-out", "pkcs1.pem"])
        #expect(try openssl.text("pkcs1.pem").hasPrefix("-----BEGIN RSA PRIVATE KEY-----"))
        #expect(
            try openssl.privateKey("pkcs1.pem").publicKey
                == openssl.privateKey("rsa.pem").publicKey)
        for curve in ["prime256v1", "secp384r1", "secp521r1"] {
            try openssl.run(["ecparam", "-name", curve, "-genkey", "-out", "both.pem"])
            try openssl.run(["ec", "-in", "both.pem", "-out", "sec1.pem"])
            try openssl.run(["pkcs8", "-topk8", "-nocrypt", "-in", "sec1.pem", "-out", "key.pem"])
            #expect(try openssl.text("both.pem").hasPrefix("-----BEGIN EC PARAMETERS-----"))
            #expect(try openssl.text("sec1.pem").hasPrefix("-----BEGIN EC PRIVATE KEY-----"))
            let key = try openssl.privateKey("key.pem")
            #expect(try openssl.privateKey("sec1.pem").publicKey == key.publicKey)
            #expect(try openssl.privateKey("both.pem").publicKey == key.publicKey)
            // Without the public half, which then follows from the private one.
            try openssl.run(["ec", "-in", "sec1.pem", "-no_public", "-out", "half.pem"])
            #expect(try openssl.privateKey("half.pem").publicKey == key.publicKey)
        }
        try openssl.run([
            "rsa", "-in", "rsa.pem", "-traditional", "-aes128", "-passout", "pass:x", "-out",
            "encrypted.pem",
        ])
        #expect(throws: KeyError.encryptedKey) { try openssl.privateKey("encrypted.pem") }
    }

    @Test("refuses keys of other curves, sizes and kinds, and other private forms")
    func refusals() throws {
        let openssl = try OpenSSL()
        func makeKey(_ options: [String]) throws -> String {
            try openssl.run(["genpkey", "-out", "key.pem"] + options)
            try openssl.run(["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"])
            return "public.pem"
        }
        let expected: [([String], KeyError)] = [
            (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], .unsupportedType),
            (["-algorithm", "ed448"], .unsupportedType),
            (["-algorithm", "x25519"], .unsupportedType),
            (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], .modulusTooShort),
            (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_pubexp:3"], .weakExponent),
            (["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"], .unsupportedType),
        ]
        for (options, error) in expected {
            let file = try makeKey(options)
            #expect(throws: error, "\(options)") { try openssl.publicKey(file) }
        }
        try openssl.run(["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "sec1.pem"])
        #expect(throws: KeyError.privateKey) { try openssl.publicKey("sec1.pem") }
        try openssl.run([
            "pkcs8", "-topk8", "-in", "sec1.pem", "-out", "encrypted.pem", "-passout", "pass:x",
        ])
        #expect(throws: KeyError.encryptedKey) { try openssl.privateKey("encrypted.pem") }
    }

    private static func keyOptions(_ type: KeyType) -> [String] {
        switch type {
        case .p256, .p384, .p521:
            ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:\(type.rawValue)"]
        case .rsa: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        case .ed25519, .secret: ["-algorithm", "ed25519"]
        }
    }

    private static func signOptions(_ algorithm: SignatureAlgorithm) -> [String] {
        guard algorithm != .edDSA else { return [] }
        let digest = ["-digest", "sha\(algorithm.rawValue.dropFirst(2))"]
        guard algorithm.rawValue.hasPrefix("PS") else { return digest }
        return digest + ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"]
    }

    /// r‖s of a DER-encoded ECDSA signature.
    private func rawForm(ofDER der: [UInt8], width: Int) throws -> [UInt8] {
        var raw: [UInt8] = []
        // From 128 bytes on the length takes a byte more.
        var position = der[1] == 0x81 ? 3 : 2
        for _ in 0..<2 {
            try #require(der[position] == 0x02)
            let length = Int(der[position + 1])
            let integer = der[(position + 2)..<(position + 2 + length)].drop { $0 == 0 }
            raw += [UInt8](repeating: 0, count: width - integer.count) + integer
            position += 2 + length
        }
        return raw
    }
}

/// The openssl command line in a folder of its own.
private final class OpenSSL {
    private let folder: URL
    private static let program = "/usr/bin/openssl"

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "ostiary-openssl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl \(arguments)")
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    func publicKey(_ name: String) throws -> PublicKey {
        let pem = try read(name)
        return try PublicKey(pem: pem.span)
    }

    func privateKey(_ name: String) throws -> PrivateKey {
        let pem = try read(name)
        return try PrivateKey(pem: pem.span)
    }

    func text(_ name: String) throws -> String {
        String(decoding: try read(name), as: UTF8.self)
    }

    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name)))
    }
}
