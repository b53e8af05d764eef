private import CLibcrypto

/// Owns one EVP_PKEY of libcrypto.
@safe final class LibcryptoKey: @unchecked Sendable {
    // INVARIANT (shared key): nothing changes the EVP_PKEY after `init`, and libcrypto allows any
    // number of threads to use an unchanging one, each with contexts of its own.
    let handle: OpaquePointer

    /// Takes over the reference; nil stays nil, with libcrypto's errors forgotten.
    init?(owning handle: OpaquePointer?) {
        guard let handle = unsafe handle else {
            ERR_clear_error()
            return nil
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe EVP_PKEY_free(handle)
    }

    /// Reads a SubjectPublicKeyInfo; all the bytes must belong to it.
    convenience init?(subjectPublicKeyInfo der: [UInt8]) {
        unsafe self.init(owning: der.withDERCursor { unsafe d2i_PUBKEY(nil, &$0, $1) })
    }

    /// Reads an RSAPublicKey of PKCS #1 (RFC 8017 A.1.1); all the bytes must belong to it.
    convenience init?(rsaPublicKey der: [UInt8]) {
        unsafe self.init(
            owning: der.withDERCursor { unsafe d2i_PublicKey(EVP_PKEY_RSA, nil, &$0, $1) })
    }

    /// Reads the key of an X.509 certificate. Nothing else of the certificate is looked at: who put
    /// it into the configuration vouches for it.
    convenience init?(certificate der: [UInt8]) {
        let certificate = unsafe der.withDERCursor { unsafe d2i_X509(nil, &$0, $1) }
        unsafe self.init(owning: X509_get_pubkey(certificate))
        unsafe X509_free(certificate)
    }

    /// Reads an unencrypted PrivateKeyInfo of PKCS #8 (RFC 5958).
    convenience init?(privateKeyInfo der: [UInt8]) {
        let info = unsafe der.withDERCursor { unsafe d2i_PKCS8_PRIV_KEY_INFO(nil, &$0, $1) }
        guard unsafe info != nil else {
            ERR_clear_error()
            return nil
        }
        unsafe self.init(owning: EVP_PKCS82PKEY(info))
        unsafe PKCS8_PRIV_KEY_INFO_free(info)
    }

    /// Reads an RSAPrivateKey of PKCS #1 (RFC 8017 A.1.2).
    convenience init?(rsaPrivateKey der: [UInt8]) {
        unsafe self.init(
            owning: der.withDERCursor { unsafe d2i_PrivateKey(EVP_PKEY_RSA, nil, &$0, $1) })
    }

    /// Reads an ECPrivateKey of SEC 1 (RFC 5915), which must name its curve.
    convenience init?(ecPrivateKey der: [UInt8]) {
        unsafe self.init(
            owning: der.withDERCursor { unsafe d2i_PrivateKey(EVP_PKEY_EC, nil, &$0, $1) })
    }

    /// The public numbers, without any check of the rules on them.
    func publicComponents() throws(KeyError) -> PublicKeyComponents {
        if unsafe EVP_PKEY_is_a(handle, "EC") == 1 {
            let name = groupName
            guard let curve = EllipticCurve.allCases.first(where: { $0.groupName == name }) else {
                throw .unsupportedType
            }
            guard let x = number(OSSL_PKEY_PARAM_EC_PUB_X, paddedTo: curve.byteCount),
                let y = number(OSSL_PKEY_PARAM_EC_PUB_Y, paddedTo: curve.byteCount)
            else { throw .malformed }
            return .ec(curve, x: x, y: y)
        }
        if unsafe EVP_PKEY_is_a(handle, "RSA") == 1 {
            guard let modulus = number(OSSL_PKEY_PARAM_RSA_N),
                let exponent = number(OSSL_PKEY_PARAM_RSA_E)
            else { throw .malformed }
            return .rsa(modulus: modulus, exponent: exponent)
        }
        if unsafe EVP_PKEY_is_a(handle, "ED25519") == 1 {
            var point = [UInt8](repeating: 0, count: 32)
            var count = point.count
            guard unsafe EVP_PKEY_get_raw_public_key(handle, &point, &count) == 1, count == 32
            else { throw .malformed }
            return .ed25519(point)
        }
        throw .unsupportedType
    }

    /// The name of an elliptic curve; nil for explicit parameters that are not exactly those of a
    /// curve with a name.
    private var groupName: String? {
        var name = [UInt8](repeating: 0, count: 64)
        var count = 0
        let found = unsafe name.withUnsafeMutableBytes { name in
            unsafe EVP_PKEY_get_group_name(
                handle, name.baseAddress?.assumingMemoryBound(to: CChar.self), name.count, &count)
                == 1
        }
        guard found, count < name.count else {
            ERR_clear_error()
            return nil
        }
        return String(decoding: name[..<count], as: UTF8.self)
    }

    private func number(_ name: String, paddedTo width: Int? = nil) -> [UInt8]? {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(handle, name, &number) == 1 else {
            ERR_clear_error()
            return nil
        }
        defer { unsafe BN_free(number) }
        let count = unsafe width ?? Int(BN_num_bits(number) + 7) / 8
        var bytes = [UInt8](repeating: 0, count: count)
        return unsafe BN_bn2binpad(number, &bytes, Int32(count)) == Int32(count) ? bytes : nil
    }
}

extension [UInt8] {
    /// Hands a d2i function its cursor and the length. Those functions ignore what follows the value
    /// they read, so bytes that are not exactly one DER element never reach them.
    fileprivate func withDERCursor(
        _ parse: (inout UnsafePointer<UInt8>?, Int) -> OpaquePointer?
    ) -> OpaquePointer? {
        guard DER.isOneElement(self) else { return nil }
        return unsafe withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            return unsafe parse(&cursor, bytes.count)
        }
    }
}
