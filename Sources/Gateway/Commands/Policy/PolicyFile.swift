import StrictYAML

/// Reads the files that the commands about policies are given.
enum PolicyFile {
    /// - Throws: that it cannot be read, or all of its errors.
    static func load(_ path: String) throws(CommandFailure) -> LoadedPolicy {
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try FileContents.read(path, limit: limit)
        } catch {
            throw CommandFailure("cannot read the policy `\(path)`: \(error)")
        }
        do throws(Diagnostics) {
            return try LoadedPolicy(bytes, file: path, name: "`\(path)`")
        } catch {
            throw CommandFailure(error, status: .failed)
        }
    }

    /// A file as text; nil where there is none, or none that can be read.
    static func text(_ path: String) -> String? {
        guard let bytes = try? FileContents.read(path, limit: limit) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Gives a file a new text at once.
    static func write(_ text: String, to path: String) throws(CommandFailure) {
        do throws(FileProblem) {
            try StagedFile(text, for: path, mode: 0o644, replacing: true).place()
        } catch {
            throw CommandFailure("cannot write `\(path)`: \(error)")
        }
    }

    static let limit = 1 << 20
}
