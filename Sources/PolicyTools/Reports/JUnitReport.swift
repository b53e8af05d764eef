/// Test results as JUnit XML, which CI systems show.
package enum JUnitReport {
    /// A document with a suite for each policy; ends with a line feed.
    package static func text(_ suites: [Suite]) -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        let tests = suites.map(\.entries.count).reduce(0, +)
        let failures = suites.map(\.failureCount).reduce(0, +)
        text += "<testsuites tests=\"\(tests)\" failures=\"\(failures)\">\n"
        for suite in suites {
            text +=
                "  <testsuite name=\"\(escaped(suite.name))\" tests=\"\(suite.entries.count)\" "
                + "failures=\"\(suite.failureCount)\">\n"
            for entry in suite.entries {
                let start =
                    "    <testcase classname=\"\(escaped(suite.name))\" "
                    + "name=\"\(escaped(entry.name))\""
                    + (entry.file.map { " file=\"\(escaped($0))\"" } ?? "")
                    + (entry.line.map { " line=\"\($0)\"" } ?? "")
                guard !entry.failures.isEmpty else {
                    text += start + "/>\n"
                    continue
                }
                text += start + ">\n      <failure message=\"\(escaped(entry.failures[0]))\">"
                text += escaped(entry.failures.joined(separator: "\n")) + "</failure>\n"
                text += "    </testcase>\n"
            }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    package struct Suite: Sendable {
        package let name: String
        package var entries: [Entry]

        package init(name: String, entries: [Entry]) {
            self.name = name
            self.entries = entries
        }

        var failureCount: Int { entries.count { !$0.failures.isEmpty } }
    }

    package struct Entry: Sendable {
        package let name: String
        package let file: String?
        package let line: Int?
        package let failures: [String]

        package init(name: String, file: String? = nil, line: Int? = nil, failures: [String]) {
            self.name = name
            self.file = file
            self.line = line
            self.failures = failures
        }
    }

    private static func escaped(_ text: String) -> String { XMLText.escaped(text) }
}
