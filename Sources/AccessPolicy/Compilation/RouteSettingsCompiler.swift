import StrictYAML

/// Fills what a route leaves open from `defaults`, and resolves what depends on other routes.
struct RouteSettingsCompiler {
    private let document: PolicyDocument
    private let sink: DiagnosticSink
    private var nextRate = 0
    /// The rules of `defaults` that all routes share.
    private var shared: [RateRule?] = []

    init(_ document: PolicyDocument, _ sink: DiagnosticSink) {
        self.document = document
        self.sink = sink
        for rate in document.defaults.rates {
            shared.append(rate.per == .route ? nil : rule(rate))
        }
    }

    mutating func compile(_ route: RouteDocument) -> RouteSettings {
        var settings = route.settings
        let defaults = document.defaults
        settings.limits.body = settings.limits.body ?? defaults.policy.limits.body
        settings.timeouts.responseHeader =
            settings.timeouts.responseHeader ?? defaults.policy.timeouts.responseHeader
        settings.timeouts.idle = settings.timeouts.idle ?? defaults.policy.timeouts.idle
        settings.rates = rates(route)
        settings.cors = route.cors.map { cors($0, of: route) }
        if route.auth != .public {
            settings.authorization = route.authorization ?? defaults.authorization
        }
        checkHosts(of: route)
        return settings
    }

    private mutating func rates(_ route: RouteDocument) -> [RateRule] {
        if let own = route.rates { return own.map { rule($0) } }
        var rules: [RateRule] = []
        for (rate, shared) in zip(document.defaults.rates, shared) {
            // Nobody is known on a public route, so that there is no subject to count.
            if rate.per == .subject, route.auth == .public { continue }
            rules.append(shared ?? rule(rate))
        }
        return rules
    }

    private mutating func rule(_ rate: RateDocument) -> RateRule {
        defer { nextRate += 1 }
        return RateRule(
            id: nextRate, per: rate.per, count: rate.count, interval: rate.interval,
            burst: rate.burst)
    }

    /// The methods of a preflight's answer are kept by browsers, and save them further preflights: only
    /// methods for which this very answer would be given may be in it.
    private func cors(_ cors: CORSDocument, of route: RouteDocument) -> CORSRule {
        let siblings = document.routes.filter { other in
            guard let theirs = other.cors else { return false }
            return other.pattern.matchesSame(as: route.pattern)
                && other.hosts.map(\.value) == route.hosts.map(\.value)
                && theirs.origins == cors.origins && theirs.credentials == cors.credentials
                && theirs.allowsAnyOrigin == cors.allowsAnyOrigin
                && theirs.headers == cors.headers
        }
        let methods = Method.allCases.filter { method in
            method.name != "WEBSOCKET" && siblings.contains { $0.methods.contains(method) }
        }
        return CORSRule(
            origins: cors.origins, allowsAnyOrigin: cors.allowsAnyOrigin,
            credentials: cors.credentials, methods: cors.methods ?? methods, headers: cors.headers,
            exposed: cors.exposed, maxAge: cors.maxAge)
    }

    private func checkHosts(of route: RouteDocument) {
        let all = document.hosts.map(\.value)
        guard !all.isEmpty else { return }
        for host in route.hosts where !all.contains(where: { $0.covers(host.value) }) {
            sink.report(
                "unknown_host", at: host.position,
                "host `\(host.value)` is not among `hosts`, so no request for it gets this far",
                suggestion: didYouMean(host.value.description, in: all.map(\.description)))
        }
    }
}

extension PathPattern {
    /// Whether both stand for the same paths, whatever their variables are called.
    fileprivate func matchesSame(as other: PathPattern) -> Bool {
        func shape(_ pattern: PathPattern) -> [String] {
            pattern.text.split(separator: "/", omittingEmptySubsequences: false).map { part in
                guard part.hasPrefix("{") else { return String(part) }
                return "{" + part.drop { $0 != ":" && $0 != "}" }
            }
        }
        return shape(self) == shape(other)
    }
}

extension HostSet.Pattern: CustomStringConvertible {
    /// As in a policy: `app.test`, `*.app.test`.
    var description: String {
        (isWildcard ? "*" : "") + String(decoding: text, as: UTF8.self)
    }

    /// Whether every host of the other one is a host of this one.
    func covers(_ other: HostSet.Pattern) -> Bool {
        guard isWildcard else { return self == other }
        guard other.isWildcard else {
            return other.text.count > text.count && other.text.suffix(text.count) == text[...]
        }
        return other.text.suffix(text.count) == text[...]
    }
}
