import PolicyTools
import StrictYAML

/// `ostiary policy test`: runs the tests that stand beside policies.
package struct PolicyTesting {
    /// What to print on standard output.
    package private(set) var lines: [String] = []
    private var suites: [JUnitReport.Suite] = []
    private var messages: [CommandFailure.Message] = []
    private var caseCount = 0
    private var failedCases = 0
    private var failedMatrices = 0
    private let updates: Bool

    /// Runs the tests of policies, of files of tests, and of all pairs in folders.
    ///
    /// - Parameters:
    ///   - paths: empty: the current folder.
    ///   - updates: writes golden files that differ instead of failing.
    /// - Throws: that there are no tests at a path.
    package init(_ paths: [String], updates: Bool) throws(CommandFailure) {
        self.updates = updates
        var seen: Set<String> = []
        for path in paths.isEmpty ? ["."] : paths {
            for tests in try Self.tests(at: path) where seen.insert(tests).inserted { run(tests) }
        }
    }

    /// Nil where all is well; else what goes to standard error.
    package var failure: CommandFailure? {
        guard failedCases + failedMatrices > 0 || !messages.isEmpty else { return nil }
        var all = messages
        var summary: [String] = []
        if failedCases > 0 {
            let cases = caseCount == 1 ? "case" : "cases"
            summary.append("\(failedCases) of \(caseCount) \(cases) failed")
        }
        if failedMatrices > 0 {
            summary.append(
                failedMatrices == 1
                    ? "1 matrix is not as reviewed"
                    : "\(failedMatrices) matrices are not as reviewed")
        }
        if !summary.isEmpty { all.append(.init(text: summary.joined(separator: ", "))) }
        return CommandFailure(all)
    }

    /// Writes the results as JUnit XML.
    package func writeReport(to path: String) throws(CommandFailure) {
        try PolicyFile.write(JUnitReport.text(suites), to: path)
    }

    /// The files of tests that a path of the command line stands for.
    private static func tests(at path: String) throws(CommandFailure) -> [String] {
        if let names = try? Folder.names(in: path, suffix: "") {
            let folder = path == "." ? "" : path.hasSuffix("/") ? path : "\(path)/"
            let tests = names.filter { PolicyTests.policyPath(ofTests: $0) != nil }.sorted()
            guard !tests.isEmpty else {
                throw CommandFailure(
                    "no tests in `\(path)`: they stand beside a policy, `app.test.yaml` beside "
                        + "`app.yaml`")
            }
            return tests.map { folder + $0 }
        }
        if PolicyTests.policyPath(ofTests: path) != nil { return [path] }
        let tests = PolicyTests.path(besidePolicy: path)
        guard FileContents.exists(path) || !FileContents.exists(tests) else { return [tests] }
        guard FileContents.exists(tests) else {
            throw CommandFailure(
                FileContents.exists(path)
                    ? "`\(path)` has no tests: there is no file `\(tests)`"
                    : "there is no file `\(path)`")
        }
        return [tests]
    }

    private mutating func run(_ tests: String) {
        let path = PolicyTests.policyPath(ofTests: tests) ?? tests
        do throws(CommandFailure) {
            let policy = try PolicyFile.load(path)
            let text = try PolicyFile.tests(tests)
            let report: PolicyTestReport
            do throws(Diagnostics) {
                report = try PolicyTests.run(
                    text, file: tests, policy: policy.rules, golden: PolicyFile.text)
            } catch {
                throw CommandFailure(error.showing(text, of: tests), status: .failed)
            }
            try show(report, of: path)
        } catch {
            suites.append(
                JUnitReport.Suite(
                    name: path, entries: [.init(name: "load", failures: error.lines)]))
            messages += error.messages
        }
    }

    private mutating func show(
        _ report: PolicyTestReport, of path: String
    ) throws(CommandFailure) {
        for result in report.results where !result.passed { lines += result.lines }
        caseCount += report.results.count
        let failures = report.results.count { !$0.passed }
        failedCases += failures
        var notes = [report.results.count == 1 ? "1 case" : "\(report.results.count) cases"]
        if let matrix = report.matrix {
            if matrix.isSame {
                notes.append("matrix as in `\(matrix.path)`")
            } else if updates {
                try PolicyFile.write(matrix.text, to: matrix.path)
                notes.append("matrix written to `\(matrix.path)`")
            } else {
                failedMatrices += 1
                lines += matrix.failure.map { ["\($0)"] } ?? []
                lines += matrix.difference.map { "  \($0)" }
            }
        }
        let isBad = failures > 0 || (report.matrix?.isSame == false && !updates)
        if failures > 0 { notes.append("\(failures) failed") }
        if let matrix = report.matrix, !matrix.isSame, !updates {
            notes.append(matrix.isThere ? "the matrix differs" : "no matrix to compare with")
        }
        lines.append("\(path): \(isBad ? "FAILED" : "ok"), \(notes.joined(separator: ", "))")
        suites.append(report.suite(name: path, countingMatrix: !updates))
    }
}
