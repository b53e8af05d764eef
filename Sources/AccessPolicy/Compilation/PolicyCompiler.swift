package import StrictYAML

extension PolicySet {
    /// Reads, checks and compiles a policy.
    ///
    /// - Parameters:
    ///   - text: a policy file of `version: 1`.
    ///   - file: its name, for messages.
    /// - Returns: the policy, ready for requests.
    /// - Throws: everything that is wrong with the file, each with its place.
    package static func load(_ text: String, file: String) throws(Diagnostics) -> PolicySet {
        do throws(Diagnostics) {
            let root = try YAMLReader.read(text, file: file)
            let sink = DiagnosticSink()
            let document = PolicyDocument(root, sink)
            let policy = PolicyCompiler(document, sink).compile()
            try sink.throwIfAny()
            return policy
        } catch {
            throw error.showing(text, of: file)
        }
    }
}

/// Resolves the names of a ``PolicyDocument``.
private struct PolicyCompiler {
    private let document: PolicyDocument
    private let sink: DiagnosticSink

    init(_ document: PolicyDocument, _ sink: DiagnosticSink) {
        self.document = document
        self.sink = sink
    }

    /// The policy; not to be used when anything was reported.
    func compile() -> PolicySet {
        let generation = PolicyGeneration.next()
        let roles = RoleCompiler.compile(document.roles, sink)
        let claims = document.claims.adding(
            ImplicitClaim.needed(by: conditions, beside: document.claims.declarations))
        let profiles = ProfileCompiler(claims, roles, sink)
        let identity = IdentityModel(
            claims: claims.declarations, roles: roles,
            headers: document.defaults.headers.compactMap(header),
            assertion: document.defaults.assertion.map(assertion),
            profiles: document.issuers.map(profiles.compile), generation: generation)
        checkIDs()
        document.orphans.forEach { checkRoles(in: $0, roles) }
        var settings = RouteSettingsCompiler(document, sink)
        let routes = document.routes.enumerated().map { index, route in
            Route(
                id: route.id.value, index: index, auth: route.auth, methods: route.methods,
                pattern: route.pattern, hosts: HostSet(patterns: route.hosts.map(\.value)),
                condition: route.allow.map {
                    ConditionCompiler.compile(
                        $0, in: .route(route.pattern, route.methods, route.settings.query),
                        identity, sink)
                },
                conditionText: route.allow?.description,
                settings: settings.compile(route), generation: generation,
                position: route.id.position)
        }
        let hosts = HostSet(patterns: document.hosts.map(\.value))
        return PolicySet(
            generation: generation, hosts: hosts,
            issuers: document.issuers.map(\.issuer.value), identity: identity, routes: routes,
            trie: RouteTable.compile(routes, accepted: hosts, sink),
            denyRules: DenyCompiler.compile(document.deny, identity, sink),
            settings: policySettings)
    }

    private var conditions: [ConditionDocument] {
        document.routes.compactMap(\.allow) + document.deny.map(\.condition)
    }

    private var policySettings: PolicySettings {
        PolicySettings(
            defaults: document.defaults.policy,
            statedLimits: document.defaults.stated + document.routes.flatMap(\.stated),
            relaxations: document.upstream?.relaxations ?? .none,
            upstreamName: document.upstream.map { ($0.name.value, $0.name.position) },
            upstreamProfile: document.upstream?.profile,
            testsAreRequired: document.testsAreRequired)
    }

    private func header(_ header: HeaderDocument) -> IdentityHeader? {
        source(header.claim).map { IdentityHeader(name: header.name.value, source: $0) }
    }

    private func assertion(_ assertion: AssertionDocument) -> AssertionRule {
        AssertionRule(
            header: assertion.header, lifetime: assertion.lifetime, bindings: assertion.bindings,
            claims: assertion.claims.compactMap { claim in
                source(claim).map { (name: claim.value, source: $0) }
            })
    }

    /// What the upstream is told where the policy names this claim.
    private func source(_ claim: Located<String>) -> IdentityHeader.Source? {
        if claim.value == "roles" { return .roles }
        let names = document.claims.declarations.map(\.name)
        if let number = names.firstIndex(of: claim.value) { return .claim(number) }
        sink.report(
            "unknown_claim", at: claim.position, "claim `\(claim.value)` is not declared",
            suggestion: didYouMean(claim.value, in: names + ["roles"]))
        return nil
    }

    /// Roles need no pattern to be wrong; variables do.
    private func checkRoles(in condition: ConditionDocument, _ roles: RoleHierarchy) {
        condition.forEachLeaf { leaf in
            guard case .role(let name) = leaf.kind, roles.number(of: name) == nil else { return }
            sink.report(
                "unknown_role", at: leaf.position, "role `\(name)` is not declared",
                suggestion: didYouMean(name, in: roles.names))
        }
    }

    private func checkIDs() {
        var seen: [String: Located<String>] = [:]
        for route in document.routes {
            if let first = seen[route.id.value] {
                sink.report(
                    "duplicate", at: route.id.position,
                    "route id `\(route.id.value)` is already used at \(first.position)",
                    suggestion: "give each route a name of its own")
            } else {
                seen[route.id.value] = route.id
            }
        }
    }
}
