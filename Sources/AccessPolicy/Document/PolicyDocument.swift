import StrictYAML

/// A policy file as it is written: every value has the right shape, names are not resolved yet.
struct PolicyDocument {
    let hosts: [HostSet.Pattern]
    let issuers: [IssuerDocument]
    let claims: ClaimsDocument
    let roles: [RoleDocument]
    let headers: [HeaderDocument]
    let routes: [RouteDocument]

    /// Reads what can be read, and reports the rest.
    init(_ root: YAMLNode, _ sink: DiagnosticSink) {
        let keys = ["version", "hosts", "issuers", "claims", "roles", "defaults", "routes"]
        let file = MappingReader(root, keys: keys, sink)
        if let file { Self.checkVersion(file, sink) }
        let defaults = file?.mapping("defaults", keys: ["auth", "identity"])
        let defaultAuth =
            defaults?.choice("auth", of: Route.Authentication.allCases.map(\.rawValue))
            .flatMap(Route.Authentication.init) ?? .required
        let identity = defaults?.mapping("identity", keys: ["headers"])

        hosts = file?.node("hosts").map { HostReader.read($0, sink) } ?? []
        issuers = IssuerReader.read(file?.entries("issuers") ?? [], sink)
        claims = ClaimsDocument(file?.entries("claims") ?? [], sink)
        roles = RoleDocument.read(file?.entries("roles") ?? [], sink)
        headers = HeaderDocument.read(identity?.entries("headers") ?? [], sink)
        routes = (file?.required("routes")?.elements("routes", sink) ?? []).compactMap {
            RouteDocument($0, defaultAuth: defaultAuth, sink)
        }
        if let file { checkIssuers(file, sink) }
    }

    private func checkIssuers(_ file: MappingReader, _ sink: DiagnosticSink) {
        if case .mapping(let entries)? = file.node("issuers")?.content, !entries.isEmpty { return }
        // Of another shape: that was reported already.
        if let node = file.node("issuers"), node.kind != "a mapping" { return }
        guard let route = routes.first(where: { $0.auth == .required }) else { return }
        sink.report(
            "missing_key", at: file.keyPosition("issuers") ?? file.position,
            "`issuers` names no issuer: route `\(route.id.value)` needs a token, and none could be "
                + "accepted",
            suggestion: "write `issuers: {local: {embedded: true}}` for the one inside ostiary")
    }

    private static func checkVersion(_ file: MappingReader, _ sink: DiagnosticSink) {
        guard let node = file.required("version"), let version = node.int("version", sink) else {
            return
        }
        guard version != 1 else { return }
        sink.report(
            "wrong_version", at: node.position, "version `\(version)` is not known",
            suggestion: "write `version: 1`")
    }
}
