private import Glibc

/// Why a file cannot be used, in the words that complete ``cannot read `x`: …``.
package struct FileProblem: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    /// The system's words for `errno`, in lower case like the rest of a message.
    init(errno code: Int32) {
        let words = unsafe String(cString: strerror(code))
        description = words.prefix(1).lowercased() + words.dropFirst()
    }
}

/// Files as bytes.
package enum FileContents {
    /// Reads a whole regular file of at most `limit` bytes, or what an open descriptor gives that has
    /// a name, such as `/dev/stdin` or a shell's `<(…)`.
    ///
    /// Anything else is refused, because reading a named pipe or a device may never end.
    package static func read(_ path: String, limit: Int) throws(FileProblem) -> [UInt8] {
        // Opening a named pipe would wait for somebody to write to it.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileProblem(errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw FileProblem(errno: errno) }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFDIR || isOpenDescriptor(path) else {
            throw FileProblem("it is \(name(ofKind: kind)), not a regular file")
        }
        _ = fcntl(descriptor, F_SETFL, 0)
        return try read(descriptor: descriptor, limit: limit)
    }

    /// Whether the name stands for something that is open already, and can be read but once.
    static func isOpenDescriptor(_ path: String) -> Bool {
        path == "/dev/stdin" || path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/self/fd/")
    }

    static func name(ofKind kind: UInt32) -> String {
        switch kind {
        case S_IFIFO: "a named pipe"
        case S_IFSOCK: "a socket"
        default: "a device"
        }
    }

    /// Whether there is anything of that name.
    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Writes all of the bytes.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileProblem) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileProblem(errno: errno) }
            written += count
        }
    }

    /// Reads until the end of what `descriptor` gives; 0 is standard input.
    package static func read(
        descriptor: Int32, limit: Int
    ) throws(FileProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileProblem(errno: errno) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw FileProblem("larger than \(limit) bytes")
            }
        }
    }
}
