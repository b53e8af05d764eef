import StrictYAML

/// One element of `routes`.
struct RouteDocument {
    let id: Located<String>
    let methods: MethodSet
    let pattern: PathPattern
    let auth: Route.Authentication
    let allow: ConditionDocument?

    /// Nil, after a report, when the route has no usable `id` or `match`.
    init?(_ node: YAMLNode, defaultAuth: Route.Authentication, _ sink: DiagnosticSink) {
        guard let reader = MappingReader(node, path: "routes", keys: Self.keys, sink) else {
            return nil
        }
        let id = reader.required("id")?.locatedString("id", sink)
        let match = reader.required("match")?.locatedString("match", sink)
        let matched = match.flatMap { MatchReader.read($0, sink) }
        let written = reader.choice("auth", of: Route.Authentication.allCases.map(\.rawValue))
        auth = written.flatMap(Route.Authentication.init) ?? defaultAuth
        allow = reader.node("allow").flatMap { ConditionDocument($0, sink) }
        if auth == .public, reader.has("allow") {
            sink.report(
                "public_with_condition", at: reader.keyPosition("allow"),
                "a public route reads no credential, so it cannot have an `allow`"
                    + (written == nil ? " (it is public by `defaults.auth`)" : ""),
                suggestion: "remove `allow`, or write `auth: required`")
        }
        guard let id, NameRule.word.check(id.value, "route", at: id.position, sink),
            let (methods, pattern) = matched
        else { return nil }
        self.id = id
        self.methods = methods
        self.pattern = pattern
    }

    private static let keys = ["id", "match", "auth", "allow"]
}
