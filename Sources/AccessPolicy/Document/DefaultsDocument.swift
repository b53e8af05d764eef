import StrictYAML

/// The section `defaults`.
struct DefaultsDocument {
    let auth: Route.Authentication
    let authorization: Route.Authorization
    let rates: [RateDocument]
    let headers: [HeaderDocument]
    let assertion: AssertionDocument?
    private(set) var policy = PolicyDefaults()
    private(set) var stated: [StatedLimit] = []

    init(_ file: MappingReader?, _ sink: DiagnosticSink) {
        let reader = file?.mapping(
            "defaults", keys: ["auth", "timeouts", "limits", "rate", "identity"],
            hints: ["allow": "write it in each route", "headers": "write `identity: {headers: …}`"])
        auth =
            reader?.choice("auth", of: Route.Authentication.allCases.map(\.rawValue))
            .flatMap(Route.Authentication.init) ?? .required
        rates =
            reader?.node("rate").flatMap { RateDocument.read($0, "defaults.rate", sink) } ?? []
        let identity = reader?.mapping("identity", keys: ["headers", "assertion", "authorization"])
        let headers = HeaderDocument.read(identity?.entries("headers") ?? [], sink)
        self.headers = headers
        assertion = identity.flatMap { AssertionDocument($0, besides: headers, sink) }
        authorization = identity.flatMap { AuthorizationReader.read($0, sink) } ?? .strip
        if let reader {
            policy.limits = LimitsReader.defaults(reader, stated: &stated, sink)
            policy.timeouts = TimeoutsReader.defaults(reader, stated: &stated)
        }
    }
}

/// Reads `identity.authorization`.
enum AuthorizationReader {
    static func read(_ identity: MappingReader, _ sink: DiagnosticSink) -> Route.Authorization? {
        guard let node = identity.node("authorization") else { return nil }
        if case .scalar(let scalar) = node.content, scalar.text == "app" {
            sink.report(
                "unsupported", at: node.position,
                "`authorization: app` leaves the field to the app, so that people could only sign in "
                    + "with a browser session, which this version does not have",
                suggestion: "write `strip` or `forward`")
            return nil
        }
        return node.choice(
            identity.name("authorization"), of: Route.Authorization.allCases.map(\.rawValue), sink
        ).flatMap(Route.Authorization.init)
    }
}
