import AccessPolicy
import StrictYAML

/// Routes that no request comes to, and routes that change nothing.
struct RouteLint {
    let policy: PolicySet
    let source: PolicySource
    let report: LintReport

    func check() {
        for route in policy.routes {
            if let takers = policy.takers(of: route) {
                unreachable(route, takers)
                continue
            }
            if route.auth != .public { checkAllow(route) }
            if route.auth == .optional { checkStrangers(route) }
        }
    }

    private func unreachable(_ route: Route, _ takers: [Route]) {
        let names = takers.map { "`\($0.id)`" }.joined(separator: ", ")
        report.add(
            "unreachable_route", at: route.position,
            "no request ever comes to route `\(route.id)`: \(names) "
                + (takers.count == 1 ? "takes" : "take") + " all of `\(route.matchText)`",
            advice: "remove the route, or make it more specific", severity: .error)
    }

    /// A route without `allow` is a way to close a part of what another route opens.
    private func checkAllow(_ route: Route) {
        guard source.route(route.id)?["allow"] == nil else { return }
        let closes = policy.routes.contains { other in
            other !== route && other.coversPaths(of: route) && other.sharesMethod(with: route)
        }
        guard !closes else { return }
        report.add(
            "no_allow", at: route.position,
            "route `\(route.id)` has no `allow`: nobody may use it, as without the route",
            advice: "write whom it lets in, for example `allow: {authenticated: true}`")
    }

    private func checkStrangers(_ route: Route) {
        if case .refused = policy.outlook(of: route, for: .anonymous) {
            report.add(
                "optional_in_vain", at: source.route(route.id)?["auth"]?.position ?? route.position,
                "route `\(route.id)` has `auth: optional`, and its `allow` holds for nobody without a "
                    + "token",
                advice: "write `auth: required`, or let strangers in with `anyone: true`")
            return
        }
        guard let position = negation(in: source.route(route.id)?["allow"]) else { return }
        report.add(
            "not_for_strangers", at: position,
            "`not` about who asks holds for nobody without a token, and route `\(route.id)` has "
                + "`auth: optional`",
            advice: "say whom the route lets in instead")
    }

    /// The first `not` about somebody.
    private func negation(in condition: YAMLNode?) -> SourcePosition? {
        for entry in PolicySource.entries(condition) {
            switch entry.key {
            case "not":
                if Self.isAboutSomebody(entry.value) { return entry.keyPosition }
            case "all", "any":
                guard case .sequence(let members) = entry.value.content else { continue }
                if let found = members.lazy.compactMap({ negation(in: $0) }).first { return found }
            default: break
            }
        }
        return nil
    }

    private static func isAboutSomebody(_ condition: YAMLNode) -> Bool {
        PolicySource.entries(condition).contains { entry in
            switch entry.key {
            case "role", "claim", "scope", "acr", "auth_age", "authenticated": return true
            case "all", "any", "not":
                guard case .sequence(let members) = entry.value.content else {
                    return isAboutSomebody(entry.value)
                }
                return members.contains(where: isAboutSomebody)
            default: return PolicySource.texts(entry.value).contains { $0.hasPrefix("claims.") }
            }
        }
    }
}
