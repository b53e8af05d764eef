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
        arguments: [
            (.es256, ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
            (.rs256, ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
            (.edDSA, ["-algorithm", "ed25519"]),
        ] as [(SignatureAlgorithm, [String])])
    func signatures(algorithm: SignatureAlgorithm, options: [String]) throws {
        let openssl = try OpenSSL()
        try openssl.run(["genpkey", "-out", "key.pem"] + options)
        try openssl.run(["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"])
        try openssl.write(Self.message, to: "message")
        let key = try openssl.publicKey("public.pem")
        let privateKey = try openssl.privateKey("key.pem")
        #expect(key.components == privateKey.publicKey.components)
        let verifier = try SignatureVerifier(key: key, algorithm: algorithm)
        let digest = algorithm == .edDSA ? [] : ["-digest", "sha256"]
        let arguments = ["pkeyutl", "-rawin", "-in", "message"] + digest

        try openssl.run(arguments + ["-sign", "-inkey", "key.pem", "-out", "signature"])
        let theirs = try openssl.read("signature")
        let raw = algorithm == .es256 ? try rawForm(ofDER: theirs) : theirs
        #expect(verifier.accepts(raw, Self.message))

        let ours = try privateKey.sign(Self.message.span, algorithm: algorithm)
        #expect(verifier.accepts(ours, Self.message))
        if algorithm != .es256 {
            try openssl.write(ours, to: "ours")
            try openssl.run(
                arguments + ["-verify", "-pubin", "-inkey", "public.pem", "-sigfile", "ours"])
        }
    }

    @Test("reads the key of a certificate and of PKCS #1")
    func otherPublicForms() throws {
        let openssl = try OpenSSL()
        try openssl.run([
            "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-keyout", "key.pem", "-out",
            "certificate.pem", "-subj", "/CN=test", "-days", "1",
        ])
        try openssl.run(["rsa", "-in", "key.pem", "-RSAPublicKey_out", "-out", "pkcs1.pem"])
        let fromCertificate = try openssl.publicKey("certificate.pem")
        let fromPKCS1 = try openssl.publicKey("pkcs1.pem")
        let key = try openssl.privateKey("key.pem")
        #expect(fromCertificate.components == key.publicKey.components)
        #expect(fromPKCS1.components == key.publicKey.components)
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
        #expect(try openssl.privateKey("sec1.pem").type == .p256)
        try openssl.run([
            "pkcs8", "-topk8", "-in", "sec1.pem", "-out", "encrypted.pem", "-passout", "pass:x",
        ])
        #expect(throws: KeyError.encryptedKey) { try openssl.privateKey("encrypted.pem") }
    }

    /// r‖s of a DER-encoded ECDSA signature.
    private func rawForm(ofDER der: [UInt8]) throws -> [UInt8] {
        var raw: [UInt8] = []
        var position = 2
        for _ in 0..<2 {
            try #require(der[position] == 0x02)
            let length = Int(der[position + 1])
            let integer = der[(position + 2)..<(position + 2 + length)].drop { $0 == 0 }
            raw += [UInt8](repeating: 0, count: 32 - integer.count) + integer
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

    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name)))
    }
}
