/// Randomness fit for keys and token identifiers.
package enum SecureRandom {
    /// Bytes of the operating system's generator (getrandom(2) on Linux).
    package static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
