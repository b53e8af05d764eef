import StrictYAML

/// What the keys of one route must not say together.
struct RouteRules {
    private let reader: MappingReader
    private let auth: Route.Authentication
    /// Whether `auth` is that of `defaults`.
    private let isByDefault: Bool
    private let sink: DiagnosticSink

    init(
        _ reader: MappingReader, auth: Route.Authentication, isByDefault: Bool,
        _ sink: DiagnosticSink
    ) {
        self.reader = reader
        self.auth = auth
        self.isByDefault = isByDefault
        self.sink = sink
    }

    /// Keys that make sense only where a credential is read, or that need one another.
    func check(
        rates: [RateDocument], authorization: Route.Authorization?, settings: RouteSettings
    ) {
        if auth == .optional, !reader.has("allow") {
            sink.report(
                "missing_key", at: reader.keyPosition("auth") ?? reader.position,
                "`auth: optional`\(origin) without `allow` lets nobody in",
                suggestion: "write `allow: {anyone: true}`, or say who may pass")
        }
        guard auth == .public else { return }
        if reader.has("allow") {
            sink.report(
                "public_with_condition", at: reader.keyPosition("allow"),
                "a public route reads no credential, so it cannot have an `allow`"
                    + (isByDefault ? " (it is public by `defaults.auth`)" : ""),
                suggestion: "remove `allow`, or write `auth: required`")
        }
        refuse("hide", if: settings.isHidden, "it refuses nobody, so there is nothing to hide")
        refuse("query", if: reader.has("query"), "it has no condition that could ask for it")
        refuse(
            "identity", if: authorization == .forward,
            "it reads no credential, so there is none to forward")
        for rule in rates where rule.per == .subject {
            sink.report(
                "public_with_subject", at: rule.position,
                "a public route\(origin) reads no credential, so it cannot count per subject",
                suggestion: "write `per: address` or `per: route`")
        }
    }

    /// Keys that are about WebSockets alone, or about everything else.
    func check(methods match: Located<String>) {
        let words = match.value.prefix { $0 != " " }.split(separator: "|")
        let isWebSocket = words.contains("WEBSOCKET")
        if reader.has("websocket"), !isWebSocket {
            sink.report(
                "websocket_elsewhere", at: reader.keyPosition("websocket"),
                "`websocket` is for routes whose `match` begins with `WEBSOCKET`",
                suggestion: "give WebSockets a route of their own: `match: WEBSOCKET "
                    + "\(match.value.drop { $0 != " " }.dropFirst())`")
        }
        if let own = reader.node("websocket"), own["idle"] != nil,
            let idle = reader.node("timeouts")?["idle"]
        {
            sink.report(
                "contradiction", at: idle.position,
                "`timeouts.idle` and `websocket.idle` both say how long a connection may be silent",
                suggestion: "remove `timeouts.idle`")
        }
        guard isWebSocket, words.count == 1 else { return }
        let reasons = [
            (
                "cors",
                "browsers ask for no permission before they open one; see `websocket.origins`"
            ),
            ("limits", "a handshake has no body"),
        ]
        for (key, reason) in reasons where reader.has(key) {
            sink.report(
                "contradiction", at: reader.keyPosition(key),
                "`\(key)` means nothing on a route for WebSockets: \(reason)",
                suggestion: "remove `\(key)`")
        }
    }

    private func refuse(_ key: String, if condition: Bool, _ reason: String) {
        guard condition else { return }
        sink.report(
            "contradiction", at: reader.keyPosition(key),
            "a public route\(origin) cannot have `\(key)`: \(reason)",
            suggestion: "remove `\(key)`, or write `auth: required`")
    }

    private var origin: String { isByDefault ? " (by `defaults.auth`)" : "" }
}
