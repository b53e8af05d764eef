private import Glibc

/// Tells when one of a few files has changed and has been left alone since.
///
/// Files are looked at, not subscribed to: that also sees a symbolic link that is turned to another
/// file, as Kubernetes does with mounted configuration, and needs nothing of the file system.
struct WatchedFiles {
    /// What changes when a file's content does; nil for a file that is not there.
    private struct Mark: Equatable {
        let device: UInt64
        let number: UInt64
        let size: Int64
        let modified: [Int]

        init?(_ path: String) {
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
            size = Int64(status.st_size)
            modified = [
                status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                status.st_ctim.tv_nsec,
            ]
        }
    }

    private var paths: [String]
    /// As it was when the files were last read.
    private var known: [Mark?]
    private var lastSeen: [Mark?]

    init(_ paths: [String]) {
        self.paths = paths
        known = paths.map(Mark.init)
        lastSeen = known
    }

    /// Whether there is something new to read. Two looks have to find the same: a file that is being
    /// written is not read half done.
    mutating func look() -> Bool {
        let seen = paths.map(Mark.init)
        defer { lastSeen = seen }
        return seen != known && seen == lastSeen
    }

    /// These files are about to be read; from now on they are the ones that are looked at.
    mutating func reading(_ paths: [String]) {
        self.paths = paths
        known = paths.map(Mark.init)
        lastSeen = known
    }

    /// Whatever the files hold is to be read.
    mutating func forget() { known = [] }

    /// Whether the files are still as they were before they were read.
    var areUnchanged: Bool { paths.map(Mark.init) == known }
}
