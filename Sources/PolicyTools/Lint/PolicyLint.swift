package import AccessPolicy
package import StrictYAML

/// What a policy says that it can hardly mean.
package struct PolicyFinding: Sendable {
    package enum Severity: Sendable, Equatable {
        /// The policy means what it says; somebody should look at it.
        case warning
        /// The policy cannot do what it is for: it is not served.
        case error
    }

    package let severity: Severity
    package let diagnostic: Diagnostic

    /// The code, and the severity after the place: ``policy.yaml:3:5: warning: role …``
    package var message: Diagnostic {
        guard severity == .warning else { return diagnostic }
        return Diagnostic(
            code: diagnostic.code, position: diagnostic.position,
            message: "warning: \(diagnostic.message)", suggestion: diagnostic.suggestion)
    }
}

/// Looks for routes, roles and claims that have no effect, and for openings that are easily overlooked.
package enum PolicyLint {
    /// - Parameters:
    ///   - policy: what was made of `text`.
    ///   - text: of the policy file.
    ///   - file: its name, for messages.
    /// - Returns: findings in the order of the file; nothing where all is well.
    package static func findings(
        _ policy: PolicySet, text: String, file: String
    ) -> [PolicyFinding] {
        guard let root = try? YAMLReader.read(text, file: file) else { return [] }
        let source = PolicySource(root)
        let report = LintReport()
        RouteLint(policy: policy, source: source, report: report).check()
        OpeningLint(policy: policy, source: source, report: report).check()
        RoleLint(policy: policy, source: source, report: report).check()
        ClaimLint(policy: policy, source: source, report: report).check()
        ProfileLint(policy: policy, source: source, report: report).check()
        return report.sorted
    }

    /// Only what keeps a policy from being served.
    ///
    /// - Throws: findings that are errors.
    package static func requireNoErrors(
        _ policy: PolicySet, text: String, file: String
    ) throws(Diagnostics) {
        let errors = findings(policy, text: text, file: file).filter { $0.severity == .error }
        guard !errors.isEmpty else { return }
        throw Diagnostics(errors.map(\.diagnostic)).showing(text, of: file)
    }
}

/// Collects findings.
final class LintReport {
    private var findings: [PolicyFinding] = []

    func add(
        _ code: String, at position: SourcePosition?, _ message: String, advice: String,
        severity: PolicyFinding.Severity = .warning
    ) {
        findings.append(
            PolicyFinding(
                severity: severity,
                diagnostic: Diagnostic(
                    code: code, position: position, message: message, suggestion: advice)))
    }

    var sorted: [PolicyFinding] {
        findings.enumerated().sorted { left, right in
            let places = [left, right].map { item in
                item.element.diagnostic.position.map { ($0.line, $0.column) } ?? (.max, .max)
            }
            return places[0] == places[1] ? left.offset < right.offset : places[0] < places[1]
        }.map(\.element)
    }
}
