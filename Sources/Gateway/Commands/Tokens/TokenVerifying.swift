import AccessPolicy
import KeyDiscovery
import StrictJSON
import TokenVerification

/// `ostiary token verify`: whether a token would be accepted, and if not, what is wrong and where.
package struct TokenVerifying: Sendable {
    /// Whose tokens count.
    package enum Trust: Sendable {
        /// The policy and the keys that `serve` would use.
        case configuration(ConfigurationSources)
        case issuer(NamedIssuer)
    }

    package let trust: Trust

    package init(_ trust: Trust) { self.trust = trust }

    /// Verifies a token, also one with white space around it or with `Bearer` before it. `now` is in
    /// Unix seconds. Keys of the token's issuer are fetched if they are with another server.
    package func run(_ text: [UInt8], now: Int64) async throws(CommandFailure) -> TokenReport {
        let token = try TokenText(text)
        var trust = try trust(for: token)
        let verdict = await trust.judge(token, now: now)
        switch verdict.result {
        case .success(let accepted):
            let lines = TokenReport.summary(accepted, trust: trust)
            return TokenReport(
                lines: lines + details(accepted, verdict, token, now: now).map { "  " + $0 },
                isGood: true)
        case .failure(let refused):
            let explanation = RefusalExplanation(
                verdict, refused, token, trust: trust, now: now)
            return TokenReport(
                lines: [TokenReport.summary(refused)] + explanation.lines.map { "  " + $0 },
                isGood: false)
        }
    }

    private func trust(for token: TokenText) throws(CommandFailure) -> TokenTrust {
        switch trust {
        case .configuration(let sources): try .configured(sources)
        case .issuer(let issuer): try .named(issuer, for: token)
        }
    }

    private func details(
        _ accepted: TokenTrust.Accepted, _ verdict: TokenTrust.Verdict, _ token: TokenText,
        now: Int64
    ) -> [String] {
        let verified = accepted.token
        let inspection = TokenInspection(
            token.bytes.span, now: now, acceptedLeeway: verified.usableUntil - verified.expiresAt)
        var lines: [String] = []
        if let principal = accepted.principal {
            let subject = String(decoding: principal.subject, as: UTF8.self)
            let roles = principal.roleNames
            lines.append("subject   \(Printable.text(subject))")
            lines.append("roles     \(roles.isEmpty ? "none" : roles.joined(separator: ", "))")
        } else {
            lines.append("issuer    \(Printable.text(verified.issuer))")
            lines.append("subject   \(Printable.text(verified.subject))")
        }
        let keyID = verified.keyID.isEmpty ? "(without a `kid`)" : Printable.text(verified.keyID)
        let algorithm = token.header?["alg"]?.string ?? ""
        let place = verdict.fetched.map { ", fetched from \(Printable.text($0.url))" } ?? ""
        lines.append("key       \(keyID), \(algorithm)\(place)")
        return lines
            + inspection.timeLines.filter { $0.hasPrefix("exp: ") }.map {
                "expires   \($0.dropFirst("exp: ".count))"
            }
    }
}

/// Lines for standard output, and whether the token may be used as far as this can tell.
package struct TokenReport: Sendable {
    package let lines: [String]
    package let isGood: Bool
}

extension TokenReport {
    static func summary(_ refused: TokenTrust.Refused) -> String {
        "not valid: \(refused.code): \(refused.detail)"
    }

    static func summary(_ accepted: TokenTrust.Accepted, trust: TokenTrust) -> [String] {
        guard trust.policy == nil else {
            return ["valid: accepted from the issuer `\(accepted.token.issuerName)`"]
        }
        let judged = ["the signature", "the times", "the issuer", "the audience"].filter { part in
            !trust.unjudged.contains { part.hasSuffix($0) }
        }
        let list = judged.dropLast().joined(separator: ", ") + " and \(judged.last ?? "")"
        guard !trust.unjudged.isEmpty else { return ["valid: \(list) are right"] }
        let open = trust.unjudged.joined(separator: " and ")
        return [
            "valid: \(list) are right; \(open) \(trust.unjudged.count == 1 ? "was" : "were") not judged"
        ]
    }
}
