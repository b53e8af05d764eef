import AccessPolicy
import StrictYAML

/// Roles that nobody can have, or that make no difference.
struct RoleLint {
    let policy: PolicySet
    let source: PolicySource
    let report: LintReport

    func check() {
        let granted = grantedRoles
        let areSent = source.usedClaims.contains("roles")
        for entry in roles {
            let name = entry.name
            if let granted, !granted.contains(name) {
                report.add(
                    "role_never_granted", at: entry.position,
                    "role `\(name)` is granted by no issuer: none of their maps leads to it",
                    advice: "name it in `claims.roles.map` of an issuer, or remove it")
            }
            let included = policy.rolesIncluded(in: name) ?? []
            if !areSent, source.askedRoles.isDisjoint(with: included) {
                report.add(
                    "role_never_used", at: entry.position,
                    "role `\(name)` opens nothing: no condition asks for it or for what it includes",
                    advice: "write a route with `allow: {role: \(name)}`, or remove the role")
            }
        }
    }

    private var roles: [(name: String, position: SourcePosition)] {
        if case .sequence(let elements)? = source.root["roles"]?.content {
            return elements.compactMap { node in
                PolicySource.text(node).map { ($0, node.position) }
            }
        }
        return source.entries("roles").map { ($0.key, $0.keyPosition) }
    }

    /// Nil where an issuer may grant any.
    private var grantedRoles: Set<String>? {
        var granted: Set<String> = []
        for issuer in source.entries("issuers") {
            let reading = issuer.value["claims"]?["roles"]
            guard let map = reading?["map"] else { return nil }
            if reading?["unmapped"].flatMap(PolicySource.text) == "keep" { return nil }
            for entry in PolicySource.entries(map) {
                for role in PolicySource.texts(entry.value) {
                    granted.formUnion(policy.rolesIncluded(in: role) ?? [])
                }
            }
        }
        return source.entries("issuers").isEmpty ? nil : granted
    }
}
