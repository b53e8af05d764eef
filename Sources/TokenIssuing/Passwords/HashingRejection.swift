package import Cryptography

/// Why the pool has not hashed or compared a password.
package enum HashingRejection: Error, Sendable, Equatable, CustomStringConvertible {
    /// As many passwords as may wait are waiting already.
    case queueFull
    /// The pool has been stopped.
    case stopped
    case failed(PasswordHashError)

    package var description: String {
        switch self {
        case .queueFull: "too many passwords are waiting to be hashed"
        case .stopped: "passwords are no longer hashed: the server is stopping"
        case .failed(let error): error.description
        }
    }

    /// Whether the same is worth trying again in a moment.
    var isMomentary: Bool {
        switch self {
        case .queueFull, .stopped, .failed(.outOfMemory): true
        case .failed: false
        }
    }
}
