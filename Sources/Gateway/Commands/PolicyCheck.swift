import AccessPolicy
import StrictYAML

/// `ostiary policy check`: loads policies and shows what they say.
package enum PolicyCheck {
    /// Checks one file. Returns lines for standard output: the result and the table of routes.
    package static func run(_ path: String) throws(CommandFailure) -> [String] {
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try FileContents.read(path, limit: 1 << 20)
        } catch {
            throw CommandFailure("cannot read the policy `\(path)`: \(error)")
        }
        let policy: LoadedPolicy
        do throws(Diagnostics) {
            policy = try LoadedPolicy(bytes, file: path, name: "`\(path)`")
        } catch {
            throw CommandFailure(error, status: .failed)
        }
        let routes = policy.rules.routeSummaries
        let count = routes.count == 1 ? "1 route" : "\(routes.count) routes"
        return ["\(path): ok, \(count), default deny"] + table(routes)
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
