import StrictYAML

/// A policy file as it is written: every value has the right shape, names are not resolved yet.
struct PolicyDocument {
    let testsAreRequired: Bool
    let hosts: [Located<HostSet.Pattern>]
    let issuers: [IssuerDocument]
    let claims: ClaimsDocument
    let roles: [RoleDocument]
    let deny: [DenyDocument]
    let defaults: DefaultsDocument
    let routes: [RouteDocument]
    /// Conditions of routes that cannot be used, so that what is wrong in them is told all the same.
    let orphans: [ConditionDocument]
    let upstream: UpstreamDocument?

    /// Reads what can be read, and reports the rest.
    init(_ root: YAMLNode, _ sink: DiagnosticSink) {
        let file = MappingReader(root, keys: Self.keys, hints: Self.hints, sink)
        if let file { Self.checkVersion(file, sink) }
        testsAreRequired = file?.choice("tests", of: ["optional", "required"]) == "required"
        hosts = file?.node("hosts").map { HostReader.read($0, "hosts", sink) } ?? []
        issuers = IssuerReader.read(file?.entries("issuers") ?? [], sink)
        claims = ClaimsDocument(file?.entries("claims") ?? [], sink)
        roles = RoleDocument.read(file?.node("roles"), sink)
        deny = file?.node("deny").map { DenyDocument.read($0, sink) } ?? []
        let defaults = DefaultsDocument(file, sink)
        self.defaults = defaults
        var orphans: [ConditionDocument] = []
        routes = Self.routes(file, sink).compactMap {
            RouteDocument($0, defaultAuth: defaults.auth, orphans: &orphans, sink)
        }
        self.orphans = orphans
        upstream = file.flatMap { UpstreamDocument.read($0, sink) }
        if let file { checkIssuers(file, sink) }
    }

    private static func routes(_ file: MappingReader?, _ sink: DiagnosticSink) -> [YAMLNode] {
        guard let node = file?.required("routes", suggestion: routesAdvice) else { return [] }
        guard case .mapping(let entries) = node.content, let first = entries.first else {
            return node.elements("routes", sink) ?? []
        }
        sink.report(
            "wrong_type", at: node.position, "`routes` must be a list, not a mapping",
            suggestion: "write `- {id: \(first.key), match: …}` for each route")
        return []
    }

    private func checkIssuers(_ file: MappingReader, _ sink: DiagnosticSink) {
        if case .mapping(let entries)? = file.node("issuers")?.content, !entries.isEmpty { return }
        // Of another shape: that was reported already.
        if let node = file.node("issuers"), node.kind != "a mapping" { return }
        guard let route = routes.first(where: { $0.auth != .public }) else { return }
        sink.report(
            "missing_key", at: file.keyPosition("issuers") ?? file.position,
            "`issuers` names no issuer: route `\(route.id.value)` "
                + (route.auth == .required ? "needs a token" : "reads tokens")
                + ", and none could be accepted",
            suggestion: "write `issuers: {local: {embedded: true}}` for the one inside ostiary")
    }

    private static func checkVersion(_ file: MappingReader, _ sink: DiagnosticSink) {
        let advice = "write `version: 1`"
        guard let node = file.required("version", suggestion: advice),
            let version = node.int("version", sink)
        else { return }
        guard version != 1 else { return }
        sink.report(
            "wrong_version", at: node.position, "version `\(version)` is not known",
            suggestion: advice)
    }

    private static let keys = [
        "version", "tests", "hosts", "issuers", "claims", "roles", "deny", "defaults", "routes",
        "upstreams",
    ]
    private static let hints: [String: String] = {
        var hints = ["allow": "write it in a route"]
        for key in ["as", "cases", "matrix"] {
            hints[key] = "tests stand beside the policy, in a file whose name ends in `.test.yaml`"
        }
        for key in ["auth", "timeouts", "limits", "rate", "identity"] {
            hints[key] = "write it in `defaults`, or in a route"
        }
        for key in ["id", "match"] { hints[key] = "write it in `routes`, as `- {id: …, match: …}`" }
        return hints
    }()
    private static let routesAdvice =
        "write `routes:` and under it `- {id: …, match: GET /path, allow: …}`"
}
