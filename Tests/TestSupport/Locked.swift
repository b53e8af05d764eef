import Foundation

/// A value that several threads share.
///
/// `Synchronization.Mutex` is a futex of its own on Linux, of which the thread sanitizer knows
/// nothing: it reports every use as a race. A lock of the C library it knows.
package final class Locked<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    // INVARIANT (locked value): read and written only while `lock` is held.
    private var value: Value

    package init(_ value: Value) {
        self.value = value
    }

    package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
