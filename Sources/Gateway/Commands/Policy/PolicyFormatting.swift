import PolicyTools
import StrictYAML

/// `ostiary policy fmt`: writes policies, and the tests beside them, in canonical form.
package enum PolicyFormatting {
    /// Formats one file in place, or standard input to the result where the path is `-`.
    ///
    /// - Parameters:
    ///   - path: a policy, or the tests beside one.
    ///   - checks: only tells whether the file is in canonical form.
    /// - Returns: what to print.
    /// - Throws: with `checks`, also when the file is not in canonical form.
    package static func run(_ path: String, checks: Bool) throws(CommandFailure) -> String? {
        let isInput = path == "-"
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes =
                try isInput
                ? FileContents.read(descriptor: 0, limit: limit)
                : FileContents.read(path, limit: limit)
        } catch {
            throw CommandFailure("cannot read the policy `\(path)`: \(error)")
        }
        let name = isInput ? "<stdin>" : path
        let text = String(decoding: bytes, as: UTF8.self)
        let formatted: String
        do throws(Diagnostics) {
            formatted = try PolicyFormatter.format(bytes, file: name)
        } catch {
            throw CommandFailure(error.showing(text, of: name), status: .failed)
        }
        let isCanonical = formatted.utf8.elementsEqual(bytes)
        if checks {
            guard !isCanonical else { return nil }
            throw CommandFailure(
                "\(name) is not in canonical form; write it anew with `ostiary policy fmt \(path)`")
        }
        if isInput { return String(formatted.dropLast()) }
        guard !isCanonical else { return nil }
        do throws(FileProblem) {
            guard !FileContents.isOpenDescriptor(path) else {
                throw FileProblem("it is no file; `-` formats standard input to standard output")
            }
            try PublicFile.write(formatted, to: path)
        } catch {
            throw CommandFailure("cannot write the policy `\(path)`: \(error)")
        }
        return "formatted \(path)"
    }

    private static let limit = 1 << 20
}
