private import CArgon2

/// Argon2id, version 19 (RFC 9106): slow and large on purpose, so call it on its own threads.
package enum Argon2id {
    /// Hashes a password.
    ///
    /// The salt is 8 to 64 random bytes; 16 are enough.
    /// - Returns: the PHC string `$argon2id$v=19$m=…,t=…,p=…$salt$hash` with a hash of 32 bytes.
    /// - Throws: `.outOfBounds`, `.wrongSaltLength` or `.outOfMemory`.
    package static func hash(
        _ password: Span<UInt8>, salt: [UInt8], _ parameters: Argon2Parameters,
        limits: Argon2Limits = Argon2Limits()
    ) throws(PasswordHashError) -> String {
        guard limits.allow(parameters) else { throw .outOfBounds }
        guard Argon2Hash.saltCounts.contains(salt.count) else { throw .wrongSaltLength }
        let bytes = try derive(password, salt: salt, parameters, count: 32)
        return Argon2Hash(parameters: parameters, salt: salt, bytes: bytes).encoded
    }

    /// Whether `encoded` is the hash of this password. The time depends on the hash's parameters
    /// and the lengths only.
    /// - Throws: without any work if the hash is malformed, of another algorithm or beyond the
    ///   limits.
    package static func verify(
        _ password: Span<UInt8>, against encoded: String, limits: Argon2Limits = Argon2Limits()
    ) throws(PasswordHashError) -> Bool {
        let hash = try Argon2Hash(encoded)
        guard limits.allow(hash.parameters) else { throw .outOfBounds }
        let bytes = try derive(
            password, salt: hash.salt, hash.parameters, count: hash.bytes.count)
        return constantTimeEquals(bytes.span, hash.bytes.span)
    }

    /// The parameters that a stored hash was made with.
    package static func parameters(
        of encoded: String
    ) throws(PasswordHashError) -> Argon2Parameters {
        try Argon2Hash(encoded).parameters
    }

    private static func derive(
        _ password: Span<UInt8>, salt: [UInt8], _ parameters: Argon2Parameters, count: Int
    ) throws(PasswordHashError) -> [UInt8] {
        guard let length = UInt32(exactly: password.count) else { throw .outOfBounds }
        var salt = salt
        var bytes = [UInt8](repeating: 0, count: count)
        let result = unsafe password.withUnsafeBufferPointer { password in
            unsafe salt.withUnsafeMutableBufferPointer { salt in
                unsafe bytes.withUnsafeMutableBufferPointer { bytes in
                    var context = unsafe Argon2_Context()
                    unsafe context.out = bytes.baseAddress
                    unsafe context.outlen = UInt32(bytes.count)
                    // libargon2 writes to the password only when a flag asks it to.
                    unsafe context.pwd = UnsafeMutablePointer(mutating: password.baseAddress)
                    unsafe context.pwdlen = length
                    unsafe context.salt = salt.baseAddress
                    unsafe context.saltlen = UInt32(salt.count)
                    unsafe context.t_cost = parameters.passes
                    unsafe context.m_cost = parameters.memory
                    unsafe context.lanes = parameters.lanes
                    // On the caller's thread alone: who bounds the threads bounds the load.
                    unsafe context.threads = 1
                    unsafe context.version = UInt32(ARGON2_VERSION_13.rawValue)
                    return unsafe argon2id_ctx(&context)
                }
            }
        }
        switch result {
        case ARGON2_OK.rawValue: return bytes
        case ARGON2_MEMORY_ALLOCATION_ERROR.rawValue: throw .outOfMemory
        default: throw .libargon2Failed
        }
    }
}
