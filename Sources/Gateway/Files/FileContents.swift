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
    /// Reads a whole regular file, or a pipe such as a shell's `<(…)`, of at most `limit` bytes.
    package static func read(_ path: String, limit: Int) throws(FileProblem) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileProblem(errno: errno) }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, limit: limit)
    }

    /// Whether there is anything of that name.
    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

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
