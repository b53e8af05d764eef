package import AccessPolicy
package import StrictYAML

/// Runs what stands beside a policy: its cases, and its matrix against the golden file.
package enum PolicyTests {
    /// Where the tests of a policy stand: `app.test.yaml` beside `app.yaml`.
    package static func path(besidePolicy path: String) -> String {
        for ending in [".yaml", ".yml"] where path.hasSuffix(ending) {
            return path.dropLast(ending.count) + ".test" + ending
        }
        return path + ".test.yaml"
    }

    /// The policy that a file of tests stands beside; nil for a file of another name.
    package static func policyPath(ofTests path: String) -> String? {
        for ending in [".yaml", ".yml"] where path.hasSuffix(".test" + ending) {
            let name = path.dropLast(5 + ending.count)
            return name.isEmpty || name.hasSuffix("/") ? nil : name + ending
        }
        return nil
    }

    /// Where a golden file stands that a file of tests names: beside it, unless the name is absolute.
    package static func goldenPath(_ name: String, ofTests path: String) -> String {
        guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
        return path[...slash] + name
    }

    /// All files that the tests of a policy are made of, whether they exist or not.
    package static func paths(
        besidePolicy path: String, read: (_ path: String) -> String?
    ) -> [String] {
        let tests = Self.path(besidePolicy: path)
        guard let text = read(tests), let root = try? YAMLReader.read(text, file: tests),
            let golden = root["matrix"]?["golden"], case .scalar(let name) = golden.content
        else { return [tests] }
        return [tests, goldenPath(name.text, ofTests: tests)]
    }

    /// - Parameters:
    ///   - text: of the file of tests.
    ///   - file: its path, for messages and as that which the golden file is named from.
    ///   - policy: what is tested.
    ///   - golden: reads the golden file; nil where there is none.
    /// - Returns: what became of each case and of the matrix.
    /// - Throws: what is wrong with the file of tests, as opposed to the policy.
    package static func run(
        _ text: String, file: String, policy: PolicySet, golden: (_ path: String) -> String?
    ) throws(Diagnostics) -> PolicyTestReport {
        let tests = try PolicyTestFile.load(text, file: file, policy: policy)
        let matrix = tests.matrix.map { request in
            MatrixComparison(request, of: policy, tests: file, reading: golden)
        }
        return PolicyTestReport(
            file: file, results: PolicyTestRunner.run(tests, policy: policy), matrix: matrix)
    }

    /// Refuses a policy that says `tests: required` unless its tests are there and pass.
    ///
    /// - Parameters:
    ///   - policy: what is to be served.
    ///   - path: of its file.
    ///   - read: reads a file; nil where there is none.
    /// - Throws: that there are no tests, what is wrong with them, or each failure.
    package static func require(
        for policy: PolicySet, at path: String, read: (_ path: String) -> String?
    ) throws(Diagnostics) {
        guard policy.testsAreRequired else { return }
        let tests = Self.path(besidePolicy: path)
        guard let text = read(tests) else {
            throw Diagnostics([
                Diagnostic(
                    code: "tests_missing", position: nil,
                    message: "the policy `\(path)` says `tests: required`, and there is no file "
                        + "`\(tests)`",
                    suggestion: "write its tests, or remove `tests: required`")
            ])
        }
        let report = try run(text, file: tests, policy: policy, golden: read)
        let failures = report.failures
        guard failures.isEmpty else { throw Diagnostics(failures).showing(text, of: tests) }
    }
}

/// What became of the tests of one policy.
package struct PolicyTestReport: Sendable {
    /// The file of tests.
    package let file: String
    package let results: [PolicyCaseResult]
    package let matrix: MatrixComparison?

    /// One for each case that failed and for a matrix that differs.
    package var failures: [Diagnostic] {
        let cases = results.filter { !$0.passed }.map { result in
            Diagnostic(
                code: "failed_case", position: result.tested.position,
                message: "\(result.tested.title): "
                    + result.failures.joined(separator: "; "))
        }
        return cases + (matrix?.failure.map { [$0] } ?? [])
    }

    /// For CI systems.
    package func suite(name: String, countingMatrix: Bool = true) -> JUnitReport.Suite {
        var entries = results.map { result in
            JUnitReport.Entry(
                name: result.tested.title, position: result.tested.position,
                failures: result.failures)
        }
        if let matrix, countingMatrix {
            entries.append(
                JUnitReport.Entry(
                    name: "matrix", position: matrix.position,
                    failures: matrix.failure.map { [$0.message] + matrix.difference } ?? []))
        }
        return JUnitReport.Suite(name: name, entries: entries)
    }
}
