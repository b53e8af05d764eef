import Synchronization

/// Numbers keys in the order in which the process read them, so that what was verified with a key
/// can be told from what was verified with another of the same name.
enum KeyEpoch {
    private static let last = Atomic<UInt64>(0)

    /// A number that no other key of the process has.
    static func next() -> UInt64 { last.add(1, ordering: .relaxed).newValue }
}
