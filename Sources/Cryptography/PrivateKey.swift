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
    /// types. Throws `KeyError` for a length out of range, and for an algorithm with secrets only.
    package static func generate(
        _ algorithm: SignatureAlgorithm, rsaBits: Int = 2048
    ) throws(KeyError) -> PrivateKey {
        let context: OpaquePointer?
        var isReady = false
        switch algorithm.scheme {
        case .ecdsa(let curve, _):
            unsafe context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
            isReady =
                unsafe EVP_PKEY_keygen_init(context) == 1
                && EVP_PKEY_CTX_set_group_name(context, curve.groupName) == 1
        case .rsaPKCS1, .rsaPSS:
            guard rsaBits >= RSAKeyRules.modulusBits.lowerBound else { throw .modulusTooShort }
            guard rsaBits <= RSAKeyRules.modulusBits.upperBound else { throw .modulusTooLong }
            unsafe context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil)
            isReady =
                unsafe EVP_PKEY_keygen_init(context) == 1
                && EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(rsaBits)) == 1
        case .pureEdDSA:
            unsafe context = EVP_PKEY_CTX_new_from_name(nil, "ED25519", nil)
            isReady = unsafe EVP_PKEY_keygen_init(context) == 1
        case .hmac: throw .unsupportedAlgorithm
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var handle: OpaquePointer?
        guard unsafe isReady && EVP_PKEY_generate(context, &handle) == 1,
            let key = unsafe LibcryptoKey(owning: handle)
        else {
            ERR_clear_error()
            throw .libcryptoFailed
        }
        return try PrivateKey(key)
    }

    /// Reads one unencrypted block of PKCS #8 ("PRIVATE KEY"), PKCS #1 ("RSA PRIVATE KEY") or SEC 1
    /// ("EC PRIVATE KEY", also after the "EC PARAMETERS" that OpenSSL writes before it), and checks
    /// that its halves match.
    package convenience init(pem: Span<UInt8>) throws(KeyError) {
        let block = try PEM(parsing: pem, after: "EC PARAMETERS")
        let key: LibcryptoKey?
        switch block.label {
        case "PRIVATE KEY": key = LibcryptoKey(privateKeyInfo: block.der)
        case "RSA PRIVATE KEY": key = LibcryptoKey(rsaPrivateKey: block.der)
        case "EC PRIVATE KEY": key = LibcryptoKey(ecPrivateKey: block.der)
        case "ENCRYPTED PRIVATE KEY": throw .encryptedKey
        case "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE": throw .publicKey
        default: throw .unsupportedType
        }
        guard let key else { throw .malformed }
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
        case .ecdsa(let curve, let digest):
            return try rawECDSA(signOneShot(message, digest), width: curve.byteCount)
        case .rsaPKCS1(let digest): return try signOneShot(message, digest, .pkcs1)
        case .rsaPSS(let digest): return try signOneShot(message, digest, .pss)
        case .pureEdDSA: return try signOneShot(message, nil)
        case .hmac: throw .unsupportedAlgorithm
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

    private func signOneShot(
        _ message: Span<UInt8>, _ digest: Digest?, _ padding: RSAPadding = .none
    ) throws(KeyError) -> [UInt8] {
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Int(unsafe EVP_PKEY_get_size(handle)))
        var count = signature.count
        let succeeded = unsafe message.withUnsafeBufferPointer { message in
            // Belongs to `context`.
            var keyContext: OpaquePointer?
            guard
                unsafe EVP_DigestSignInit(context, &keyContext, digest?.handle, nil, handle) == 1
            else { return false }
            if let digest, unsafe !padding.apply(to: keyContext, digest) { return false }
            return unsafe EVP_DigestSign(
                context, &signature, &count, message.baseAddress, message.count) == 1
        }
        guard succeeded else {
            ERR_clear_error()
            throw .libcryptoFailed
        }
        return Array(signature[..<count])
    }

    private var handle: OpaquePointer { unsafe libcryptoKey.handle }

    private func rawECDSA(_ der: [UInt8], width: Int) throws(KeyError) -> [UInt8] {
        let parsed = unsafe der.withUnsafeBufferPointer { der in
            var cursor = der.baseAddress
            return unsafe d2i_ECDSA_SIG(nil, &cursor, der.count)
        }
        defer { unsafe ECDSA_SIG_free(parsed) }
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
