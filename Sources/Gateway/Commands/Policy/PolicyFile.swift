import PolicyTools
import StrictYAML

/// Reads the files that the commands about policies are given.
enum PolicyFile {
    /// - Throws: that it cannot be read, or all of its errors.
    static func load(_ path: String) throws(CommandFailure) -> LoadedPolicy {
        let bytes: [UInt8]
        if let policy = PolicyTests.policyPath(ofTests: path) {
            throw CommandFailure(
                "`\(path)` is a file of tests, not a policy: name the policy beside it, `\(policy)`, or "
                    + "run it with `ostiary policy test \(path)`")
        }
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

    /// The text of a policy's tests.
    static func tests(_ path: String) throws(CommandFailure) -> String {
        do throws(FileProblem) {
            let bytes = try FileContents.read(path, limit: limit)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw FileProblem("it is not UTF-8")
            }
            return text
        } catch {
            throw CommandFailure("cannot read the tests `\(path)`: \(error)")
        }
    }

    /// Gives a file a new text.
    static func write(_ text: String, to path: String) throws(CommandFailure) {
        do throws(FileProblem) {
            try PublicFile.write(text, to: path)
        } catch {
            throw CommandFailure("cannot write `\(path)`: \(error)")
        }
    }

    static let limit = 1 << 20
}
