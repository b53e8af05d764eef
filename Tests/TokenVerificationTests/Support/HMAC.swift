import Cryptography

/// HMAC-SHA-256 (RFC 2104): what an attacker computes who takes a public key for a shared secret.
func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
    let shortened = key.count > 64 ? SHA256.hash(key.span) : key
    let block = shortened + [UInt8](repeating: 0, count: 64 - shortened.count)
    let inner = SHA256.hash((block.map { $0 ^ 0x36 } + message).span)
    return SHA256.hash((block.map { $0 ^ 0x5C } + inner).span)
}
