private import Glibc
import NIOCore

/// `control.sock` in the data folder: where commands reach a running server.
///
/// A socket's path has room for 107 bytes. Here it always starts at the folder's descriptor, so
/// that the folder may lie as deep as it likes.
struct ControlSocket: ~Copyable {
    static let fileName = "control.sock"

    private let folder: Int32

    /// Throws when there is no such folder.
    init(folder path: String) throws(FileProblem) {
        folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileProblem(errno: errno) }
    }

    deinit { close(folder) }

    /// Good as long as this lives.
    var path: String { "/proc/self/fd/\(folder)/\(Self.fileName)" }

    /// Makes the socket with mode 0600 and listens. A socket that is there is one that a server left
    /// behind, because whoever calls this holds the folder's lock; anything else is left alone.
    ///
    /// - Returns: a descriptor that is the caller's to close.
    func listen() throws(FileProblem) -> Int32 {
        try removeStale()
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw FileProblem(errno: errno) }
        do throws(FileProblem) {
            // Linux gives the name the descriptor's mode, so that there is no moment in which
            // others could connect (unix_bind takes it from the socket's inode).
            guard fchmod(descriptor, 0o600) == 0, try bind(descriptor) == 0,
                Glibc.listen(descriptor, 16) == 0
            else { throw FileProblem(errno: errno) }
            try checkMode()
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Takes the socket's name away.
    func remove() { unsafe unlinkat(folder, Self.fileName, 0) }

    private func removeStale() throws(FileProblem) {
        guard let mode = try mode() else { return }
        guard mode & S_IFMT == S_IFSOCK else {
            throw FileProblem("there is a file of that name that is no socket; move it away")
        }
        remove()
    }

    /// A kernel that does as it likes must not leave the accounts open to everybody.
    private func checkMode() throws(FileProblem) {
        guard try mode().map({ $0 & 0o177 }) == 0 else {
            remove()
            throw FileProblem("the system would let others than its owner use it")
        }
    }

    private func mode() throws(FileProblem) -> mode_t? {
        var status = stat()
        if unsafe fstatat(folder, Self.fileName, &status, AT_SYMLINK_NOFOLLOW) == 0 {
            return status.st_mode
        }
        guard errno == ENOENT else { throw FileProblem(errno: errno) }
        return nil
    }

    private func bind(_ descriptor: Int32) throws(FileProblem) -> Int32 {
        guard let address = try? SocketAddress(unixDomainSocketPath: path) else {
            throw FileProblem(errno: ENAMETOOLONG)
        }
        return unsafe address.withSockAddr { address, size in
            unsafe Glibc.bind(descriptor, address, socklen_t(size))
        }
    }
}

/// Who is at the other end of a control connection.
struct ControlPeer: Sendable {
    let user: UInt32

    /// Asks the system, which remembers who connected or listened (SO_PEERCRED, unix(7)).
    static func of(_ channel: any Channel) async throws -> ControlPeer {
        guard let options = channel as? any SocketOptionProvider else {
            throw FileProblem("the system does not say who is there")
        }
        // struct ucred, which Glibc's module does not show.
        let credentials: EventLoopFuture<(process: Int32, user: UInt32, group: UInt32)> =
            options.unsafeGetSocketOption(
                level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        return ControlPeer(user: try await credentials.get().user)
    }

    /// Ourselves, and root, who could do everything anyway.
    var isTrusted: Bool { user == geteuid() || user == 0 }
}
