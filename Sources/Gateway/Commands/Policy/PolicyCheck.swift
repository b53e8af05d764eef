import AccessPolicy
import PolicyTools
import StrictYAML

/// `ostiary policy check`: loads policies, shows what they say, and what they can hardly mean.
package struct PolicyCheck {
    /// For standard output: the result and the table of routes.
    package let lines: [String]
    /// Things that somebody should look at, for standard error.
    package let warnings: [CommandFailure.Message]

    /// Checks one file.
    ///
    /// - Throws: all errors of the file, with the warnings where there are both.
    package init(_ path: String) throws(CommandFailure) {
        let policy = try PolicyFile.load(path)
        let findings = PolicyLint.findings(policy.rules, text: policy.text, file: path)
        let messages =
            findings.isEmpty
            ? []
            : CommandFailure(Diagnostics(findings.map(\.message)).showing(policy.text, of: path))
                .messages
        guard !findings.contains(where: { $0.severity == .error }) else {
            throw CommandFailure(messages)
        }
        let routes = policy.rules.routeSummaries
        var result = "\(path): ok, \(routes.count == 1 ? "1 route" : "\(routes.count) routes")"
        if !findings.isEmpty {
            result += ", \(findings.count == 1 ? "1 warning" : "\(findings.count) warnings")"
        }
        lines = [result + ", default deny"] + Self.table(routes)
        warnings = messages
    }

    private static func table(_ routes: [RouteSummary]) -> [String] {
        let rows = routes.map { [$0.id, $0.methods, $0.pattern, $0.condition] }
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            var line = "  " + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
