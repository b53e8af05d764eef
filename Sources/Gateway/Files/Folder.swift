private import Glibc
import StrictYAML

/// Which files a folder holds, and a lock that processes respect among themselves.
package enum Folder {
    /// Names in the folder that end in `suffix`, except hidden ones, oldest modification first and by
    /// name where that is equal.
    package static func names(
        in path: String, suffix: String
    ) throws(FileProblem) -> [String] {
        guard let folder = unsafe opendir(path) else { throw FileProblem(errno: errno) }
        defer { unsafe closedir(folder) }
        var found: [(time: timespec, name: String)] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasSuffix(suffix), !name.hasPrefix(".") else { continue }
            var status = stat()
            guard unsafe stat("\(path)/\(name)", &status) == 0 else {
                throw FileProblem("`\(name)`: \(FileProblem(errno: errno))")
            }
            found.append((status.st_mtim, name))
        }
        return found.sorted {
            ($0.time.tv_sec, $0.time.tv_nsec, $0.name) < ($1.time.tv_sec, $1.time.tv_nsec, $1.name)
        }.map(\.name)
    }

    /// Whether two paths name the same file, which need not exist yet; links to files count as files
    /// of their own.
    static func areSame(_ left: String, _ right: String) -> Bool {
        place(of: left) == place(of: right)
    }

    private static func place(of path: String) -> [String] {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        var status = stat()
        guard unsafe stat(slash.map { String(path[...$0]) } ?? ".", &status) == 0 else {
            return [path]
        }
        return ["\(status.st_dev)", "\(status.st_ino)", String(name)]
    }

    /// Runs `body` while no other process does the same with this folder.
    static func locked<Value>(
        _ path: String, _ body: () throws(Diagnostics) -> Value
    ) throws(Diagnostics) -> Value {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // Where a folder cannot be locked, two first starts at one moment make two keys: no harm.
        if descriptor >= 0 { while flock(descriptor, LOCK_EX) != 0, errno == EINTR {} }
        defer { if descriptor >= 0 { close(descriptor) } }
        return try body()
    }
}
