private import Glibc

/// What commands print.
package enum StandardOutput {
    /// Hands on what was printed and is still held back: before something else is said on standard
    /// error, and at the end.
    ///
    /// - Throws: that it cannot be written, on a full disk for example.
    package static func flush() throws(FileProblem) {
        guard fflush(nil) == 0 else { throw FileProblem(errno: errno) }
    }
}
