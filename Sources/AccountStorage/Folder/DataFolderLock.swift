private import Glibc
import Synchronization

/// Says that this process is the only one to work on a data folder: locks on `ostiary.lock` and on the
/// folder itself (flock(2)), which end with the process however that ends. The file holds the
/// process's number and stays.
package final class DataFolderLock: Sendable {
    package static let fileName = "ostiary.lock"

    private let descriptors: Mutex<[PrivateFile.Descriptor]>

    /// Takes the lock at once or not at all. A file system that takes no writes is no hindrance.
    package static func take(folder: String) throws(DataFolderLockError) -> DataFolderLock {
        var taken: [PrivateFile.Descriptor] = []
        do throws(DataFolderLockError) {
            let path = "\(folder)/\(fileName)"
            // Nil: nothing is there, and nothing can be made.
            let file = try openFile(path, in: folder)
            if let file {
                taken.append(file)
                if let error = lock(file) {
                    guard error.errno != EWOULDBLOCK else { throw .held(by: number(in: file)) }
                    throw .unusable(path: path, "\(error)")
                }
            }
            // People remove lock files that they take for stale ones; the next process gets a new one.
            if let whole = PrivateFile.openFolder(folder) {
                taken.append(whole)
                if lock(whole)?.errno == EWOULDBLOCK { throw .held(by: nil) }
            }
            if let file { note(file) }
            return DataFolderLock(taken)
        } catch {
            for descriptor in taken { descriptor.close() }
            throw error
        }
    }

    private init(_ descriptors: [PrivateFile.Descriptor]) {
        self.descriptors = Mutex(descriptors)
    }

    deinit {
        release()
    }

    /// Lets others have the folder.
    package func release() {
        descriptors.withLock { descriptors in
            for descriptor in descriptors {
                // Closing alone would leave it locked while a child that is being started has a copy.
                flock(descriptor.number, LOCK_UN)
                descriptor.close()
            }
            descriptors = []
        }
    }

    /// - Returns: what keeps it from being locked, if anything.
    private static func lock(_ descriptor: PrivateFile.Descriptor) -> FileError? {
        while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
            let error = FileError(errno: errno)
            guard error.errno == EINTR else { return error }
        }
        return nil
    }

    private static func openFile(
        _ path: String, in folder: String
    ) throws(DataFolderLockError) -> PrivateFile.Descriptor? {
        do {
            return try PrivateFile.open(path, in: folder)
        } catch {
            return try openForReading(folder, since: error)
        }
    }

    /// The lock file, which is as good for a lock when it cannot be written to. If there is none, and on
    /// this file system none can come to be, then the database; nil if that is not there either.
    private static func openForReading(
        _ folder: String, since obstacle: FileError
    ) throws(DataFolderLockError) -> PrivateFile.Descriptor? {
        let names =
            switch obstacle.errno {
            case EROFS: [fileName, DatabaseFile.name]
            case EACCES, EPERM: [fileName]
            default: [String]()
            }
        for name in names {
            let path = "\(folder)/\(name)"
            do {
                return try PrivateFile.openForReading(path)
            } catch {
                guard error.errno == ENOENT else { throw .unusable(path: path, "\(error)") }
            }
        }
        guard obstacle.errno == EROFS else {
            throw .unusable(path: "\(folder)/\(fileName)", "\(obstacle)")
        }
        return nil
    }

    /// Overwrites what is there instead of emptying the file first: that works on a full disk too.
    /// Without the note the lock is as good.
    private static func note(_ descriptor: PrivateFile.Descriptor) {
        let text = Array("\(getpid())\n".utf8)
        let written = unsafe text.withUnsafeBytes { bytes in
            unsafe pwrite(descriptor.number, bytes.baseAddress, bytes.count, 0)
        }
        ftruncate(descriptor.number, max(off_t(written), 0))
    }

    /// The process that the file names, if there is one of that number: the note may be older than
    /// the lock, or come from another process namespace.
    private static func number(in descriptor: PrivateFile.Descriptor) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe pread(descriptor.number, bytes.baseAddress, bytes.count, 0)
        }
        let line = bytes.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }
        let text = String(decoding: line, as: UTF8.self)
        guard let number = Int32(text), number > 0, kill(number, 0) == 0 || errno == EPERM else {
            return nil
        }
        return number
    }
}

/// Why a data folder cannot be had.
package enum DataFolderLockError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another process works on it, this one if that can be told.
    case held(by: Int32?)
    case unusable(path: String, String)

    package var description: String {
        switch self {
        case .held(let number?):
            "the data folder is in use by process \(number); stop that one first, or give this one a "
                + "folder of its own"
        case .held(nil):
            "the data folder is in use by another process; stop that one first, or give this one a "
                + "folder of its own"
        case .unusable(let path, let detail):
            "cannot lock `\(path)`: \(detail)"
        }
    }
}
