import StrictYAML

/// Reads a route's `websocket`.
enum WebSocketReader {
    static func read(
        _ node: YAMLNode, _ name: String, auth: Route.Authentication,
        stated: inout [StatedLimit], _ sink: DiagnosticSink
    ) -> WebSocketRule? {
        let keys = ["origins", "max_age", "idle", "on_expiry"]
        guard let reader = MappingReader(node, path: name, keys: keys, sink) else { return nil }
        var rule = WebSocketRule()
        if let node = reader.node("origins") {
            rule.origins = origins(node, reader.name("origins"), sink)
        }
        rule.idle = reader.duration("idle", in: .seconds(1)...(.seconds(604_800)))
        if let node = reader.node("max_age") {
            rule.maxAge = age(node, reader.name("max_age"), sink)
        }
        reader.state(.webSocketIdle, rule.idle.map { .time($0) }, in: &stated)
        if case .duration(let age) = rule.maxAge {
            reader.state(.webSocketAge, .time(age), in: &stated)
        }
        rule.closesOnExpiry = reader.choice("on_expiry", of: ["close", "keep"]) != "keep"
        if !rule.closesOnExpiry, rule.maxAge == .token {
            sink.report(
                "contradiction", at: reader.node("on_expiry")?.position,
                "`on_expiry: keep` lets a connection outlive its token, and `max_age: token`"
                    + (reader.has("max_age") ? "" : " (the default)") + " ends it with the token",
                suggestion: "write a length of time such as `max_age: 12h`, or remove `on_expiry`")
        }
        if auth == .public { checkPublic(reader, rule, sink) }
        return rule
    }

    private static func checkPublic(
        _ reader: MappingReader, _ rule: WebSocketRule, _ sink: DiagnosticSink
    ) {
        let aboutTokens = [rule.maxAge == .token ? "max_age" : nil, "on_expiry"]
        for key in aboutTokens.compactMap({ $0 }) where reader.has(key) {
            sink.report(
                "contradiction", at: reader.keyPosition(key),
                "`\(reader.name(key))` is about a token, and a public route reads none",
                suggestion: "remove `\(key)`")
        }
    }

    private static func origins(
        _ node: YAMLNode, _ name: String, _ sink: DiagnosticSink
    ) -> WebSocketRule.Origins {
        if case .scalar(let scalar) = node.content, scalar.text == "same_host" { return .sameHost }
        let texts = node.locatedStrings(name, sink)
        if case .sequence(let elements) = node.content, elements.isEmpty {
            sink.report(
                "empty_list", at: node.position,
                "`\(name)` names no origin, so no page could connect",
                suggestion: "write `same_host`, or name origins")
        }
        var origins: [String] = []
        for text in texts {
            if text.value == "same_host" || text.value == "*" {
                sink.report(
                    "contradiction", at: text.position,
                    text.value == "*"
                        ? "`*` would let every page of the web connect as whoever visits it"
                        : "`same_host` stands alone",
                    suggestion: "write `origins: same_host`, or name origins")
            } else if let origin = OriginReader.read(text, sink) {
                if origins.contains(origin) {
                    sink.report(
                        "duplicate", at: text.position, "origin `\(origin)` is already named")
                }
                origins.append(origin)
            }
        }
        return .listed(origins)
    }

    private static func age(
        _ node: YAMLNode, _ name: String, _ sink: DiagnosticSink
    ) -> WebSocketRule.Age {
        if case .scalar(let scalar) = node.content, scalar.text == "token" { return .token }
        let range = Duration.seconds(1)...(.seconds(2_592_000))
        return node.duration(name, in: range, sink).map { .duration($0) } ?? .token
    }
}
