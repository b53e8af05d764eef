private import Glibc

/// Files that are no secret: reports, tables, and policies.
enum PublicFile {
    /// Gives a file a new text.
    ///
    /// A regular file is replaced at once and keeps its mode, so that whoever reads it sees the old or
    /// the new one whole; behind a symbolic link it is the file that is replaced. What is no regular
    /// file, such as `/dev/stdout` or a named pipe, is written to, and stays what it is.
    static func write(_ text: String, to path: String) throws(FileProblem) {
        if let descriptor = openDescriptor(path) {
            try StandardOutput.flush()
            return try FileContents.write(Array(text.utf8), to: descriptor)
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw FileProblem(errno: errno) }
            return try StagedFile(text, for: path, mode: 0o644, replacing: true).place()
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return try put(text, into: path) }
        guard let resolved = unsafe realpath(path, nil) else { throw FileProblem(errno: errno) }
        defer { unsafe free(resolved) }
        try StagedFile(
            text, for: unsafe String(cString: resolved), mode: status.st_mode & 0o777,
            replacing: true
        ).place()
    }

    private static func put(_ text: String, into path: String) throws(FileProblem) {
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw FileProblem(errno: errno) }
        defer { close(descriptor) }
        try FileContents.write(Array(text.utf8), to: descriptor)
    }

    /// The descriptor that a path is another name of. Opening the path would write at an offset of its
    /// own, over what is written otherwise.
    private static func openDescriptor(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdout": return 1
        case "/dev/stderr": return 2
        default:
            for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
                return Int32(path.dropFirst(folder.count))
            }
            return nil
        }
    }
}
