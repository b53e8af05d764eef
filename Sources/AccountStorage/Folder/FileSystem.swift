private import Glibc

/// What kind of file system a folder is on.
enum FileSystem {
    /// - Returns: the type of the folder's file system, such as `nfs4`, if other machines may change
    ///   it too; nil for local ones, and where the mount table cannot be read.
    static func network(at folder: String) -> String? {
        type(of: folder).flatMap { isShared($0) ? $0 : nil }
    }

    /// Whether other machines may change files on it; types as in the mount table.
    static func isShared(_ type: String) -> Bool {
        // Anything can be behind FUSE: so only what is known to be local is taken for local.
        if type == "fuse" || type.hasPrefix("fuse.") { return !localFUSETypes.contains(type) }
        return sharedTypes.contains(type)
    }

    /// The type of the mount that a folder is on.
    static func type(of folder: String) -> String? {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let label = "mnt_id:"
        guard
            let line = lines(of: "/proc/self/fdinfo/\(descriptor)").first(where: {
                $0.hasPrefix(label)
            }),
            let mount = line.dropFirst(label.count).split(whereSeparator: { $0.isWhitespace }).first
        else { return nil }
        for line in lines(of: "/proc/self/mountinfo") {
            // proc_pid_mountinfo(5): `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 …`, where the
            // number of fields before the hyphen varies.
            let fields = line.split(separator: " ")
            guard fields.first == mount, fields.count > 6,
                let hyphen = fields[6...].firstIndex(of: "-"), hyphen + 1 < fields.endIndex
            else { continue }
            return String(fields[hyphen + 1])
        }
        return nil
    }

    private static func lines(of path: String) -> [Substring] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { chunk in
                unsafe read(descriptor, chunk.baseAddress, chunk.count)
            }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }

    private static let localFUSETypes: Set = ["fuse.fuse-overlayfs", "fuse.gocryptfs"]

    private static let sharedTypes: Set = [
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "gfs2", "glusterfs", "gpfs", "lustre",
        "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "pvfs2", "smb3", "smbfs", "vboxsf", "vmhgfs",
    ]
}
