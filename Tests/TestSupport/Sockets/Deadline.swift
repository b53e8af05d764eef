import Glibc

/// The monotonic moment until which a test waits; every wait of the support code takes one.
package struct Deadline: Sendable {
    private let instant: ContinuousClock.Instant

    package static func after(_ duration: Duration) -> Deadline {
        Deadline(instant: .now + duration)
    }

    package var hasPassed: Bool { ContinuousClock.now >= instant }

    /// What is left, as `poll(2)` takes it: at least 0 ms, rounded up.
    var pollMilliseconds: Int32 {
        let left = ContinuousClock.now.duration(to: instant).components
        guard left.seconds >= 0, left.attoseconds >= 0 else { return 0 }
        let milliseconds = left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000
        return Int32(clamping: milliseconds + 1)
    }

    /// Asks every 2 ms until the condition holds or the deadline has passed; returns whether it held.
    package func waits(until condition: () throws -> Bool) rethrows -> Bool {
        while try !condition() {
            if hasPassed { return false }
            usleep(2_000)
        }
        return true
    }
}
