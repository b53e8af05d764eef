private import Glibc

/// Files in the data folder that no other user may read. A symbolic link in the place of one is
/// refused: root's commands must write to nothing that another user points at.
enum PrivateFile {
    /// An open file.
    struct Descriptor: Sendable, Equatable {
        let number: Int32

        func close() {
            _ = Glibc.close(number)
        }
    }

    /// Opens a file for reading and writing, and makes an empty one with mode 0600 if there is none.
    static func open(_ path: String, in folder: String) throws(FileError) -> Descriptor {
        let flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC
        while true {
            let present = unsafe Glibc.open(path, flags)
            if present >= 0 { return Descriptor(number: present) }
            guard errno == ENOENT else { throw FileError(errno: errno) }
            let new = unsafe Glibc.open(path, flags | O_CREAT | O_EXCL, 0o600)
            if new >= 0 {
                giveToOwner(of: folder, new)
                return Descriptor(number: new)
            }
            // Somebody else has made it meanwhile.
            guard errno == EEXIST else { throw FileError(errno: errno) }
        }
    }

    /// Opens a file that is there for reading.
    static func openForReading(_ path: String) throws(FileError) -> Descriptor {
        let number = unsafe Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw FileError(errno: errno) }
        return Descriptor(number: number)
    }

    /// Opens a folder, if it is there and may be read.
    static func openFolder(_ path: String) -> Descriptor? {
        let number = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        return number >= 0 ? Descriptor(number: number) : nil
    }

    /// Takes all rights to the file away from everybody but its owner. No file is no error.
    static func restrict(_ path: String) throws(FileError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw FileError(errno: errno) }
            return
        }
        guard status.st_mode & 0o077 != 0 else { return }
        guard unsafe chmod(path, status.st_mode & 0o700) == 0 else {
            throw FileError(errno: errno)
        }
    }

    /// What root makes, by a command before the first start, belongs to whom the folder belongs to:
    /// the server will run as that user. Then both the file and its name reach the disk.
    private static func giveToOwner(of folder: String, _ file: Int32) {
        guard let parent = openFolder(folder) else { return }
        defer { parent.close() }
        var status = stat()
        if geteuid() == 0, unsafe fstat(parent.number, &status) == 0 {
            _ = fchown(file, status.st_uid, status.st_gid)
        }
        fsync(file)
        fsync(parent.number)
    }
}

/// What the operating system said.
struct FileError: Error, Equatable, CustomStringConvertible {
    let errno: Int32

    var description: String {
        // With O_NOFOLLOW, its words for this are "too many levels of symbolic links".
        if errno == ELOOP { return "it is a symbolic link; put the file itself there" }
        // In lower case like the rest of a message.
        let words = unsafe String(cString: strerror(errno))
        return words.prefix(1).lowercased() + words.dropFirst()
    }
}
