import Glibc

/// A random sequence that can be repeated: SplitMix64 from a seed that is printed.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    package let seed: UInt64
    private var state: UInt64

    /// Takes the seed from `OSTIARY_PROPERTY_SEED`, else a new one, and prints it with `name`.
    package init(for name: String) {
        let wish = unsafe getenv("OSTIARY_PROPERTY_SEED").flatMap { unsafe String(cString: $0) }
        seed = wish.flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
        print("\(name): OSTIARY_PROPERTY_SEED=\(seed)")
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// One of `choices`, which must not be empty.
    package mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
    }

    /// Cuts `bytes` into pieces of 1 to `longest` bytes.
    package mutating func cut(_ bytes: [UInt8], longest: Int) -> [[UInt8]] {
        var rest = bytes[...]
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(longest, rest.count), using: &self)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}

/// How many random cases a property is tried with: the usual number, or as many times more as
/// `OSTIARY_PROPERTY_TIMES` says.
package func propertyRounds(_ usual: Int) -> Int { usual * max(1, propertyTimes) }

/// 1 in a usual run.
package let propertyTimes = number("OSTIARY_PROPERTY_TIMES") ?? 1

/// How often a process is killed and started again; `OSTIARY_CRASH_ROUNDS` for a long run.
package func crashRounds(_ usual: Int) -> Int { number("OSTIARY_CRASH_ROUNDS") ?? usual }

/// How many bad tokens are sent where none may cost anything; `OSTIARY_FLOOD_ROUNDS` for a long run.
package func floodRounds(_ usual: Int) -> Int { number("OSTIARY_FLOOD_ROUNDS") ?? usual }

private func number(_ variable: String) -> Int? {
    let wish = unsafe getenv(variable).flatMap { unsafe String(cString: $0) }
    return wish.flatMap { Int($0) }
}
