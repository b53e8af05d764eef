/// The absolute path of a Unix socket, written `unix:/run/app.sock`.
package struct SocketPath: Sendable, Hashable, CustomStringConvertible {
    package let path: String

    /// `unix:/run/app.sock`
    package var description: String { "unix:\(path)" }

    /// Nil for text that does not begin with `unix:`.
    init?(setting text: String) throws(SettingProblem) {
        guard text.hasPrefix("unix:") else { return nil }
        let path = text.dropFirst("unix:".count)
        guard path.hasPrefix("/"), !path.hasPrefix("//"), !path.hasSuffix("/"),
            path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw SettingProblem(
                message: "must be an absolute path after `unix:`, not `\(text)`",
                suggestion: "write for example `unix:/run/ostiary/app.sock`")
        }
        // sockaddr_un has room for 108 bytes with the zero at the end.
        guard path.utf8.count <= Self.longest else {
            throw SettingProblem(
                message: "must be a path of at most \(Self.longest) bytes, which `\(text)` is not",
                suggestion: "put the socket into a folder with a shorter name")
        }
        self.path = String(path)
    }

    private static let longest = 107
}

/// The permission bits of a file, written in octal as for `chmod`: `0660`.
package struct FileMode: Sendable, Hashable, CustomStringConvertible {
    package let bits: UInt32

    /// `0660`
    package var description: String { "0" + String(bits, radix: 8) }
}

extension FileMode: SettingValue {
    static let typeName = "mode"

    init(setting text: String) throws(SettingProblem) {
        guard (3...4).contains(text.utf8.count), text.utf8.count == 3 || text.hasPrefix("0"),
            text.utf8.allSatisfy({ (0x30...0x37).contains($0) }),
            let bits = UInt32(text, radix: 8), bits & 0o600 == 0o600
        else {
            throw SettingProblem(
                message: "must be permission bits in octal such as `0660`, with the owner's read "
                    + "and write among them, not `\(text)`")
        }
        self.bits = bits
    }
}
