import AccessPolicy
import StrictYAML

/// Paths that apps of a kind need, and that no route lets through.
struct ProfileLint {
    let policy: PolicySet
    let source: PolicySource
    let report: LintReport

    func check() {
        guard let profile = policy.upstreamProfile, let sockets = Self.sockets[profile] else {
            return
        }
        let position = source.entries("upstreams").first?.value["profile"]?.position
        let host = Array(policy.usualHost.utf8)
        for (path, pattern) in sockets {
            let bytes = Array(path.utf8)
            guard let canonical = try? CanonicalPath(parsing: bytes.span) else { continue }
            let selection = try? policy.select(.webSocket, host: host.span, path: canonical)
            let route = selection?.route
            guard route?.namedMethods.contains(.webSocket) != true else { continue }
            report.add(
                "websocket_not_covered", at: position,
                "`\(profile)` opens WebSockets at `\(pattern)`, "
                    + (route.map { "which only route `\($0.id)` (`\($0.matchText)`) is about" }
                        ?? "which no route is about"),
                advice: "add a route with `match: WEBSOCKET \(pattern)` and `allow: …`")
        }
    }

    /// By profile: a path, and the pattern for all of its kind. Gradio and Django open none of their
    /// own accord.
    private static let sockets: [String: [(path: String, pattern: String)]] = [
        "dash": [("/_dash-ws-callback", "/_dash-ws-callback")],
        "streamlit": [("/_stcore/stream", "/_stcore/stream")],
        "bokeh": [("/app/ws", "/{app}/ws")],
        "grafana": [("/api/live/ws", "/api/live/ws")],
        "jupyter": [
            (
                "/api/kernels/00000000-0000-4000-8000-000000000000/channels",
                "/api/kernels/{kernel}/channels"
            ),
            ("/terminals/websocket/1", "/terminals/websocket/{name}"),
            ("/api/events/subscribe", "/api/events/subscribe"),
        ],
        "marimo": [("/ws", "/ws")],
    ]
}
