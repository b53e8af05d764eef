import Admission
import TokenVerification

/// `ostiary token inspect`: shows what a token says, and with keys whether it is valid.
package struct TokenInspecting: Sendable {
    /// What to verify with.
    package enum Verification: Sendable {
        case none
        /// A JWK set or a public key in PEM. Issuer and audience are not judged: nothing says which
        /// are right.
        case keyFile(String)
        /// The policy and the keys that `serve` would use.
        case configuration(ConfigurationSources)
    }

    package let verification: Verification

    package init(_ verification: Verification) { self.verification = verification }

    /// Inspects a token, also one with white space around it or with `Bearer` before it. `now` is in
    /// Unix seconds. Keys of the token's issuer are fetched if they are with another server.
    package func run(_ text: [UInt8], now: Int64) async throws(CommandFailure) -> TokenReport {
        let token = try TokenText(text)
        let inspection = TokenInspection(token.bytes.span, now: now)
        guard var trust = try trust(for: token) else {
            return TokenReport(
                lines: [TokenInspection.notice] + log(token) + inspection.sections(),
                isGood: inspection.problems.isEmpty)
        }
        let verdict = await trust.judge(token, now: now)
        switch verdict.result {
        case .success(let accepted):
            let verified = accepted.token
            let shown = TokenInspection(
                token.bytes.span, now: now,
                acceptedLeeway: verified.usableUntil - verified.expiresAt)
            return TokenReport(
                lines: [validity(accepted)] + log(token) + shown.sections(), isGood: true)
        case .failure(let refused):
            let why = RefusalExplanation(verdict, refused, token, trust: trust, now: now).lines
            let summary = TokenReport.summary(refused)
            let told = [summary] + why
            return TokenReport(
                lines: [summary] + why.map { "  " + $0 } + log(token)
                    + inspection.sections { problem in
                        // Behind the place, which the explanation has in a line of its own.
                        let words = problem.firstRange(of: ": ").map { problem[$0.upperBound...] }
                        return told.contains { $0.contains(words ?? problem[...]) }
                    }, isGood: false)
        }
    }

    /// By what the access log calls the token when it is refused.
    private func log(_ token: TokenText) -> [String] {
        guard let mark = TokenMark(token.bytes.span, tokenID: nil) else { return [] }
        return ["", "access log:", "  token.hash=\(mark.hash)"]
    }

    private func validity(_ accepted: TokenTrust.Accepted) -> String {
        if case .keyFile = verification {
            return "valid: the signature and the times are right; "
                + "issuer and audience were not judged (use --config for that)"
        }
        return "valid: accepted from the issuer `\(accepted.token.issuerName)`"
    }

    private func trust(for token: TokenText) throws(CommandFailure) -> TokenTrust? {
        switch verification {
        case .none: nil
        case .keyFile(let path):
            try .named(NamedIssuer(keys: .file(path), issuer: nil), for: token)
        case .configuration(let sources): try .configured(sources)
        }
    }
}
