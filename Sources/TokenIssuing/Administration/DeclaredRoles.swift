private import Synchronization

/// The roles that the policy in force declares: another one when the policy is changed.
package final class DeclaredRoles: Sendable, ExpressibleByArrayLiteral {
    private let current: Mutex<[String]>

    package init(_ names: [String]) { current = Mutex(names) }

    package convenience init(arrayLiteral names: String...) { self.init(names) }

    package var names: [String] { current.withLock { $0 } }

    package func change(to names: [String]) { current.withLock { $0 = names } }
}
