private import CLibcrypto

/// A key that signs. Its description never shows it.
@safe package final class PrivateKey: Sendable, CustomStringConvertible {
    package let publicKey: PublicKey
    private let libcryptoKey: LibcryptoKey

    package var type: KeyType { publicKey.type }
    package var description: String { "<redacted>" }

    private init(_ key: LibcryptoKey) throws(KeyError) {
        publicKey = try PublicKey(try key.publicComponents())
        libcryptoKey = key
    }

    /// Makes a new key. `rsaBits` is the length of an RSA modulus, 2048 to 8192, and unused by other
    /// types. Throws `KeyError` for a length out of range.
    package static func generate(
        _ algorithm: SignatureAlgorithm, rsaBits: Int = 2048
    ) throws(KeyError) -> PrivateKey {
        let name =
            switch algorithm.keyType {
            case .p256: "EC"
            case .rsa: "RSA"
            case .ed25519: "ED25519"
            }
        if algorithm.keyType == .rsa {
            guard rsaBits >= RSAKeyRules.modulusBits.lowerBound else { throw .modulusTooShort }
            guard rsaBits <= RSAKeyRules.modulusBits.upperBound else { throw .modulusTooLong }
        }
        let context = unsafe EVP_PKEY_CTX_new_from_name(nil, name, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var isReady = unsafe EVP_PKEY_keygen_init(context) == 1
        switch algorithm.keyType {
        case .p256:
            isReady = unsafe isReady && EVP_PKEY_CTX_set_group_name(context, "P-256") == 1
        case .rsa:
            isReady =
                unsafe isReady && EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(rsaBits)) == 1
        case .ed25519:
            break
        }
        var handle: OpaquePointer?
        guard unsafe isReady && EVP_PKEY_generate(context, &handle) == 1,
            let key = unsafe LibcryptoKey(owning: handle)
        else {
            ERR_clear_error()
            throw .libcryptoFailed
        }
        return try PrivateKey(key)
    }

    /// Reads one unencrypted PKCS #8 block ("PRIVATE KEY") and checks that its halves match.
    package convenience init(pem: Span<UInt8>) throws(KeyError) {
        let block = try PEM(parsing: pem)
        switch block.label {
        case "PRIVATE KEY": break
        case "ENCRYPTED PRIVATE KEY": throw .encryptedKey
        case "RSA PRIVATE KEY", "EC PRIVATE KEY": throw .notPKCS8
        case "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE": throw .publicKey
        default: throw .unsupportedType
        }
        guard let key = LibcryptoKey(privateKeyInfo: block.der) else { throw .malformed }
        try self.init(key)
        guard try isConsistent() else { throw .inconsistentKeyPair }
    }

    /// The key as unencrypted PKCS #8 PEM. The text is as secret as the key.
    package func pem() throws(KeyError) -> String {
        guard let info = unsafe EVP_PKEY2PKCS8(libcryptoKey.handle) else {
            ERR_clear_error()
            throw .libcryptoFailed
        }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
        let count = unsafe i2d_PKCS8_PRIV_KEY_INFO(info, nil)
        guard count > 0 else { throw .libcryptoFailed }
        var der = [UInt8](repeating: 0, count: Int(count))
        let written = unsafe der.withUnsafeMutableBufferPointer { der in
            var cursor = der.baseAddress
            return unsafe i2d_PKCS8_PRIV_KEY_INFO(info, &cursor)
        }
        guard written == count else { throw .libcryptoFailed }
        return PEM.text(label: "PRIVATE KEY", der: der)
    }

    /// Signs a message.
    /// - Returns: the signature in JWS form: r‖s for ECDSA, else the bytes of the scheme.
    package func sign(
        _ message: Span<UInt8>, algorithm: SignatureAlgorithm
    ) throws(KeyError) -> [UInt8] {
        guard algorithm.keyType == type else { throw .unsupportedAlgorithm }
        switch algorithm.scheme {
        case .ecdsa(let digest): return try rawECDSA(signOneShot(message, digest: digest))
        case .rsaPKCS1(let digest): return try signOneShot(message, digest: digest)
        case .pureEdDSA: return try signOneShot(message, digest: nil)
        }
    }

    /// Signs and verifies once: a file whose public half was changed is found before it is used.
    private func isConsistent() throws(KeyError) -> Bool {
        guard let algorithm = type.algorithms.first else { return false }
        let message = Array("key pair check".utf8)
        let signature = try sign(message.span, algorithm: algorithm)
        return try SignatureVerifier(key: publicKey, algorithm: algorithm)
            .isValid(signature: signature.span, message: message.span)
    }

    /// libcrypto pads RSA by PKCS #1 v1.5 unless told otherwise.
    private func signOneShot(
        _ message: Span<UInt8>, digest: Digest?
    ) throws(KeyError) -> [UInt8] {
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Int(unsafe EVP_PKEY_get_size(handle)))
        var count = signature.count
        let succeeded = unsafe message.withUnsafeBufferPointer { message in
            unsafe EVP_DigestSignInit(context, nil, digest?.handle, nil, handle) == 1
                && EVP_DigestSign(
                    context, &signature, &count, message.baseAddress, message.count) == 1
        }
        guard succeeded else {
            ERR_clear_error()
            throw .libcryptoFailed
        }
        return Array(signature[..<count])
    }

    private var handle: OpaquePointer { unsafe libcryptoKey.handle }

    private func rawECDSA(_ der: [UInt8]) throws(KeyError) -> [UInt8] {
        let parsed = unsafe der.withUnsafeBufferPointer { der in
            var cursor = der.baseAddress
            return unsafe d2i_ECDSA_SIG(nil, &cursor, der.count)
        }
        defer { unsafe ECDSA_SIG_free(parsed) }
        let width = 32
        var raw = [UInt8](repeating: 0, count: 2 * width)
        let written = unsafe raw.withUnsafeMutableBufferPointer { raw -> Bool in
            guard let start = raw.baseAddress, unsafe parsed != nil else { return false }
            return unsafe BN_bn2binpad(ECDSA_SIG_get0_r(parsed), start, Int32(width)) == width
                && BN_bn2binpad(ECDSA_SIG_get0_s(parsed), start + width, Int32(width)) == width
        }
        guard written else { throw .libcryptoFailed }
        return raw
    }
}
