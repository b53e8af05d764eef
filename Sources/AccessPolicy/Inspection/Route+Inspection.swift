/// What tools tell people about a route; nothing here is asked while requests are answered.
extension Route {
    /// The path of `match`, as it is written in the policy.
    package var patternText: String { pattern.text }

    /// The methods in the order of ``Method/allCases``; WEBSOCKET only where it is named.
    package var namedMethods: [Method] { methods.methods }

    /// `ANY`, or names joined by `|`; HEAD is left out where GET brought it along.
    package var methodText: String {
        if methods.isAny { return "ANY" }
        let named = methods.methods
        return named.filter { $0 != .head || !named.contains(.get) }.map(\.name)
            .joined(separator: "|")
    }

    /// As in `match`: `GET /users/{user}`.
    package var matchText: String { "\(methodText) \(pattern.text)" }

    /// The hosts that the route names; empty: it is for all hosts of the policy.
    package var hostTexts: [String] { hosts.patterns.map(\.description) }

    package func isFor(_ method: Method) -> Bool { methods.contains(method) }

    /// Whether the route is about a host that the policy accepts.
    package func isFor(host: Span<UInt8>) -> Bool { hosts.accepts(host) }

    /// Whether no request comes to the route without a body: it is for methods that carry one.
    package var takesBodies: Bool {
        [.post, .put, .patch].contains { methods.contains($0) }
    }
}

extension PolicySet {
    /// A host that the policy accepts, for questions that name none.
    package var usualHost: String {
        guard let pattern = hosts.patterns.first(where: { !$0.isWildcard }) ?? hosts.patterns.first
        else { return "localhost" }
        let text = String(decoding: pattern.text, as: UTF8.self)
        return pattern.isWildcard ? "app\(text)" : text
    }

    /// The hosts that the policy accepts; empty: any.
    package var hostTexts: [String] { hosts.patterns.map(\.description) }

    /// The declared claims, with those that conditions read without a declaration.
    package var claimNames: [String] { identity.claims.map(\.name) }

    /// A role with all that it includes, sorted; nil where it is not declared.
    package func rolesIncluded(in role: String) -> [String]? {
        identity.roles.closure(of: role).map(identity.roles.names(in:))
    }
}
