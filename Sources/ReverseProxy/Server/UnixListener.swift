private import Glibc
private import NIOCore

/// A Unix socket that was made to listen on, and its name in the file system.
///
/// The name outlives a process that is killed. So a name that is there is tried: where nobody
/// answers it is replaced, where somebody does it is left alone.
struct UnixListener: Sendable {
    let path: String
    private let device: UInt64
    private let inode: UInt64

    /// Makes the socket with `mode`, which says who may connect, and listens.
    ///
    /// - Returns: a descriptor that is the caller's to close, and the name that is to be removed.
    static func listen(
        at path: String, mode: UInt32, backlog: Int32 = 1024
    ) throws(ProxyStartError) -> (descriptor: Int32, listener: UnixListener) {
        let text = "unix:\(path)"
        // Two processes that start at once must not both find the name of a dead one.
        let folder = try lockFolder(of: path, text)
        defer { close(folder) }
        try removeStale(path, text)
        let descriptor = try makeSocket(text)
        // Linux gives the name the descriptor's mode less the umask (unix_bind), so that there is no
        // moment in which more than these could connect; what the umask took away comes back after it.
        guard fchmod(descriptor, mode_t(mode)) == 0,
            unsafe withAddress(of: path, { unsafe bind(descriptor, $0, $1) }) == 0,
            unsafe chmod(path, mode_t(mode)) == 0, Glibc.listen(descriptor, backlog) == 0
        else { throw failed(descriptor, text, errno) }
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw failed(descriptor, text, errno) }
        return (
            descriptor,
            UnixListener(path: path, device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        )
    }

    /// Takes the name away, unless it has become somebody else's.
    func remove() {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, UInt64(status.st_dev) == device,
            UInt64(status.st_ino) == inode
        else { return }
        unsafe unlink(path)
    }

    /// - Returns: a descriptor of the folder, which holds its lock until it is closed.
    private static func lockFolder(
        of path: String, _ text: String
    ) throws(ProxyStartError) -> Int32 {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let folder = end == path.startIndex ? "/" : String(path[..<end])
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .bindFailed(text, reason: "the folder `\(folder)` cannot be opened")
        }
        // Whoever holds it for longer than a start takes is no gateway, and must not stop this one.
        for _ in 1...20 {
            guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { break }
            usleep(50_000)
        }
        return descriptor
    }

    private static func removeStale(_ path: String, _ text: String) throws(ProxyStartError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(text) }
        let probe = try makeSocket(text)
        defer { close(probe) }
        let result = unsafe withAddress(of: path) { unsafe connect(probe, $0, $1) }
        // ECONNREFUSED is the one answer that says that nobody listens any more.
        guard result != 0, errno == ECONNREFUSED else { throw .socketInUse(text) }
        unsafe unlink(path)
    }

    private static func makeSocket(_ text: String) throws(ProxyStartError) -> Int32 {
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(AF_UNIX, Int32(type), 0)
        guard descriptor >= 0 else { throw ProxyStartError(text, errno: errno) }
        return descriptor
    }

    private static func failed(_ descriptor: Int32, _ text: String, _ code: Int32)
        -> ProxyStartError
    {
        close(descriptor)
        return ProxyStartError(text, errno: code)
    }

    private static func withAddress(
        of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        guard let address = try? SocketAddress(unixDomainSocketPath: path) else {
            errno = ENAMETOOLONG
            return -1
        }
        return unsafe address.withSockAddr { unsafe body($0, socklen_t($1)) }
    }
}
