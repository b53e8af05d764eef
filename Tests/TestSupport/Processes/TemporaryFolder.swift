import Foundation

/// A folder of its own under the system's temporary folder, removed with the object.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init(_ purpose: String = "test") throws {
        let parent = FileManager.default.temporaryDirectory
        let url = parent.appendingPathComponent("ostiary-\(purpose)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, with the folders that lead to it, and returns its whole path.
    @discardableResult
    package func write(
        _ name: String, _ content: some Sequence<UInt8>, permissions: Int = 0o600
    ) throws -> String {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content).write(to: url)
        try FileManager.default.setAttributes(
            [.posixPermissions: permissions], ofItemAtPath: url.path)
        return url.path
    }

    /// Writes a text file and returns its whole path.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }
}

/// The whole text of a file.
package func text(ofFile path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
}
