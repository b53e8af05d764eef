import Glibc

/// A file system mounted for a test, unmounted with the object. Needs the rights of root.
package final class Mount {
    package let path: String
    private let flags: UInt

    /// Why this process cannot mount anything; nil when it can.
    package static func obstacle() -> String? {
        guard geteuid() == 0 else { return "mounting needs root" }
        do {
            let folder = try TemporaryFolder("mount")
            _ = try Mount(memory: 65_536, at: folder.path)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Mounts a file system in memory of so many bytes.
    package init(memory bytes: Int, at path: String) throws {
        self.path = path
        flags = 0
        guard unsafe mount("tmpfs", path, "tmpfs", 0, "size=\(bytes),mode=0700") == 0 else {
            throw SocketError(during: "mount a file system in memory")
        }
    }

    /// Mounts a folder onto itself, so that it can be made read-only by itself.
    package init(folder path: String) throws {
        self.path = path
        flags = UInt(MS_BIND)
        guard unsafe mount(path, path, nil, flags, nil) == 0 else {
            throw SocketError(during: "mount a folder onto itself")
        }
    }

    /// Makes the file system read-only or writable again.
    package func set(readOnly: Bool) throws {
        let wanted = flags | UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0)
        guard unsafe mount(path, path, nil, wanted, nil) == 0 else {
            throw SocketError(during: "mount again")
        }
    }

    /// Unmounts it, even while somebody uses it.
    package func end() { _ = unsafe umount2(path, Int32(MNT_DETACH)) }

    deinit { end() }
}

/// Takes all the space that a file system has left.
package final class SpaceFiller {
    private let path: String

    /// `folder` is on the file system to fill.
    package init(in folder: String) {
        path = folder + "/filler"
    }

    deinit { empty() }

    /// Writes until nothing more fits.
    package func fill() throws {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SocketError(during: "open the filler") }
        defer { close(descriptor) }
        for size in [1 << 16, 1 << 12, 1] {
            let bytes = [UInt8](repeating: 0x78, count: size)
            while unsafe write(descriptor, bytes, size) == size {}
        }
    }

    /// Gives the space back.
    package func empty() { _ = unsafe unlink(path) }
}
