import AccessPolicy
import StrictYAML

extension LoadedPolicy {
    /// Compares what the policy says with what the server is configured for.
    ///
    /// A limit above the server's own would be read by people and never reached, and the name of an app
    /// that is not there is a slip.
    func checkFits(_ configuration: GatewayConfiguration) throws(Diagnostics) {
        let sink = DiagnosticSink()
        for limit in rules.statedLimits {
            let ceiling = configuration.ceiling(of: limit.kind)
            guard ceiling.isExceeded(by: limit.amount) else { continue }
            sink.report(
                "contradiction", at: limit.position,
                "`\(limit.name)` is more than the server allows, \(ceiling.words)",
                suggestion: "lower it, or raise `\(ceiling.setting)` in the server's configuration")
        }
        if let (name, position) = rules.upstreamName, name != configuration.upstream.name {
            sink.report(
                "unknown_upstream", at: position,
                "`upstreams` names the app `\(name)`, which the server's configuration calls "
                    + "`\(configuration.upstream.name)`",
                suggestion: "write `\(configuration.upstream.name)`")
        }
        do throws(Diagnostics) {
            try sink.throwIfAny()
        } catch {
            throw showing(error)
        }
    }
}

/// The most that the server allows, and the setting that says so.
private struct Ceiling {
    let amount: StatedLimit.Amount
    let setting: String

    func isExceeded(by other: StatedLimit.Amount) -> Bool {
        switch (amount, other) {
        case (.bytes(let most), .bytes(let stated)), (.count(let most), .count(let stated)):
            stated > most
        case (.time(let most), .time(let stated)): stated > most
        default: false
        }
    }

    var words: String {
        switch amount {
        case .bytes(let most): Quantity.describe(bytes: most)
        case .count(let most): "\(most)"
        case .time(let most): Quantity.describe(most)
        }
    }
}

extension GatewayConfiguration {
    fileprivate func ceiling(of kind: StatedLimit.Kind) -> Ceiling {
        switch kind {
        case .body: Ceiling(amount: .bytes(limits.body), setting: "limits.body")
        case .headers: Ceiling(amount: .bytes(limits.head), setting: "limits.head")
        case .headerCount:
            Ceiling(amount: .count(limits.headerCount), setting: "limits.header_count")
        case .target: Ceiling(amount: .bytes(limits.target), setting: "limits.target")
        case .connect: Ceiling(amount: .time(timeouts.connect), setting: "timeouts.connect")
        case .responseHeader:
            Ceiling(amount: .time(timeouts.responseHead), setting: "timeouts.response_head")
        case .idle: Ceiling(amount: .time(timeouts.streamIdle), setting: "timeouts.stream_idle")
        case .webSocketIdle: Ceiling(amount: .time(webSocket.idle), setting: "websocket.idle")
        case .webSocketAge:
            Ceiling(amount: .time(webSocket.maxAge), setting: "websocket.max_age")
        }
    }
}
