private import Glibc

/// The database's file, and those that SQLite keeps beside it.
struct DatabaseFile: Sendable {
    static let name = "ostiary.sqlite"

    let folder: String
    /// Never begins with `file:`, which SQLite would take for a URI.
    let path: String

    init(folder: String) {
        self.folder = folder
        path = (folder.hasPrefix("/") ? folder : "./\(folder)") + "/\(Self.name)"
    }

    /// Makes the file if there is none, and sees to it that nobody else can read it: SQLite gives the
    /// files that it makes beside it the same mode.
    func prepare() throws(StoreOpeningError) {
        if let network = FileSystem.network(at: folder) { throw .networkFileSystem(network) }
        do {
            try PrivateFile.open(path, in: folder).close()
            try restrictModes()
        } catch {
            throw StoreOpeningError(error)
        }
    }

    /// Takes away what earlier copies or other umasks gave to others.
    func restrictModes() throws(FileError) {
        for suffix in ["", "-wal", "-shm"] { try PrivateFile.restrict(path + suffix) }
    }

    /// What the file system says of itself, where SQLite's result code says only that a call failed.
    enum Room { case some, none, readOnly }

    /// Room for users without privileges.
    var room: Room {
        var status = statvfs()
        guard unsafe statvfs(folder, &status) == 0 else { return .some }
        if status.f_flag & UInt(ST_RDONLY) != 0 { return .readOnly }
        return status.f_bavail == 0 ? .none : .some
    }

    /// Whether commits wait in the -wal file, because whoever wrote them was killed.
    var hasUnmergedCommits: Bool {
        var status = stat()
        return unsafe stat(path + "-wal", &status) == 0 && status.st_size > 0
    }

    /// Whether there is a file, of any content.
    func exists() throws(FileError) -> Bool {
        var status = stat()
        if unsafe stat(path, &status) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw FileError(errno: errno) }
        return false
    }
}

extension StoreOpeningError {
    init(_ error: FileError) {
        switch error.errno {
        case ENOSPC, EDQUOT: self = .full
        case EROFS, EACCES, EPERM: self = .readOnly
        default: self = .failed(detail: "the file `\(DatabaseFile.name)`: \(error)")
        }
    }
}
