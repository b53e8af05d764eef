private import Glibc

/// A file that is complete on the disk and does not have its name yet: whoever writes several files
/// stages all of them before the first is placed, so that a failure changes nothing.
final class StagedFile {
    private let path: String
    private let temporary: String
    private let earlier: String
    private let replacing: Bool
    /// Whether what had the name is kept as `earlier`.
    private var hasEarlier = false
    /// Whether there was something that could not be kept, on a file system without hard links.
    private var hasLostEarlier = false

    /// Writes `text` beside `path` under a name of its own, which goes away with this object.
    ///
    /// Throws `FileProblem`, also when `path` exists and `replacing` is false.
    init(_ text: String, for path: String, mode: UInt32, replacing: Bool) throws(FileProblem) {
        if !replacing, unsafe access(path, F_OK) == 0 { throw FileProblem(errno: EEXIST) }
        if replacing { try Self.refuseDevice(path) }
        self.path = path
        self.replacing = replacing
        temporary = "\(path).\(getpid()).tmp"
        earlier = "\(path).\(getpid()).old"
        // The name is taken by nobody, or O_EXCL refuses; a key never goes into a file of others.
        let descriptor = unsafe open(
            temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileProblem(errno: errno) }
        do throws(FileProblem) {
            try Self.write(Array(text.utf8), toAndClose: descriptor)
        } catch {
            unsafe unlink(temporary)
            throw error
        }
    }

    deinit {
        unsafe unlink(temporary)
        if hasEarlier { unsafe unlink(earlier) }
    }

    /// Gives the file its name, and remembers what had it until now.
    func place() throws(FileProblem) {
        if replacing {
            hasEarlier = unsafe link(path, earlier) == 0
            hasLostEarlier = !hasEarlier && errno != ENOENT
        }
        // `link` refuses an existing name even when it appeared this moment; `rename` replaces it.
        let placed = unsafe replacing ? rename(temporary, path) : link(temporary, path)
        guard placed == 0 else { throw FileProblem(errno: errno) }
        syncFolder()
    }

    /// Takes a placed file away again and puts back what was there; leaves it where that is lost.
    func withdraw() {
        if hasEarlier {
            hasEarlier = unsafe rename(earlier, path) != 0
        } else if !hasLostEarlier {
            unsafe unlink(path)
        }
        syncFolder()
    }

    /// A name in `/dev` is not for files: placing one there would take the device away.
    private static func refuseDevice(_ path: String) throws(FileProblem) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        let kind = status.st_mode & S_IFMT
        guard [S_IFREG, S_IFLNK, S_IFDIR].contains(kind) else {
            throw FileProblem("it is \(FileContents.name(ofKind: kind)), not a regular file")
        }
    }

    private static func write(
        _ bytes: [UInt8], toAndClose descriptor: Int32
    ) throws(FileProblem) {
        defer { close(descriptor) }
        try FileContents.write(bytes, to: descriptor)
        guard fsync(descriptor) == 0 else { throw FileProblem(errno: errno) }
    }

    /// Makes a new name in a folder last. Some file systems cannot; the file itself is safe then.
    private func syncFolder() {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
