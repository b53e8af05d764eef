private import Glibc
internal import NIOCore

/// Why the server could not start.
package enum ProxyStartError: Error, Sendable, Equatable, CustomStringConvertible {
    case addressInUse(String)
    case addressNotAvailable(String)
    case addressNotPermitted(String)
    case socketInUse(String)
    case notASocket(String)
    case bindFailed(String, reason: String)

    package var description: String {
        switch self {
        case .addressInUse(let address):
            "cannot listen on `\(address)`: the port is in use; stop the other program or choose "
                + "another port"
        case .addressNotAvailable(let address):
            "cannot listen on `\(address)`: this machine has no such address"
        case .addressNotPermitted(let address):
            "cannot listen on `\(address)`: not permitted; "
                + (address.hasPrefix("unix:")
                    ? "make the folder writable for the gateway's user"
                    : "ports below 1024 need privileges")
        case .socketInUse(let address):
            "cannot listen on `\(address)`: another process listens there; stop it or choose "
                + "another path"
        case .notASocket(let address):
            "cannot listen on `\(address)`: there is a file of that name that is no socket; move it "
                + "away"
        case .bindFailed(let address, let reason):
            "cannot listen on `\(address)`: \(reason)"
        }
    }
}

extension ProxyStartError {
    init(_ address: String, _ error: any Error) {
        guard let error = error as? IOError else {
            self = .bindFailed(address, reason: "the address cannot be resolved")
            return
        }
        self.init(address, errno: error.errnoCode)
    }

    init(_ address: String, errno code: Int32) {
        switch code {
        case EADDRINUSE: self = .addressInUse(address)
        case EADDRNOTAVAIL: self = .addressNotAvailable(address)
        case EACCES, EPERM: self = .addressNotPermitted(address)
        case ENAMETOOLONG: self = .bindFailed(address, reason: "the path is too long")
        default: self = .bindFailed(address, reason: "system error \(code)")
        }
    }
}
