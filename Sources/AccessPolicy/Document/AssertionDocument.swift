import StrictYAML

/// `defaults.identity.assertion`.
struct AssertionDocument {
    let header: String
    let lifetime: Int64
    /// Without `sub`, which is always there.
    let claims: [Located<String>]
    let bindings: [AssertionRule.Binding]

    /// Nil where there is none; what is wrong goes to the sink. `headers` are the identity headers, which
    /// must be others.
    init?(_ identity: MappingReader, besides headers: [HeaderDocument], _ sink: DiagnosticSink) {
        guard
            let reader = identity.mapping(
                "assertion", keys: ["header", "ttl", "claims", "bind"], hints: Self.hints)
        else { return nil }
        header = Self.header(reader, besides: headers, sink)
        lifetime = Self.lifetime(reader, sink)
        claims =
            Self.names("claims", reader, sink)?.filter { claim in
                claim.value != "sub" && claim.value != "subject" && Self.check(claim, sink)
            } ?? [Located(value: "roles", position: reader.position)]
        bindings = (Self.names("bind", reader, sink) ?? []).compactMap { part in
            let binding = AssertionRule.Binding(rawValue: part.value)
            if binding == nil {
                let words = AssertionRule.Binding.allCases.map(\.rawValue)
                sink.report(
                    "wrong_value", at: part.position,
                    "`\(reader.name("bind"))` can hold `method`, `host` and `path`, not "
                        + "`\(part.value)`", suggestion: didYouMean(part.value, in: words))
            }
            return binding
        }
    }

    private static func header(
        _ reader: MappingReader, besides headers: [HeaderDocument], _ sink: DiagnosticSink
    ) -> String {
        guard let node = reader.node("header") else { return AssertionRule.defaultHeader }
        guard let name = node.string(reader.name("header"), sink),
            HeaderName.check(name, at: node.position, "carry an assertion", sink)
        else { return AssertionRule.defaultHeader }
        let folded = HeaderName.folded(name)
        if let other = headers.first(where: { HeaderName.folded($0.name.value) == folded }) {
            sink.report(
                "duplicate", at: node.position,
                "header `\(name)` carries `\(other.claim.value)` already, as `\(other.name.value)` in "
                    + "`defaults.identity.headers`",
                suggestion: "write `header: \(AssertionRule.defaultHeader)`, or leave it out")
        }
        return name
    }

    private static func lifetime(_ reader: MappingReader, _ sink: DiagnosticSink) -> Int64 {
        guard let duration = reader.duration("ttl") else { return AssertionRule.defaultLifetime }
        let (seconds, fraction) = duration.components
        guard fraction == 0, AssertionRule.lifetimes.contains(seconds) else {
            let bounds = [AssertionRule.lifetimes.lowerBound, AssertionRule.lifetimes.upperBound]
                .map { "`\(Quantity.describe(.seconds($0)))`" }
            sink.report(
                "wrong_value", at: reader.node("ttl")?.position,
                "`\(reader.name("ttl"))` must be whole seconds from \(bounds[0]) to \(bounds[1])")
            return AssertionRule.defaultLifetime
        }
        return seconds
    }

    /// The texts of a list, none twice; one text counts as a list of one. Nil when the key is absent.
    private static func names(
        _ key: String, _ reader: MappingReader, _ sink: DiagnosticSink
    ) -> [Located<String>]? {
        guard let node = reader.node(key) else { return nil }
        let elements: [YAMLNode]
        if case .sequence(let sequence) = node.content {
            elements = sequence
        } else {
            elements = [node]
        }
        var names: [Located<String>] = []
        for element in elements {
            guard let name = element.locatedString(reader.name(key), sink) else { continue }
            guard !names.contains(where: { $0.value == name.value }) else {
                sink.report(
                    "duplicate", at: name.position,
                    "`\(reader.name(key))` names `\(name.value)` twice", suggestion: "remove one")
                continue
            }
            names.append(name)
        }
        return names
    }

    private static func check(_ claim: Located<String>, _ sink: DiagnosticSink) -> Bool {
        guard reserved.contains(claim.value) else { return true }
        sink.report(
            "reserved_claim", at: claim.position,
            "`\(claim.value)` means something else in an assertion, and cannot be a claim of a person",
            suggestion: "declare the claim under another name, `claims: {my_\(claim.value): …}`")
        return false
    }

    /// What assertions say of themselves (RFC 7519 § 4.1, RFC 7800 § 3.1) and of the request.
    private static let reserved: Set<String> = [
        "iss", "aud", "exp", "nbf", "iat", "jti", "cnf", "method", "host", "path",
    ]
    private static let hints = [
        "audience": "the audience is the name of the app in `upstreams` of the configuration",
        "aud": "the audience is the name of the app in `upstreams` of the configuration",
        "lifetime": "write `ttl: 60s`", "roles": "write `claims: [roles]`",
        "keys": "the keys stand in `ostiary.yaml`, as `assertion.keys`",
        "key": "the keys stand in `ostiary.yaml`, as `assertion.keys`",
    ]
}
