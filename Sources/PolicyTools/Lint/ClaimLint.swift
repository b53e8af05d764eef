import AccessPolicy
import StrictYAML

/// Claims that nothing asks for, or that no token has.
struct ClaimLint {
    let policy: PolicySet
    let source: PolicySource
    let report: LintReport

    func check() {
        let isEmbeddedAlone =
            !policy.issuers.isEmpty && policy.issuers.allSatisfy(\.embedded)
        for entry in source.entries("claims") where entry.key != "subject" {
            if entry.key != "roles", !source.usedClaims.contains(entry.key) {
                report.add(
                    "claim_never_used", at: entry.keyPosition,
                    "claim `\(entry.key)` is declared, and no condition, header or assertion uses it",
                    advice: isRequired(entry)
                        ? "remove it: tokens without it are refused for nothing" : "remove it")
            } else if isEmbeddedAlone {
                checkEmbedded(entry)
            }
        }
    }

    private func checkEmbedded(_ entry: YAMLEntry) {
        let mapped = source.entries("issuers").compactMap { issuer in
            issuer.value["claims"]?[entry.key]?["from"]
        }.first
        let own = PolicySource.text(entry.value) == nil ? entry.value["from"] : entry.value
        let sources = PolicySource.texts(mapped ?? own)
        let names = (sources.isEmpty ? [entry.key] : sources).map { text in
            text.contains(":") ? text : String(text.prefix { $0 != "." })
        }
        guard !names.contains(where: Self.embeddedClaims.contains) else { return }
        report.add(
            "claim_never_issued", at: entry.keyPosition,
            "claim `\(entry.key)` is in no token of the embedded issuer, the only one"
                + (isRequired(entry) ? ": every token is refused" : ": it always has its default"),
            advice: "its tokens have "
                + Self.embeddedClaims.map { "`\($0)`" }.joined(separator: ", "))
    }

    private func isRequired(_ entry: YAMLEntry) -> Bool { entry.value["default"] == nil }

    /// What its tokens can hold; some of it only where the configuration says so.
    private static let embeddedClaims = [
        "sub", "roles", "groups", "name", "preferred_username", "email", "email_verified", "acr",
        "amr", "auth_time", "client_id", "sid",
    ]
}
