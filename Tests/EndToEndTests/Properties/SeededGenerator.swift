import Foundation

/// A random sequence that can be repeated: SplitMix64 from a seed that the test prints.
struct SeededGenerator: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    /// Takes the seed from `OSTIARY_PROPERTY_SEED`, else a new one.
    init() {
        let wish = ProcessInfo.processInfo.environment["OSTIARY_PROPERTY_SEED"]
        seed = wish.flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// How many random cases a property is tried with; `OSTIARY_PROPERTY_ROUNDS` for a long run.
func propertyRounds(_ usual: Int) -> Int {
    let wish = ProcessInfo.processInfo.environment["OSTIARY_PROPERTY_ROUNDS"]
    return wish.flatMap { Int($0) } ?? usual
}
