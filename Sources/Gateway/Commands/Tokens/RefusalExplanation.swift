import TokenVerification

/// What is wrong with a token, where, and what to do, for a person to read: the reason code alone says
/// less on purpose.
struct RefusalExplanation {
    /// Lines such as `found     "https://id.test/"`.
    let lines: [String]

    init(
        _ verdict: TokenTrust.Verdict, _ refused: TokenTrust.Refused, _ token: TokenText,
        trust: TokenTrust, now: Int64
    ) {
        let explainer = RefusalExplainer(
            token: token, trust: trust, inspection: TokenInspection(token.bytes.span, now: now),
            fetchProblem: verdict.fetchProblem, isFresh: verdict.fetched != nil, now: now)
        lines = explainer.rows(refused).map { row in
            let padding = String(repeating: " ", count: max(0, 10 - row.label.count))
            return "\(row.label)\(padding)\(row.text)"
        }
    }
}
