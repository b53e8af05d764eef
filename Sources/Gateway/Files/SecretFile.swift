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
        try StagedFile(text, for: path, mode: 0o600, replacing: replacing).place()
    }

    /// Writes a secret as `write` does and a file that is none, mode 0644: both or neither.
    ///
    /// Throws `PairProblem`, which says of which file it is; then nothing has changed.
    static func write(
        _ secret: (text: String, path: String), andPublic other: (text: String, path: String),
        replacing: Bool
    ) throws(PairProblem) {
        var path = other.path
        do throws(FileProblem) {
            let otherFile = try StagedFile(
                other.text, for: path, mode: 0o644, replacing: replacing)
            path = secret.path
            let secretFile = try StagedFile(
                secret.text, for: path, mode: 0o600, replacing: replacing)
            try secretFile.place()
            path = other.path
            do throws(FileProblem) {
                try otherFile.place()
            } catch {
                secretFile.withdraw()
                throw error
            }
        } catch {
            throw PairProblem(path: path, reason: error)
        }
    }

    /// Which of two files could not be written, and why.
    struct PairProblem: Error {
        let path: String
        let reason: FileProblem
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
