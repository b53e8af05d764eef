/// Why a password was not hashed or compared. The text holds nothing of password or hash.
package enum PasswordHashError: String, Error, Sendable, CaseIterable, CustomStringConvertible {
    case malformed = "the password hash is not well-formed"
    case unsupportedAlgorithm = "the password hash is not of Argon2id, version 19"
    case outOfBounds = "the password hash asks for more work than is allowed, or for too little"
    case wrongSaltLength = "a salt has 8 to 64 bytes"
    case outOfMemory = "no memory is left to hash a password"
    case libargon2Failed = "libargon2 failed"

    package var description: String { rawValue }
}
