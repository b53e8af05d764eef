/// What an RSA public key must be like before anything is verified with it.
enum RSAKeyRules {
    /// Below, factoring is within reach; above, one verification costs milliseconds.
    static let modulusBits = 2048...8192

    static func check(modulus: [UInt8], exponent: [UInt8]) throws(KeyError) {
        guard let high = modulus.first, high != 0, let low = modulus.last else {
            throw .malformed  // RFC 7518 § 2: Base64urlUInt has no leading zero
        }
        let bits = modulus.count * 8 - high.leadingZeroBitCount
        guard bits >= modulusBits.lowerBound else { throw .modulusTooShort }
        guard bits <= modulusBits.upperBound else { throw .modulusTooLong }
        guard low & 1 == 1 else { throw .weakModulus }
        try check(exponent: exponent)
        let residues = fingerprintPrimes.map { remainder(of: modulus, by: $0) }
        guard !residues.contains(0) else { throw .weakModulus }
        guard !hasROCAFingerprint(residues) else { throw .vulnerableModulus }
    }

    private static func check(exponent: [UInt8]) throws(KeyError) {
        guard let high = exponent.first, high != 0 else { throw .malformed }
        guard exponent.count <= 5 else { throw .weakExponent }
        let value = exponent.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard value >= 65537, value <= 1 << 33, value & 1 == 1 else { throw .weakExponent }
    }

    /// Infineon's library built primes as `k * M + (65537^a mod M)`, M a product of small primes, so
    /// that the modulus is a power of 65537 modulo each of them ("The Return of Coppersmith's
    /// Attack", CCS 2017, § 2.3). A random modulus is so for all of them once in 2^27 or less often.
    private static func hasROCAFingerprint(_ residues: [UInt32]) -> Bool {
        for (prime, residue) in zip(fingerprintPrimes, residues) {
            var power: UInt32 = 1
            var isPower = false
            repeat {
                isPower = isPower || power == residue
                power = power * (65537 % prime) % prime
            } while power != 1
            guard isPower else { return false }
        }
        return true
    }

    private static func remainder(of magnitude: [UInt8], by divisor: UInt32) -> UInt32 {
        magnitude.reduce(0) { ($0 << 8 | UInt32($1)) % divisor }
    }

    /// The odd primes that divide M for every key length concerned.
    private static let fingerprintPrimes: [UInt32] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
        101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ]
}
