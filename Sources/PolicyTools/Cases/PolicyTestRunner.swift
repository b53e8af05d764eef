package import AccessPolicy

/// What became of one case.
package struct PolicyCaseResult: Sendable {
    package let tested: PolicyCase
    /// What was otherwise than expected, a line each; empty: it passed.
    package let failures: [String]

    /// What would explain a failure: the routes that were in question, and the condition.
    package let notes: [String]

    package var passed: Bool { failures.isEmpty }

    /// ``policy.test.yaml:4:5: alice GET /x: expected …`` for each failure, then the notes.
    package var lines: [String] {
        failures.map { "\(tested.position): \(tested.title): \($0)" } + notes.map { "    \($0)" }
    }
}

/// Runs the cases of a test file against its policy.
package enum PolicyTestRunner {
    package static func run(_ tests: PolicyTestFile, policy: PolicySet) -> [PolicyCaseResult] {
        let judge = PolicyJudge(policy)
        return tests.cases.map { test in
            let examination = judge.examine(test.question)
            let failures = failures(examination.verdict, of: test)
            return PolicyCaseResult(
                tested: test, failures: failures,
                notes: failures.isEmpty ? [] : notes(examination))
        }
    }

    private static func notes(_ examination: Examination) -> [String] {
        let verdict = examination.verdict
        var notes: [String] = []
        if let route = verdict.route, let condition = route.conditionText {
            notes.append("route `\(route.id)` allows: \(condition)")
        }
        for leaf in examination.leaves where leaf.isAsked {
            notes.append("  \(leaf.holds ? "holds" : "fails"): \(leaf.line)")
        }
        let others = (examination.candidates.first ?? []).filter { $0.route !== verdict.route }
        if !others.isEmpty {
            notes.append(
                "other routes that fit the path: "
                    + others.map { candidate in
                        "`\(candidate.route.id)` (\(candidate.route.matchText))"
                    }.joined(separator: ", "))
        }
        return notes
    }

    private static func failures(_ verdict: Verdict, of test: PolicyCase) -> [String] {
        var failures: [String] = []
        switch (test.expectation, verdict.refusal) {
        case (.allow, nil), (.deny, .some): break
        case (.status(let status), let refusal?) where status == refusal.status: break
        default:
            failures.append("expected \(test.expectation.words), but it is \(verdict.words)")
        }
        if let reason = test.reason, let refusal = verdict.refusal, refusal.code != reason {
            failures.append("expected the reason `\(reason)`, but it is `\(refusal.code)`")
        }
        if let route = test.route, verdict.route?.id != route {
            failures.append(
                "expected the route `\(route)`, but "
                    + (verdict.route.map { "it is `\($0.id)`" } ?? "no route matches"))
        }
        guard verdict.isAllowed else { return failures }
        for (name, value) in test.upstreamHeaders {
            let sent = verdict.upstreamHeaders.first { $0.name.lowercased() == name.lowercased() }
            if sent?.value != value {
                failures.append(
                    "expected the header `\(name): \(value)`, but "
                        + (sent.map { "it is `\($0.value)`" } ?? "it is not sent"))
            }
        }
        return failures
    }
}

extension PolicyCase.Expectation {
    fileprivate var words: String {
        switch self {
        case .allow: "`allow`"
        case .deny: "`deny`"
        case .status(let status): "status \(status)"
        }
    }
}

extension Verdict {
    /// `allowed by route `x``, or `refused with 403 `role_missing` on route `x``.
    package var words: String {
        let place = route.map { " on route `\($0.id)`" } ?? ""
        guard let refusal else { return "allowed\(place)" }
        return "refused with \(refusal.status) `\(refusal.code)`\(place)"
            + (refusal.detail.map { ": \($0)" } ?? "")
    }
}
