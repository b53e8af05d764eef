import StrictYAML

/// One element of `routes`.
struct RouteDocument {
    let id: Located<String>
    let methods: MethodSet
    let pattern: PathPattern
    let auth: Route.Authentication
    let allow: ConditionDocument?
    /// Empty: every host of the policy.
    let hosts: [Located<HostSet.Pattern>]
    /// Nil: those of `defaults`.
    let rates: [RateDocument]?
    let cors: CORSDocument?
    /// Nil: as `defaults` says.
    let authorization: Route.Authorization?
    /// What needs no other part of the file.
    let settings: RouteSettings
    let stated: [StatedLimit]

    /// Nil, after a report, when the route has no usable `id` or `match`; its condition is then one of
    /// the `orphans`.
    init?(
        _ node: YAMLNode, defaultAuth: Route.Authentication,
        orphans: inout [ConditionDocument], _ sink: DiagnosticSink
    ) {
        guard
            let reader = MappingReader(
                node, path: "routes", keys: Self.keys, hints: Self.hints, sink)
        else { return nil }
        let id = reader.required("id", suggestion: "give the route a name, `id: …`")?
            .locatedString("id", sink)
        let match = reader.required("match", suggestion: "write for example `match: GET /path`")?
            .locatedString("match", sink)
        let matched = match.flatMap { MatchReader.read($0, sink) }
        let written = reader.choice("auth", of: Route.Authentication.allCases.map(\.rawValue))
            .flatMap(Route.Authentication.init)
        auth = written ?? defaultAuth
        allow = reader.node("allow").flatMap { ConditionDocument($0, sink) }
        hosts = reader.node("host").map { HostReader.read($0, "host", sink) } ?? []
        rates = reader.node("rate").flatMap { RateDocument.read($0, "routes.rate", sink) }
        cors = reader.node("cors").flatMap { CORSDocument($0, "routes.cors", sink) }
        authorization = reader.mapping("identity", keys: ["authorization"], hints: Self.identity)
            .flatMap { AuthorizationReader.read($0, sink) }
        var stated: [StatedLimit] = []
        var settings = Self.settings(reader, auth: auth, stated: &stated, sink)
        if matched?.0.isWebSocketOnly == true, let idle = settings.timeouts.idle {
            // The same by another name.
            var rule = settings.webSocket ?? WebSocketRule()
            rule.idle = rule.idle ?? idle
            settings.webSocket = rule
        }
        self.settings = settings
        self.stated = stated

        let rules = RouteRules(reader, auth: auth, isByDefault: written == nil, sink)
        rules.check(rates: rates ?? [], authorization: authorization, settings: settings)
        if let match { rules.check(methods: match) }
        guard let id, NameRule.word.check(id.value, "route", at: id.position, sink),
            let (methods, pattern) = matched
        else {
            if let allow { orphans.append(allow) }
            return nil
        }
        self.id = id
        self.methods = methods
        self.pattern = pattern
    }

    private static func settings(
        _ reader: MappingReader, auth: Route.Authentication, stated: inout [StatedLimit],
        _ sink: DiagnosticSink
    ) -> RouteSettings {
        var settings = RouteSettings()
        settings.isHidden = reader.bool("hide") ?? false
        settings.opaque = PathOptionsReader.read(reader, sink)
        settings.limits = LimitsReader.route(reader, stated: &stated)
        settings.timeouts = TimeoutsReader.route(reader, stated: &stated)
        settings.query = reader.node("query").map { QueryReader.read($0, sink) } ?? []
        settings.webSocket = reader.node("websocket").flatMap {
            WebSocketReader.read($0, "routes.websocket", auth: auth, stated: &stated, sink)
        }
        return settings
    }

    private static let keys = [
        "id", "match", "host", "auth", "allow", "hide", "limits", "timeouts", "rate", "cors",
        "websocket", "path", "query", "identity",
    ]
    private static let hints: [String: String] = {
        var hints = [
            "body": "write `limits: {body: …}`", "hosts": "write `host: …`",
            "headers": "write them in `defaults.identity.headers`",
            "upstream": "there is one app, to which all routes lead",
        ]
        for key in [
            "role", "claim", "equal", "contains", "in", "scope", "acr", "auth_age", "time", "any",
            "all", "not", "authenticated", "anyone",
        ] {
            hints[key] = "write `allow: {\(key): …}`"
        }
        hints["roles"] = "write `allow: {role: …}`, or `any` of several"
        for key in ["method", "methods"] {
            hints[key] = "methods stand in `match`, for example `match: GET|POST /path`"
        }
        for key in ["pattern", "url", "uri", "prefix"] {
            hints[key] = "write for example `match: GET /path/**`"
        }
        return hints
    }()
    private static let identity = [
        "headers": "they can only be set for all routes, in `defaults.identity`",
        "assertion": "it can only be set for all routes, in `defaults.identity`",
    ]
}
