import Glibc
import Synchronization

/// A connected or listening TCP socket on the loopback interface, with waits bounded by deadlines.
///
/// `disconnect` may be called by any thread and wakes the others; the descriptor is closed only
/// when the last reference goes, so that no thread can meet a descriptor that was reused.
package final class Socket: Sendable {
    private let descriptor: Int32

    private init(adopting descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Connects to 127.0.0.1. A small `receiveBuffer` (bytes) makes a reader that fills up early.
    package static func connect(to port: UInt16, receiveBuffer: Int32? = nil) throws -> Socket {
        let socket = try unconnected()
        if let receiveBuffer { socket.set(SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
        var address = loopback(port)
        let status = unsafe withSocketAddress(of: &address) { pointer, length in
            unsafe Glibc.connect(socket.descriptor, pointer, length)
        }
        guard status == 0 else { throw SocketError(during: "connect to port \(port)") }
        // Segments must leave as the test cut them.
        socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        return socket
    }

    /// Connects to the Unix socket at `path`, at most 107 bytes long.
    package static func connect(toFile path: String) throws -> Socket {
        let socket = try unconnected(AF_UNIX)
        guard try unsafe socket.withUnixAddress(path, { unsafe Glibc.connect($0, $1, $2) }) == 0
        else {
            throw SocketError(during: "connect to a Unix socket")
        }
        return socket
    }

    /// Listens at `path`, at most 107 bytes long, where nothing may be yet.
    package static func listen(atFile path: String) throws -> Socket {
        let socket = try unconnected(AF_UNIX)
        guard try unsafe socket.withUnixAddress(path, { unsafe Glibc.bind($0, $1, $2) }) == 0,
            Glibc.listen(socket.descriptor, 128) == 0
        else { throw SocketError(during: "listen at a Unix socket") }
        return socket
    }

    /// Connects to ::1.
    package static func connect(toSix port: UInt16) throws -> Socket {
        let socket = try unconnected(AF_INET6)
        guard try unsafe socket.withSixAddress(port, { unsafe Glibc.connect($0, $1, $2) }) == 0
        else {
            throw SocketError(during: "connect to port \(port) of ::1")
        }
        return socket
    }

    /// Listens on `port` of ::1.
    package static func listen(onSix port: UInt16) throws -> Socket {
        let socket = try unconnected(AF_INET6)
        socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
        guard try unsafe socket.withSixAddress(port, { unsafe Glibc.bind($0, $1, $2) }) == 0,
            Glibc.listen(socket.descriptor, 128) == 0
        else { throw SocketError(during: "listen on port \(port) of ::1") }
        return socket
    }

    /// Listens on 127.0.0.1; port 0 takes a free one.
    package static func listen(on port: UInt16 = 0) throws -> Socket {
        let socket = try unconnected()
        socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
        var address = loopback(port)
        let status = unsafe withSocketAddress(of: &address) { pointer, length in
            unsafe Glibc.bind(socket.descriptor, pointer, length)
        }
        guard status == 0, Glibc.listen(socket.descriptor, 128) == 0 else {
            throw SocketError(during: "listen on port \(port)")
        }
        return socket
    }

    /// The port this side of the socket is bound to.
    package var localPort: UInt16 {
        var address = Socket.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Waits for a connection; nil once the listening socket was disconnected.
    package func accept() -> Socket? {
        while true {
            let accepted = Glibc.accept(descriptor, nil, nil)
            if accepted >= 0 {
                _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
                let socket = Socket(adopting: accepted)
                socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
                return socket
            }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    /// Sends all the bytes. Throws `SocketError` when the peer is gone or takes none until the deadline.
    package func send(_ bytes: [UInt8], by deadline: Deadline) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return unsafe Glibc.send(
                    descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(for: POLLOUT, by: deadline, during: "send")
            } else if errno != EINTR {
                throw SocketError(during: "send")
            }
        }
    }

    /// Returns what has arrived, at least one byte, or nil when the peer has finished sending.
    package func receive(upTo count: Int = 65_536, by deadline: Deadline) throws -> [UInt8]? {
        while true {
            try wait(for: POLLIN, by: deadline, during: "receive")
            var received = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                received = unsafe recv(
                    descriptor, buffer.baseAddress, count, Int32(MSG_DONTWAIT))
                initialized = max(received, 0)
            }
            if received > 0 { return bytes }
            if received == 0 { return nil }
            guard errno == EAGAIN || errno == EINTR else {
                throw SocketError(during: "receive")
            }
        }
    }

    /// Half-closes: the peer sees the end of our bytes, and may still answer.
    package func finishSending() {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Ends both directions, or, on a listening socket, the listening.
    package func disconnect() {
        _ = shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// The peer will see a reset, not an end, when the last reference to this socket goes.
    package func endWithReset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    private func wait(for events: Int32, by deadline: Deadline, during activity: String) throws {
        var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        let count = unsafe poll(&request, 1, deadline.pollMilliseconds)
        if count == 0 { throw SocketError.timedOut(activity) }
        if count < 0 && errno != EINTR { throw SocketError(during: activity) }
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = unsafe setsockopt(
            descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private typealias Call = (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32

    private func withUnixAddress(_ path: String, _ call: Call) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let size = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < size else { throw SupportError("a path too long for a socket") }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            unsafe bytes.copyBytes(from: path.utf8)
        }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private func withSixAddress(_ port: UInt16, _ call: Call) throws -> Int32 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_addr = in6addr_loopback
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }

    private static func unconnected(_ family: Int32 = AF_INET) throws -> Socket {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError(during: "open a socket") }
        return Socket(adopting: descriptor)
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return address
    }

    @unsafe private static func withSocketAddress<Result>(
        of address: inout sockaddr_in,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// Why a socket operation ended: the peer was too slow, or the system refused.
package enum SocketError: Error, CustomStringConvertible {
    case timedOut(String)
    case failed(String, errno: Int32)

    init(during activity: String) {
        self = .failed(activity, errno: Glibc.errno)
    }

    package var description: String {
        switch self {
        case .timedOut(let activity): "\(activity): timed out"
        case .failed(let activity, let errno):
            unsafe "\(activity): \(String(cString: strerror(errno)))"
        }
    }

    /// Whether the peer reset or closed the connection, as opposed to silence.
    package var isClosedByPeer: Bool {
        guard case .failed(_, let errno) = self else { return false }
        return errno == ECONNRESET || errno == EPIPE
    }
}
