import Glibc

/// A TCP connection on the loopback interface that never blocks.
final class Connection {
    let descriptor: Int32
    private var reader = MessageReader()
    private var buffer = [UInt8](repeating: 0, count: 4096)
    /// What the system has not taken yet.
    private var unsent: ArraySlice<UInt8> = []

    /// Connects to 127.0.0.1.
    init(port: UInt16) throws {
        descriptor = try Loopback.socket()
        guard Loopback.connect(descriptor, port: port) else {
            throw FloodProblem(during: "connect to port \(port)")
        }
        Loopback.setOptions(descriptor)
    }

    init(accepted descriptor: Int32) {
        self.descriptor = descriptor
        Loopback.setOptions(descriptor)
    }

    deinit { close(descriptor) }

    /// Sends what the system takes, and the rest with `sendRest`.
    func send(_ bytes: [UInt8]) throws {
        unsent += bytes
        try sendRest()
    }

    func sendRest() throws {
        guard !unsent.isEmpty else { return }
        let count = unsafe unsent.withUnsafeBytes { bytes in
            unsafe Glibc.send(
                descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        guard count >= 0 || errno == EAGAIN else { throw FloodProblem(during: "send") }
        unsent = count >= unsent.count ? [] : unsent.dropFirst(max(0, count))
    }

    /// Reads what has come, up to 4 KiB: a turn that took longer would be seen in the times of others.
    ///
    /// - Returns: whether the other side is still there.
    func receive() throws -> Bool {
        let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count > 0 { reader.append(buffer[..<count]) }
        guard count >= 0 || errno == EAGAIN || errno == ECONNRESET else {
            throw FloodProblem(during: "receive")
        }
        return count > 0 || count < 0 && errno == EAGAIN
    }

    /// The next whole message that has come.
    func nextMessage() -> MessageReader.Message? { reader.next() }
}

/// What sockets need to be told.
enum Loopback {
    static func socket() throws -> Int32 {
        let descriptor = Glibc.socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw FloodProblem(during: "open a socket") }
        return descriptor
    }

    static func connect(_ descriptor: Int32, port: UInt16) -> Bool {
        var address = address(port)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, size) == 0
            }
        }
    }

    static func listen(port: UInt16) throws -> Int32 {
        let descriptor = try socket()
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        var address = address(port)
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(descriptor, $0, size)
            }
        }
        guard status == 0, Glibc.listen(descriptor, 128) == 0 else {
            throw FloodProblem(during: "listen on port \(port)")
        }
        return descriptor
    }

    /// Nothing is held back to be sent later, and fifty requests fit into what the system takes.
    static func setOptions(_ descriptor: Int32) {
        set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        set(descriptor, SOL_SOCKET, SO_SNDBUF, 1 << 20)
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = unsafe setsockopt(
            descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return address
    }

    private static let size = socklen_t(MemoryLayout<sockaddr_in>.size)
}
