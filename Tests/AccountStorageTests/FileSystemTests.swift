import TestSupport
import Testing

@testable import AccountStorage

@Suite("File systems that other machines may change")
struct FileSystemTests {
    @Test(
        "are told by the mount table's type",
        arguments: [
            ("ext4", false), ("xfs", false), ("btrfs", false), ("zfs", false), ("tmpfs", false),
            ("overlay", false), ("fuseblk", false), ("fuse.fuse-overlayfs", false),
            ("nfs", true), ("nfs4", true), ("cifs", true), ("smb3", true), ("9p", true),
            ("ceph", true), ("lustre", true), ("fuse", true), ("fuse.sshfs", true),
            ("fuse.glusterfs", true), ("fuse.rclone", true), ("fuse.unheard-of", true),
        ])
    func types(type: String, isShared: Bool) {
        #expect(FileSystem.isShared(type) == isShared)
    }

    @Test("the type is that of the mount that the folder is on, and no local one is refused")
    func mounts() throws {
        #expect(FileSystem.type(of: "/proc") == "proc")
        #expect(FileSystem.type(of: "/proc/self") == "proc")
        let folder = try TemporaryFolder("fs")
        #expect(FileSystem.type(of: folder.path) != nil)
        #expect(FileSystem.network(at: folder.path) == nil)
        #expect(FileSystem.type(of: folder.path + "/none") == nil)
        #expect(FileSystem.network(at: folder.path + "/none") == nil)
    }

    @Test(
        "a mount below another is the one that counts",
        .disabled(if: mountObstacle != nil, "\(mountObstacle ?? "")"))
    func nested() throws {
        let folder = try TemporaryFolder("fs")
        let before = FileSystem.type(of: folder.path)
        let mount = try Mount(memory: 65_536, at: folder.path)
        #expect(FileSystem.type(of: folder.path) == "tmpfs")
        mount.end()
        #expect(FileSystem.type(of: folder.path) == before)
    }
}
