/// Collects diagnostics while a file is read, so that all of its errors are shown at once.
package final class DiagnosticSink {
    private var collected: [Diagnostic] = []
    private var dropped = 0

    package init() {}

    package var isEmpty: Bool { collected.isEmpty }

    /// Errors found so far; compare two counts to learn whether a part of a file was clean.
    package var count: Int { collected.count + dropped }

    package func report(_ diagnostic: Diagnostic) {
        // A hundred errors tell as much as a hundred thousand, and a terminal can show them.
        guard collected.count < Self.limit else {
            dropped += 1
            return
        }
        collected.append(diagnostic)
    }

    package func report(
        _ code: String, at position: SourcePosition?, _ message: String, suggestion: String? = nil
    ) {
        report(
            Diagnostic(code: code, position: position, message: message, suggestion: suggestion))
    }

    /// Throws what was collected; returns when there was nothing.
    package func throwIfAny() throws(Diagnostics) {
        guard !collected.isEmpty else { return }
        var all = collected
        if dropped > 0 {
            all.append(
                Diagnostic(
                    code: "too_many_errors", position: nil,
                    message: "\(dropped) more errors are not shown"))
        }
        throw Diagnostics(all)
    }

    private static let limit = 100
}
