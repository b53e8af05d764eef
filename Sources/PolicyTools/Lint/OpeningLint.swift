import AccessPolicy
import StrictYAML

/// Openings for strangers that are easily overlooked.
struct OpeningLint {
    let policy: PolicySet
    let source: PolicySource
    let report: LintReport

    func check() {
        for route in policy.routes where route.auth != .required {
            if route.auth == .public { checkParents(of: route) }
            if route.takesBodies, route.limits.body == nil { checkBody(of: route) }
        }
        for issuer in policy.issuers where !issuer.embedded && issuer.tokenTypes.isEmpty {
            let entry = source.entries("issuers").first { $0.key == issuer.name }
            report.add(
                "token_type", at: entry?.keyPosition,
                "issuer `\(issuer.name)` has no `token_type`: its ID tokens pass for access tokens if "
                    + "their audience fits",
                advice: "write `token_type: at+jwt` if it says so (RFC 9068), or `token_type: jwt`")
        }
    }

    /// A public route under `/**` is how policies are made; one under `/admin/**` is worth a look.
    private func checkParents(of route: Route) {
        let parent = policy.routes.first { other in
            other.auth == .required && !other.isForAllPaths && other !== route
                && other.coversPaths(of: route) && other.sharesMethod(with: route)
        }
        guard let parent else { return }
        report.add(
            "public_below_stricter", at: route.position,
            "route `\(route.id)` (`\(route.matchText)`) is open to everybody, below `\(parent.id)` "
                + "(`\(parent.matchText)`), which is not",
            advice: "make sure that nothing below it is private, or name the files that are public")
    }

    private func checkBody(of route: Route) {
        report.add(
            "body_of_strangers", at: route.position,
            "strangers may send route `\(route.id)` as much as the server takes at most",
            advice: "write `limits: {body: 64KiB}`, or as much as it needs")
    }
}
