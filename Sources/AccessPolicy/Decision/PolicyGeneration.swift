import Synchronization

/// Tells one loaded policy from every other that this process has loaded.
struct PolicyGeneration: Sendable, Equatable {
    private let number: UInt64

    static func next() -> PolicyGeneration {
        PolicyGeneration(number: counter.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    private static let counter = Atomic<UInt64>(0)
}
