package import StrictYAML

/// Test results as JUnit XML, which CI systems show; valid by the schemas of Jenkins.
package enum JUnitReport {
    /// A document with a suite for each policy; ends with a line feed.
    package static func text(_ suites: [Suite]) -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        let tests = suites.map(\.entries.count).reduce(0, +)
        let failures = suites.map(\.failureCount).reduce(0, +)
        text += "<testsuites tests=\"\(tests)\" failures=\"\(failures)\" errors=\"0\">\n"
        for suite in suites {
            text +=
                "  <testsuite name=\"\(escaped(suite.name))\" tests=\"\(suite.entries.count)\" "
                + "failures=\"\(suite.failureCount)\" errors=\"0\">\n"
            for entry in suite.entries {
                let start =
                    "    <testcase classname=\"\(escaped(suite.name))\" "
                    + "name=\"\(escaped(entry.name))\""
                guard !entry.failures.isEmpty else {
                    text += start + "/>\n"
                    continue
                }
                let place = entry.position.map { "\($0): " } ?? ""
                text += start + ">\n      <failure type=\"failure\" "
                text += "message=\"\(escaped(entry.failures[0]))\">"
                text += escaped(place + entry.failures.joined(separator: "\n")) + "</failure>\n"
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
        /// Stands in the text of a failure: Jenkins refuses cases that have attributes for it.
        package let position: SourcePosition?
        package let failures: [String]

        package init(name: String, position: SourcePosition? = nil, failures: [String]) {
            self.name = name
            self.position = position
            self.failures = failures
        }
    }

    private static func escaped(_ text: String) -> String { XMLText.escaped(text) }
}
