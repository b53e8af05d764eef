import AccessPolicy
package import StrictYAML

/// A policy's matrix beside the one that was reviewed.
package struct MatrixComparison: Sendable {
    /// Where the golden file stands.
    package let path: String
    /// What it should hold now.
    package let text: String
    /// Lines with `-` that only the golden file has, and with `+` that only the policy gives; empty
    /// where the two are the same.
    package let difference: [String]
    /// Where the file of tests names the golden file.
    package let position: SourcePosition

    /// Whether there is a golden file, and it can be read.
    package let isThere: Bool

    init(
        _ request: PolicyTestFile.MatrixRequest, of policy: PolicySet, tests: String,
        reading: (String) -> String?
    ) {
        path = PolicyTests.goldenPath(request.golden, ofTests: tests)
        position = request.position
        text = PolicyMatrix(policy, roles: request.roles).text
        let golden = reading(path)
        isThere = golden != nil
        difference = golden.map { [text] in LineDifference.lines(from: $0, to: text) } ?? []
    }

    package var isSame: Bool { isThere && difference.isEmpty }

    /// Nil where the two are the same.
    package var failure: Diagnostic? {
        guard !isSame else { return nil }
        guard isThere else {
            return Diagnostic(
                code: "matrix", position: position,
                message: "there is no golden file `\(path)` that can be read",
                suggestion: "write it with `ostiary policy test --update`, and read it")
        }
        return Diagnostic(
            code: "matrix", position: position,
            message: "the matrix is not the one in `\(path)`: \(difference.count) "
                + (difference.count == 1 ? "line differs" : "lines differ"),
            suggestion: "read the difference, and if it is meant, write the file with "
                + "`ostiary policy test --update`")
    }
}

/// The lines that two texts do not share, in order.
enum LineDifference {
    static func lines(from old: String, to new: String) -> [String] {
        guard !old.utf8.elementsEqual(new.utf8) else { return [] }
        func split(_ text: String) -> [Substring] {
            text.split(separator: "\n", omittingEmptySubsequences: false)
        }
        let (before, after) = (split(old), split(new))
        let changes = after.difference(from: before)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in changes {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [String] = []
        var (left, right) = (0, 0)
        while left < before.count || right < after.count {
            if left < before.count, removed.contains(left) {
                lines.append("- \(before[left])")
                left += 1
            } else if right < after.count, inserted.contains(right) {
                lines.append("+ \(after[right])")
                right += 1
            } else {
                left += 1
                right += 1
            }
        }
        // Texts that differ in line feeds at the end alone.
        return lines.isEmpty ? ["- (the file ends otherwise)"] : lines
    }
}
