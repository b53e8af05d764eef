import AccountStorage
import Foundation
import TestSupport
import Testing

@Suite("The data folder's lock")
struct DataFolderLockTests {
    @Test("one holder at a time; the next one is told who it is")
    func exclusion() throws {
        let folder = try TemporaryFolder("lock")
        let lock = try DataFolderLock.take(folder: folder.path)
        let path = folder.path + "/ostiary.lock"
        #expect(try text(ofFile: path) == "\(getpid())\n")
        #expect(try StoreFiles.mode(path) == 0o600)
        let held = DataFolderLockError.held(by: getpid())
        #expect(throws: held) { try DataFolderLock.take(folder: folder.path) }
        #expect("\(held)".contains("process \(getpid());"))
        lock.release()
        lock.release()
        let second = try DataFolderLock.take(folder: folder.path)
        #expect(throws: held) { try DataFolderLock.take(folder: folder.path) }
        second.release()
    }

    @Test("ends with its object")
    func lifetime() throws {
        let folder = try TemporaryFolder("lock")
        do { _ = try DataFolderLock.take(folder: folder.path) }
        try DataFolderLock.take(folder: folder.path).release()
    }

    @Test("holds among processes, and ends with the process that is killed")
    func processes() throws {
        let folder = try TemporaryFolder("lock")
        let path = folder.path + "/ostiary.lock"
        func otherCanLock() throws -> Bool {
            try ChildProcess("/usr/bin/flock", ["-n", path, "true"])
                .exitStatus(within: .seconds(10)) == 0
        }
        let lock = try DataFolderLock.take(folder: folder.path)
        #expect(try !otherCanLock())
        lock.release()
        #expect(try otherCanLock())

        let other = try ChildProcess(
            "/usr/bin/flock", ["-F", path, "sh", "-c", "echo $$ > \(path); exec sleep 60"])
        let isTaken = Deadline.after(.seconds(10)).waits {
            (try? text(ofFile: path)) == "\(other.pid)\n"
        }
        #expect(isTaken)
        #expect(throws: DataFolderLockError.held(by: other.pid)) {
            try DataFolderLock.take(folder: folder.path)
        }
        other.killNow()
        try DataFolderLock.take(folder: folder.path).release()
    }

    @Test("holds when somebody takes the lock file for a stale one and removes it")
    func removedFile() throws {
        let folder = try TemporaryFolder("lock")
        let lock = try DataFolderLock.take(folder: folder.path)
        try FileManager.default.removeItem(atPath: folder.path + "/ostiary.lock")
        #expect(throws: DataFolderLockError.held(by: nil)) {
            try DataFolderLock.take(folder: folder.path)
        }
        lock.release()
        try DataFolderLock.take(folder: folder.path).release()
    }

    @Test(
        "a note that names no process is not repeated",
        arguments: ["", "999999999\n", "-1\n", "0\n", "x\n", "12345678901234567890"])
    func staleNote(note: String) throws {
        let folder = try TemporaryFolder("lock")
        let lock = try DataFolderLock.take(folder: folder.path)
        let handle = try #require(FileHandle(forWritingAtPath: folder.path + "/ostiary.lock"))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data(note.utf8))
        try handle.close()
        #expect(throws: DataFolderLockError.held(by: nil)) {
            try DataFolderLock.take(folder: folder.path)
        }
        lock.release()
    }

    @Test("a symbolic link is no lock file, and what it points at stays as it is")
    func symbolicLink() throws {
        let folder = try TemporaryFolder("lock")
        try folder.write("precious", "of somebody else\n")
        let path = folder.path + "/ostiary.lock"
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: folder.path + "/precious")
        let refused = DataFolderLockError.unusable(
            path: path, "it is a symbolic link; put the file itself there")
        #expect(throws: refused) { try DataFolderLock.take(folder: folder.path) }
        #expect(try text(ofFile: folder.path + "/precious") == "of somebody else\n")
    }

    @Test("replaces a longer note of another process")
    func note() throws {
        let folder = try TemporaryFolder("lock")
        try folder.write("ostiary.lock", "4000000000 and more\n")
        let lock = try DataFolderLock.take(folder: folder.path)
        #expect(try text(ofFile: folder.path + "/ostiary.lock") == "\(getpid())\n")
        lock.release()
    }

    @Test("a folder that is not there is told with the path")
    func noFolder() throws {
        let folder = try TemporaryFolder("lock")
        let path = folder.path + "/none"
        #expect(
            throws: DataFolderLockError.unusable(
                path: "\(path)/ostiary.lock", "no such file or directory")
        ) { try DataFolderLock.take(folder: path) }
    }

    @Test(
        "holds on a read-only file system too, with and without a lock file",
        .disabled(if: mountObstacle != nil, "\(mountObstacle ?? "")"),
        arguments: ["ostiary.lock", "ostiary.sqlite"])
    func readOnly(file: String) throws {
        let folder = try TemporaryFolder("lock")
        let mount = try Mount(folder: folder.path)
        defer { mount.end() }
        try folder.write(file, "")
        try mount.set(readOnly: true)
        let lock = try DataFolderLock.take(folder: folder.path)
        #expect(throws: DataFolderLockError.held(by: nil)) {
            try DataFolderLock.take(folder: folder.path)
        }
        lock.release()
        try DataFolderLock.take(folder: folder.path).release()
    }

    @Test(
        "an empty folder that takes no writes needs no lock",
        .disabled(if: mountObstacle != nil, "\(mountObstacle ?? "")"))
    func emptyReadOnly() throws {
        let folder = try TemporaryFolder("lock")
        let mount = try Mount(folder: folder.path)
        defer { mount.end() }
        try mount.set(readOnly: true)
        try DataFolderLock.take(folder: folder.path).release()
    }

    @Test(
        "holds with a lock file that may not be written to; without one, says why not",
        .disabled(if: immutableObstacle != nil, "\(immutableObstacle ?? "")"))
    func readOnlyFile() throws {
        let folder = try TemporaryFolder("lock")
        let path = try folder.write("ostiary.lock", "")
        let file = try Immutable(path)
        let lock = try DataFolderLock.take(folder: folder.path)
        #expect(throws: DataFolderLockError.held(by: nil)) {
            try DataFolderLock.take(folder: folder.path)
        }
        lock.release()
        file.end()
        try FileManager.default.removeItem(atPath: path)
        let whole = try Immutable(folder.path)
        #expect(
            throws: DataFolderLockError.unusable(path: path, "operation not permitted")
        ) { try DataFolderLock.take(folder: folder.path) }
        whole.end()
    }

    @Test(
        "is taken on a full disk",
        .disabled(if: mountObstacle != nil, "\(mountObstacle ?? "")"))
    func fullDisk() throws {
        let folder = try TemporaryFolder("lock")
        let mount = try Mount(memory: 65_536, at: folder.path)
        defer { mount.end() }
        try DataFolderLock.take(folder: folder.path).release()
        let filler = SpaceFiller(in: folder.path)
        try filler.fill()
        let lock = try DataFolderLock.take(folder: folder.path)
        #expect(throws: DataFolderLockError.held(by: getpid())) {
            try DataFolderLock.take(folder: folder.path)
        }
        lock.release()
    }
}
