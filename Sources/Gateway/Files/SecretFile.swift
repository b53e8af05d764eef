private import Glibc

/// Files and folders that only their owner may read.
package enum SecretFile {
    /// Writes a file with mode 0600. It appears complete or not at all, and has reached the disk when
    /// this returns.
    ///
    /// Throws `FileProblem`, also when the file exists and `replacing` is false.
    package static func write(
        _ text: String, to path: String, replacing: Bool
    ) throws(FileProblem) {
        try write(text, to: path, mode: 0o600, replacing: replacing)
    }

    /// As `write`, for a file that is no secret: mode 0644.
    package static func writePublic(
        _ text: String, to path: String, replacing: Bool
    ) throws(FileProblem) {
        try write(text, to: path, mode: 0o644, replacing: replacing)
    }

    /// Makes a folder and those above it with mode 0700; leaves the ones that exist.
    package static func makeFolder(_ path: String) throws(FileProblem) {
        if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return try requireFolder(path) }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw FileProblem(errno: errno)
        }
        try makeFolder(String(path[..<slash]))
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw FileProblem(errno: errno)
        }
        try requireFolder(path)
    }

    /// Refuses a file that others than its owner can read or write.
    package static func checkIsPrivate(file path: String) throws(FileProblem) {
        let mode = try mode(path)
        guard mode & 0o077 == 0 else {
            throw FileProblem(
                "others can read it (mode \(octal(mode))); run `chmod 600 \(path)`")
        }
    }

    /// Refuses a folder in which others than its owner can put files.
    package static func checkIsPrivate(folder path: String) throws(FileProblem) {
        let mode = try mode(path)
        guard mode & 0o022 == 0 else {
            throw FileProblem(
                "others can write to it (mode \(octal(mode))); run `chmod 700 \(path)`")
        }
    }

    private static func write(
        _ text: String, to path: String, mode: mode_t, replacing: Bool
    ) throws(FileProblem) {
        if !replacing, unsafe access(path, F_OK) == 0 { throw FileProblem(errno: EEXIST) }
        // The name is taken by nobody, or O_EXCL refuses; a key never goes into a file of others.
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = unsafe open(
            temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileProblem(errno: errno) }
        defer { unsafe unlink(temporary) }
        try write(Array(text.utf8), toAndClose: descriptor)
        // `link` refuses an existing name even when it appeared this moment; `rename` replaces it.
        let placed = unsafe replacing ? rename(temporary, path) : link(temporary, path)
        guard placed == 0 else { throw FileProblem(errno: errno) }
        syncFolder(of: path)
    }

    private static func write(
        _ bytes: [UInt8], toAndClose descriptor: Int32
    ) throws(FileProblem) {
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileProblem(errno: errno) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw FileProblem(errno: errno) }
    }

    /// Makes a new name in a folder last. Some file systems cannot; the file itself is safe then.
    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func requireFolder(_ path: String) throws(FileProblem) {
        let mode = try mode(path)
        guard mode & S_IFMT == S_IFDIR else { throw FileProblem("it is not a folder") }
    }

    private static func mode(_ path: String) throws(FileProblem) -> mode_t {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw FileProblem(errno: errno) }
        return status.st_mode
    }

    private static func octal(_ mode: mode_t) -> String {
        String(mode & 0o777, radix: 8)
    }
}
